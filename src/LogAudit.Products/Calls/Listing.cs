using System.Runtime.CompilerServices;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Lists resources as the data file says.</summary>
internal static class Listing
{
    /// <summary>The resources in scope. Failures throw; "no resources" is said only by the service.</summary>
    public static IAsyncEnumerable<ResourceRef> ResourcesAsync(
        this OpenApiClient api,
        ProductFacts facts,
        Scope scope,
        CancellationToken cancel
    ) => api.ResourcesAsync(facts, "resources", scope, cancel);

    /// <summary>The resources in scope of one of several lists.</summary>
    public static async IAsyncEnumerable<ResourceRef> ResourcesAsync(
        this OpenApiClient api,
        ProductFacts facts,
        string name,
        Scope scope,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var list = facts.Lists[name];
        var only = list.Row!.ById is null ? scope.ResourceIds?.ToHashSet(StringComparer.Ordinal) : null;
        foreach (var call in Calls(list, scope))
        {
            await foreach (
                var row in scope.ResourceIds is null
                    ? api.RowsAsync(call, list.Paging, cancel)
                    : RowsOrGoneAsync(api, call, list.Paging, facts.Errors, cancel)
            )
            {
                var resource = Resource(facts.Spec.Code, list, scope, row);
                if (only?.Contains(resource.Id) is not false)
                {
                    yield return resource;
                }
            }
        }
    }

    // Some products answer an id that does not exist (any more) with an error instead of an empty list.
    private static async IAsyncEnumerable<JObject> RowsOrGoneAsync(
        OpenApiClient api,
        ApiCall call,
        Paging paging,
        ErrorTable errors,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        IReadOnlyList<JObject> rows;
        try
        {
            rows = await api.AllAsync(call, paging, cancel);
        }
        catch (OpenApiException failure) when (errors.IsGone(failure))
        {
            yield break;
        }

        foreach (var row in rows)
        {
            yield return row;
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

    /// <summary>The rows of a ListTagResources that pages by token and takes no page size.</summary>
    public static async IAsyncEnumerable<JToken> TagsAsync(
        this OpenApiClient api,
        ApiCall call,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var token = "";
        do
        {
            var page = call with { Parameters = call.Parameters.With("NextToken", token.Length == 0 ? null : token) };
            var answer = await api.CallAsync(page, cancel);
            var rows =
                answer.SelectToken("TagResources.TagResource") as JArray
                ?? throw Rows.Unreadable(
                    call.Product.Code,
                    call.Action,
                    "the answer has no list at TagResources.TagResource"
                );
            foreach (var row in rows)
            {
                yield return row;
            }

            var next = answer.TextOf("NextToken");
            token =
                !next.Same(token) || next.Length == 0
                    ? next
                    : throw Rows.Unreadable(call.Product.Code, call.Action, "the answer repeats its page token");
        } while (token.Length > 0);
    }

    private static IEnumerable<ApiCall> Calls(ListCall list, Scope scope)
    {
        var call = list.In(scope.Account, scope.Region);
        var by = list.Row!.ById;
        return scope.ResourceIds is null || by is null
            ? [call]
            : scope
                .ResourceIds.Distinct(StringComparer.Ordinal)
                .Chunk(by.Most)
                .Select(ids =>
                    call with
                    {
                        Parameters = by.AsList
                            ? call.Parameters.WithList(by.Parameter, ids)
                            : call.Parameters.With(by.Parameter, string.Join(',', ids)),
                    }
                );
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
            Region =
                shape.Region.Length == 0
                    ? scope.Region
                    : new RegionId(row.Need(shape.Region, list.Product.Code, list.Action)),
            Id = id,
            Name = name.Length == 0 ? id : name,
            Properties = shape.Properties.ToDictionary(
                property => property.Key,
                property => shape.Translated(property.Key, row.TextOf(property.Value)),
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
