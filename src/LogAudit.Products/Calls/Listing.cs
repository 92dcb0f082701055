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
        if (
            (list.At.Count > 0 && !list.At.Contains(scope.Region.Value, StringComparer.Ordinal))
            || await api.OwnedAsync(list, facts.Errors, scope, cancel) is not { } owned
        )
        {
            yield break;
        }

        IReadOnlyDictionary<string, string>? common = null;
        var only = list.Row!.ById is null ? scope.ResourceIds?.ToHashSet(StringComparer.Ordinal) : null;
        foreach (var call in Calls(list, scope, owned))
        {
            await foreach (
                var row in scope.ResourceIds is null && list.Paging.RowsPath is not RowShape.Answer
                    ? RowsAsync(api, list, call, cancel)
                    : RowsOrNoneAsync(api, list, call, facts.Errors, cancel)
            )
            {
                var resource = Resource(facts.Spec.Code, list, scope, row);
                if (only?.Contains(resource.Id) is not false)
                {
                    common ??= await api.CommonAsync(list, facts.Errors, scope, owned, resource, cancel);
                    yield return common.Count == 0 ? resource : resource.With(common);
                }
            }
        }
    }

    // Some products answer an id that does not exist (any more), or an account that bought nothing, with an error instead of an empty list.
    private static async IAsyncEnumerable<JObject> RowsOrNoneAsync(
        OpenApiClient api,
        ListCall list,
        ApiCall call,
        ErrorTable errors,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        List<JObject> rows;
        try
        {
            rows = await RowsAsync(api, list, call, cancel).ToListAsync(cancel);
        }
        catch (OpenApiException failure) when (errors.IsGone(failure) || errors.IsNotBought(failure))
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

    private static async IAsyncEnumerable<JObject> RowsAsync(
        OpenApiClient api,
        ListCall list,
        ApiCall call,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (list.Row!.Id is not RowShape.RowIsId && list.Paging.RowsPath is not RowShape.Answer)
        {
            await foreach (var row in api.RowsAsync(call, list.Paging, cancel))
            {
                yield return row;
            }

            yield break;
        }

        var answer = await api.CallAsync(call, cancel);
        if (list.Paging.RowsPath is RowShape.Answer)
        {
            foreach (var row in list.Row!.IdOf(answer).Length > 0 ? [answer] : Array.Empty<JObject>())
            {
                yield return row;
            }

            yield break;
        }

        var ids =
            answer.SelectToken(list.Paging.RowsPath) as JArray
            ?? throw Rows.Unreadable(
                call.Product.Code,
                call.Action,
                $"the answer has no list at {list.Paging.RowsPath}"
            );
        foreach (var id in ids)
        {
            yield return new JObject { [RowShape.RowIsId] = id };
        }
    }

    private static IEnumerable<ApiCall> Calls(ListCall list, Scope scope, IReadOnlyDictionary<string, string> owned)
    {
        var call = list.Call.In(scope.Account, scope.Region, owned.GetValueOrDefault);
        return scope.ResourceIds is { } ids && list.Row!.ById is { } by ? by.Narrowed(call, ids) : [call];
    }

    private static ResourceRef Resource(string product, ListCall list, Scope scope, JObject row)
    {
        var shape = list.Row!;
        var id = shape.IdOf(row) is { Length: > 0 } told ? told : row.Need(shape.Id, list.Product.Code, list.Action);
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
