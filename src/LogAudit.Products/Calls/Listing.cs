using System.Runtime.CompilerServices;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Lists resources as the data file says.</summary>
internal static class Listing
{
    /// <summary>The resources in scope. Failures throw; "no resources" is said only by the service.</summary>
    public static async IAsyncEnumerable<ResourceRef> ResourcesAsync(
        this OpenApiClient api,
        ProductFacts facts,
        Scope scope,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var list = facts.Lists["resources"];
        foreach (var call in Calls(list, scope))
        {
            await foreach (var row in api.RowsAsync(call, list.Paging, cancel))
            {
                yield return Resource(facts.Spec.Code, list, scope, row);
            }
        }
    }

    /// <summary>All rows of a list call.</summary>
    public static async Task<IReadOnlyList<JObject>> AllAsync(
        this OpenApiClient api,
        ApiCall call,
        Paging paging,
        CancellationToken cancel
    )
    {
        var rows = new List<JObject>();
        await foreach (var row in api.RowsAsync(call, paging, cancel))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static IEnumerable<ApiCall> Calls(ListCall list, Scope scope)
    {
        var call = list.In(scope.Account, scope.Region);
        var (parameter, most) = list.Row!.ById;
        return scope.ResourceIds is null
            ? [call]
            : scope
                .ResourceIds.Distinct(StringComparer.Ordinal)
                .Chunk(most)
                .Select(ids => call with { Parameters = call.Parameters.With(parameter, string.Join(',', ids)) });
    }

    private static ResourceRef Resource(string product, ListCall list, Scope scope, JObject row)
    {
        var shape = list.Row!;
        var id = row.Need(shape.Id, list.Product.Code, list.Action);
        var name = shape.Name.Length == 0 ? "" : row.TextOf(shape.Name);
        return new ResourceRef
        {
            Product = product,
            Account = scope.Account,
            Region = scope.Region,
            Id = id,
            Name = name.Length == 0 ? id : name,
            Properties = shape.Properties.ToDictionary(
                property => property.Key,
                property => row.TextOf(property.Value),
                StringComparer.Ordinal
            ),
            Tags = Tags(shape.Tags, row),
        };
    }

    private static Dictionary<string, string> Tags(TagShape? shape, JObject row)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in shape is null ? [] : row.SelectToken(shape.Rows)?.Children() ?? [])
        {
            tags[tag.TextOf(shape!.Key)] = tag.TextOf(shape.Value);
        }

        return tags;
    }
}
