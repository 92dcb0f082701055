using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>WAF 2.0 of one account and site: domains instead of protected objects, and a log service that is bought with the instance.</summary>
internal sealed class WafDomains(OpenApiClient api, ProductFacts facts)
{
    /// <summary>The domains; none where no instance was bought.</summary>
    public async Task<IReadOnlyList<ResourceRef>> ListAsync(Scope scope, CancellationToken cancel)
    {
        var (account, site) = (scope.Account, scope.Region);
        var bought = await api.CallAsync(Call("DescribeInstanceInfo", account, site), cancel);
        if (bought.TextOf("InstanceInfo.InstanceId") is not { Length: > 0 } instance)
        {
            return [];
        }

        var answer = await api.CallAsync(Call("DescribeDomainNames", account, site, instance), cancel);
        var names =
            answer.SelectToken("DomainNames") as JArray
            ?? throw Rows.Unreadable("waf-openapi", "DescribeDomainNames", "the answer has no list at DomainNames");
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["instance.id"] = instance,
            ["generation"] = "2.0",
            ["paid"] = bought.TextOf("InstanceInfo.Status") is "1" ? "true" : "false",
            ["bought"] = await HasLogsAsync(account, site, instance, cancel) ? "true" : "false",
            // These two no call of 2.0 tells; the log service is authorised and open when it is bought.
            ["authorised"] = "true",
            ["logs"] = "on",
            ["sampled"] = "",
            ["status"] = "",
            ["place"] = $"{site}/waf-project-{account}-{site}/waf-logstore",
        };
        return
        [
            .. names.Select(name => new ResourceRef
            {
                Product = facts.Spec.Code,
                Account = account,
                Region = site,
                Id = name.ToString(),
                Name = name.ToString(),
                Properties = properties,
            }),
        ];
    }

    /// <summary>Which domains of one instance log.</summary>
    public async Task<IReadOnlyDictionary<string, bool>> OnAsync(
        IReadOnlyList<ResourceRef> domains,
        CancellationToken cancel
    )
    {
        var (instance, _) = WafLog.Parts(WafLog.SwitchOf(domains[0]));
        var rows = await StatusAsync(domains[0].Account, domains[0].Region, instance, cancel);
        return rows.ToDictionary(
            row => row.Need("Domain", "waf-openapi", "DescribeLogServiceStatus"),
            row => row.Need("SlsLogActive", "waf-openapi", "DescribeLogServiceStatus") is "1",
            StringComparer.Ordinal
        );
    }

    /// <summary>The switch of one domain; null when there is no such domain.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (instance, domain) = WafLog.Parts(setting);
        return (await StatusAsync(setting.Account, setting.Region, instance, cancel, domain))
            .Where(row => domain.Same(row.TextOf("Domain")))
            .Select(row => WafLog.State(row.TextOf("SlsLogActive") is "1"))
            .FirstOrDefault();
    }

    public static ApiCall Switch(SettingRef setting, bool on)
    {
        var (instance, domain) = WafLog.Parts(setting);
        var call = Call("ModifyLogServiceStatus", setting.Account, setting.Region, instance);
        return call with { Parameters = call.Parameters.With("Domain", domain).With("Enabled", on ? 1L : 0L) };
    }

    // A package without Log Service refuses the question itself.
    private async Task<bool> HasLogsAsync(AccountId account, RegionId site, string instance, CancellationToken cancel)
    {
        try
        {
            await StatusAsync(account, site, instance, cancel);
            return true;
        }
        catch (OpenApiException failure) when (facts.Errors.IsNotSupported(failure))
        {
            return false;
        }
    }

    private Task<IReadOnlyList<JObject>> StatusAsync(
        AccountId account,
        RegionId site,
        string instance,
        CancellationToken cancel,
        string? domain = null
    )
    {
        var status = facts.Lists["domains"];
        var call = status.In(account, site);
        var parameters = call.Parameters.With("InstanceId", instance).With("Region", SiteOf(site));
        return api.AllAsync(
            call with
            {
                Parameters = domain is null ? parameters : parameters.WithList("DomainNames", [domain]),
            },
            status.Paging,
            cancel
        );
    }

    private static string SiteOf(RegionId site) => site.Value is "cn-hangzhou" ? "cn" : "cn-hongkong";

    private static ApiCall Call(string action, AccountId account, RegionId site, string? instance = null) =>
        new()
        {
            Product = ApiProducts.Waf2,
            Action = action,
            Account = account,
            Region = site,
            Parameters = ApiParameters.Of(("InstanceId", instance)),
        };
}
