using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Anti-DDoS Origin of one account at one of its hosts: instances whose mitigation analysis can be read and not switched.</summary>
internal sealed class DdosOrigin(OpenApiClient api, ProductFacts facts)
{
    public const string Form = "Anti-DDoS Origin";

    /// <summary>The instances. What concerns all of them is asked once and stands in their properties.</summary>
    public async Task<IReadOnlyList<ResourceRef>> ListAsync(Scope scope, CancellationToken cancel)
    {
        var list = facts.Lists["instances"];
        var rows = await api.AllAsync(list.In(scope.Account, scope.Region), list.Paging, cancel);
        if (rows.Count == 0)
        {
            return [];
        }

        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["form"] = Form,
            ["sls"] = await TellAsync("GetSlsOpenStatus", "SlsOpenStatus"),
            ["authorised"] = await TellAsync("CheckAccessLogAuth", "AccessLogAuth"),
            // No call tells it; what is not bought shows as off.
            ["bought"] = "true",
        };
        return
        [
            .. rows.Select(row => new ResourceRef
            {
                Product = facts.Spec.Code,
                Account = scope.Account,
                Region = scope.Region,
                Id = row.Need("InstanceId", "ddosbgp", list.Action),
                Name = row.TextOf("Remark") is { Length: > 0 } remark ? remark : row.TextOf("InstanceId"),
                Properties = properties,
            }),
        ];

        async Task<string> TellAsync(string action, string member)
        {
            var call = new ApiCall
            {
                Product = ApiProducts.DdosBgp,
                Action = action,
                Account = scope.Account,
                Region = scope.Region,
                Parameters = ApiParameters.Of(("RegionId", scope.Region.Value)),
            };
            return (await api.CallAsync(call, cancel)).Need(member, "ddosbgp", action);
        }
    }

    /// <summary>The instances whose mitigation analysis is on; one that is not listed is off.</summary>
    public async Task<HashSet<string>> OnAsync(ResourceRef one, CancellationToken cancel)
    {
        var list = facts.Lists["opened"];
        var rows = await api.AllAsync(list.In(one.Account, one.Region), list.Paging, cancel);
        return rows.Where(row => row.Need("Enable", "ddosbgp", list.Action) is "true")
            .Select(row => row.Need("InstanceId", "ddosbgp", list.Action))
            .ToHashSet(StringComparer.Ordinal);
    }
}
