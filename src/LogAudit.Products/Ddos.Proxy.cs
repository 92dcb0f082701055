using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Anti-DDoS Proxy of one account and site: the domains and the switch that each has.</summary>
internal sealed class DdosProxy(OpenApiClient api, ProductFacts facts)
{
    public const string Form = "Anti-DDoS Proxy";
    public const string DomainLog = "ddos.domain-log";

    /// <summary>The domains. What concerns all of them is asked once and stands in their properties.</summary>
    public async Task<IReadOnlyList<ResourceRef>> ListAsync(Scope scope, CancellationToken cancel)
    {
        var (account, site) = (scope.Account, scope.Region);
        var domains =
            (await api.CallAsync(Call("DescribeDomains", account, site), cancel)).SelectToken("Domains") as JArray
            ?? throw Rows.Unreadable("ddoscoo", "DescribeDomains", "the answer has no list at Domains");
        if (domains.Count == 0)
        {
            return [];
        }

        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["form"] = Form,
            ["sls"] = await TellAsync("DescribeSlsOpenStatus", "SlsOpenStatus"),
            ["authorised"] = await TellAsync("DescribeSlsAuthStatus", "SlsAuthStatus"),
            ["bought"] = await TellAsync("DescribeLogStoreExistStatus", "ExistStatus"),
        };
        return
        [
            .. domains.Select(domain => new ResourceRef
            {
                Product = facts.Spec.Code,
                Account = account,
                Region = site,
                Id = domain.ToString(),
                Name = domain.ToString(),
                Properties = properties,
            }),
        ];

        async Task<string> TellAsync(string action, string member) =>
            (await api.CallAsync(Call(action, account, site), cancel)).Need(member, "ddoscoo", action);
    }

    /// <summary>The domains of a site that log.</summary>
    public async Task<HashSet<string>> OnAsync(ResourceRef one, CancellationToken cancel)
    {
        var list = facts.Lists["domainLogs"];
        var rows = await api.AllAsync(list.In(one.Account, one.Region), list.Paging, cancel);
        return rows.Where(row => row.Need("Enable", "ddoscoo", list.Action) is "true")
            .Select(row => row.Need("Domain", "ddoscoo", list.Action))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The switch of one domain; null when there is no such domain.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        const string action = "DescribeWebAccessLogStatus";
        var call = Call(action, setting.Account, setting.Region, setting.Id);
        try
        {
            return State((await api.CallAsync(call, cancel)).Need("SlsStatus", "ddoscoo", action) is "true");
        }
        catch (OpenApiException failure) when (facts.Errors.IsGone(failure))
        {
            return null;
        }
    }

    public static ApiCall Switch(SettingRef setting, SettingState? wanted) =>
        Call(
            State(on: true).Equals(wanted) ? "EnableWebAccessLogConfig" : "DisableWebAccessLogConfig",
            setting.Account,
            setting.Region,
            setting.Id
        );

    public static SettingState State(bool on) => SettingState.Of(("status", on ? "on" : "off"));

    // No call takes a RegionId: the host alone decides.
    private static ApiCall Call(string action, AccountId account, RegionId site, string? domain = null) =>
        new()
        {
            Product = ApiProducts.DdosCoo,
            Action = action,
            Account = account,
            Region = site,
            Parameters = ApiParameters.Of(("Domain", domain)),
        };
}
