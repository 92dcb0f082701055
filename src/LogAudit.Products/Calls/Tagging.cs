using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Adds the tags to resources whose list call does not return them, because the policy language asks for them.</summary>
internal static class Tagging
{
    // Source: ListTagResources takes at most 50 ids.
    private const int Batch = 50;

    /// <summary>The resources with their tags, in the same order.</summary>
    /// <param name="resources">The resources, of one account and region.</param>
    /// <param name="api">Calls the service.</param>
    /// <param name="product">The API whose ListTagResources is asked.</param>
    /// <param name="type">Its word for the type of the resources.</param>
    /// <param name="cancel">Ends the work.</param>
    public static async IAsyncEnumerable<ResourceRef> WithTagsAsync(
        this IAsyncEnumerable<ResourceRef> resources,
        OpenApiClient api,
        ApiProduct product,
        string type,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var batch = new List<ResourceRef>(Batch);
        await foreach (var resource in resources.WithCancellation(cancel))
        {
            batch.Add(resource);
            if (batch.Count == Batch)
            {
                foreach (var tagged in await ReadAsync(api, product, type, batch, cancel))
                {
                    yield return tagged;
                }

                batch.Clear();
            }
        }

        foreach (var tagged in batch.Count == 0 ? [] : await ReadAsync(api, product, type, batch, cancel))
        {
            yield return tagged;
        }
    }

    private static async Task<IEnumerable<ResourceRef>> ReadAsync(
        OpenApiClient api,
        ApiProduct product,
        string type,
        List<ResourceRef> resources,
        CancellationToken cancel
    )
    {
        var call = new ApiCall
        {
            Product = product,
            Action = "ListTagResources",
            Account = resources[0].Account,
            Region = resources[0].Region,
            Parameters = ApiParameters
                .Of(("RegionId", resources[0].Region.Value), ("ResourceType", type))
                .WithList("ResourceId", resources.Select(resource => resource.Id)),
        };
        var tags = resources.ToDictionary(
            resource => resource.Id,
            _ => new Dictionary<string, string>(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        await foreach (var tag in api.TagsAsync(call, cancel))
        {
            if (tags.TryGetValue(tag.TextOf("ResourceId"), out var own))
            {
                own[tag.TextOf("TagKey")] = tag.TextOf("TagValue");
            }
        }

        return [.. resources.Select(resource => resource with { Tags = tags[resource.Id] })];
    }
}
