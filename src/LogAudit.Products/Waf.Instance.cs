using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>WAF 3.0 of one account and site. What concerns the whole instance is read once, when its objects are listed, and stands in their properties.</summary>
internal sealed class WafInstance(OpenApiClient api, ProductFacts facts)
{
    // No limit is documented for the comma list.
    private const int Batch = 20;

    /// <summary>The protected objects; none where no instance was bought.</summary>
    public async Task<IReadOnlyList<ResourceRef>> ListAsync(Scope scope, CancellationToken cancel)
    {
        var (account, site) = (scope.Account, scope.Region);
        var bought = await api.CallAsync(Call("DescribeInstance", account, site), cancel);
        if (bought.TextOf("InstanceId") is not { Length: > 0 } instance)
        {
            return [];
        }

        var properties = await PropertiesAsync(account, site, instance, bought, cancel);
        var objects = facts.Lists["objects"];
        var call = objects.In(account, site);
        call = call with { Parameters = call.Parameters.With("InstanceId", instance) };
        return
        [
            .. (await api.AllAsync(call, objects.Paging, cancel)).Select(row => new ResourceRef
            {
                Product = facts.Spec.Code,
                Account = account,
                Region = site,
                Id = row.Need("Resource", call.Product.Code, call.Action),
                Name = row.TextOf("Resource"),
                Properties = new Dictionary<string, string>(properties, StringComparer.Ordinal)
                {
                    ["object.product"] = row.TextOf("Product"),
                    ["object.owner"] = row.TextOf("OwnerUserId"),
                    ["status"] = row.TextOf("ResourceStatus"),
                },
            }),
        ];
    }

    /// <summary>Which objects of one instance log.</summary>
    public async Task<IReadOnlyDictionary<string, bool>> OnAsync(
        IReadOnlyList<ResourceRef> objects,
        CancellationToken cancel
    )
    {
        var on = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var batch in objects.Chunk(Batch))
        {
            var setting = WafLog.SwitchOf(batch[0]);
            foreach (var (id, status) in await StatusAsync(setting, batch.Select(one => one.Id), cancel))
            {
                on[id] = status;
            }
        }

        return on;
    }

    /// <summary>The switch of one object; null when there is no such object.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (_, id) = WafLog.Parts(setting);
        return (await StatusAsync(setting, [id], cancel)).TryGetValue(id, out var on) ? WafLog.State(on) : null;
    }

    /// <summary>The log service of an instance: on, off, or the word of the service for what lies between.</summary>
    public async Task<SettingState> ServiceAsync(SettingRef setting, CancellationToken cancel)
    {
        var call = Call("DescribeUserWafLogStatus", setting.Account, setting.Region, WafLog.Parts(setting).Instance);
        return SettingState.Of(("status", WafLog.StatusOf(await api.CallAsync(call, cancel))));
    }

    /// <summary>Opens the log service. Closing it would release the Logstore with all logs, which LogAudit never does.</summary>
    public static ApiCall Open(SettingRef setting, bool on)
    {
        var call = Call("ModifyUserWafLogStatus", setting.Account, setting.Region, WafLog.Parts(setting).Instance);
        return on
            ? call with
            {
                Parameters = call.Parameters.With("LogStatus", 1L),
            }
            : throw new InvalidOperationException($"{setting}: closing the log service would delete its logs.");
    }

    public static ApiCall Switch(SettingRef setting, bool on)
    {
        var (instance, id) = WafLog.Parts(setting);
        var call = Call("ModifyResourceLogStatus", setting.Account, setting.Region, instance);
        return call with { Parameters = call.Parameters.With("Resource", id).With("Status", on) };
    }

    private async Task<Dictionary<string, string>> PropertiesAsync(
        AccountId account,
        RegionId site,
        string instance,
        JObject bought,
        CancellationToken cancel
    )
    {
        Task<JObject> Ask(string action) => api.CallAsync(Call(action, account, site, instance), cancel);
        var hasLogs = bought.TextOf("Details.LogService") is "true";
        var service = hasLogs ? await Ask("DescribeUserWafLogStatus") : [];
        var isOpen = WafLog.StatusOf(service) is "on";
        var store = isOpen ? await Ask("DescribeSlsLogStore") : [];
        return new(StringComparer.Ordinal)
        {
            ["instance.id"] = instance,
            ["generation"] = "3.0",
            ["paid"] = bought.TextOf("Status") is "1" ? "true" : "false",
            ["bought"] = hasLogs ? "true" : "false",
            ["authorised"] = hasLogs ? (await Ask("DescribeSlsAuthStatus")).TextOf("Status") : "",
            ["logs"] = WafLog.StatusOf(service),
            ["sampled"] = isOpen ? WafLog.SampledTypes(await Ask("DescribeUserLogFieldConfig")) : "",
            ["place"] = isOpen
                ? $"{service.TextOf("LogRegionId")}/{store.Need("ProjectName", "waf-openapi", "DescribeSlsLogStore")}/{store.Need("LogStoreName", "waf-openapi", "DescribeSlsLogStore")}"
                : "",
        };
    }

    private async Task<Dictionary<string, bool>> StatusAsync(
        SettingRef setting,
        IEnumerable<string> ids,
        CancellationToken cancel
    )
    {
        const string action = "DescribeResourceLogStatus";
        var call = Call(action, setting.Account, setting.Region, WafLog.Parts(setting).Instance);
        var answer = await api.CallAsync(
            call with
            {
                Parameters = call.Parameters.With("Resources", string.Join(',', ids)),
            },
            cancel
        );
        var rows =
            answer.SelectToken("Result") as JArray
            ?? throw Rows.Unreadable(call.Product.Code, action, "the answer has no list at Result");
        return rows.ToDictionary(
            row => row.Need("Resource", call.Product.Code, action),
            row => row.Need("Status", call.Product.Code, action) is "true",
            StringComparer.Ordinal
        );
    }

    private static ApiCall Call(string action, AccountId account, RegionId site, string? instance = null) =>
        new()
        {
            Product = ApiProducts.Waf,
            Action = action,
            Account = account,
            Region = site,
            Parameters = ApiParameters.Of(("RegionId", site.Value), ("InstanceId", instance)),
        };
}
