namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>Writes a collection policy: makes it, or replaces the one of that name.</summary>
    /// <remarks>Idempotent by name. The answer of a following read may lag by seconds. Like every call on policies it goes to <see cref="SlsOptions.PolicyRegion"/>, whatever region this client is for.</remarks>
    public Task UpsertCollectionPolicyAsync(CollectionPolicy policy, CancellationToken cancel) =>
        SendAsync(
            new("UpsertCollectionPolicy", HttpMethod.Post, null, "/collectionpolicy")
            {
                Json = policy.ToJson(),
                Region = options.PolicyRegion,
                Repeat = Repeat.Always,
            },
            cancel
        );

    /// <summary>The collection policy of that name; null when there is none.</summary>
    public Task<CollectionPolicy?> GetCollectionPolicyAsync(string name, CancellationToken cancel) =>
        GetAsync(
            new("GetCollectionPolicy", HttpMethod.Get, null, $"/collectionpolicy/{Uri.EscapeDataString(name)}")
            {
                Region = options.PolicyRegion,
            },
            "PolicyNotExist",
            json => CollectionPolicy.From(json.Object("collectionPolicy")),
            cancel
        );

    /// <summary>The collection policies of the account, page by page.</summary>
    /// <param name="productCode">Only this product; empty for all.</param>
    /// <param name="dataCode">Only this log type; empty for all.</param>
    /// <param name="cancel">Ends the listing.</param>
    public IAsyncEnumerable<CollectionPolicy> ListCollectionPoliciesAsync(
        string productCode,
        string dataCode,
        CancellationToken cancel
    ) =>
        PagesAsync(
            (offset, size) =>
            {
                List<(string, string)> query = [("offset", offset), ("size", size)];
                if (productCode.Length > 0)
                {
                    query.Add(("productCode", productCode));
                }

                if (dataCode.Length > 0)
                {
                    query.Add(("dataCode", dataCode));
                }

                return new("ListCollectionPolicies", HttpMethod.Get, null, "/collectionpolicy")
                {
                    Query = query,
                    Region = options.PolicyRegion,
                };
            },
            "data",
            "totalCount",
            row => CollectionPolicy.From(row.AsObject()),
            cancel
        );

    /// <summary>Deletes a collection policy. One that does not exist is success.</summary>
    /// <remarks>Instances that policies had turned on, and that no other policy takes, stop being collected.</remarks>
    public Task DeleteCollectionPolicyAsync(string name, CancellationToken cancel) =>
        DeleteAsync(
            new("DeleteCollectionPolicy", HttpMethod.Delete, null, $"/collectionpolicy/{Uri.EscapeDataString(name)}")
            {
                Region = options.PolicyRegion,
            },
            "PolicyNotExist",
            cancel
        );
}
