using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Asks Cloud Firewall at one of its two endpoints, which is chosen by where the firewall was bought. What the calls tell stands in the properties of the firewall.</summary>
internal sealed class CloudFirewallSite(OpenApiClient api, ProductFacts facts)
{
    public const string Analysis = "cloudfirewall.log-analysis";
    public const string Dispatch = "cloudfirewall.dispatch";

    /// <summary>The filter keys that together let every session through.</summary>
    public const string Everything = "acl,attack,other";

    // CreateSlsLogDispatch wants the days; the centre keeps its own.
    private const long DaysKept = 180;

    public static SettingState On { get; } = State("on", Everything);

    public static SettingState Off { get; } = State("off", "");

    /// <summary>The firewall, with log version 2 once for each of its two Logstores; none where none was bought.</summary>
    public async Task<IReadOnlyList<ResourceRef>> FirewallsAsync(
        AccountId account,
        RegionId site,
        CancellationToken cancel
    )
    {
        if (await BoughtAsync(account, site, cancel) is not { } bought)
        {
            return [];
        }

        var instance = bought.TextOf("InstanceId");
        var properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["instance.id"] = instance,
            ["site"] = site.Value,
            ["valid"] = bought.TextOf("UserStatus"),
            ["edition"] = facts.Words["editions"].Contains(bought.TextOf("Version"), StringComparer.Ordinal)
                ? "true"
                : "false",
            ["bought"] = bought.TextOf("LogStatus"),
            ["analysis"] = "off",
            ["place"] = "",
        };
        if (properties["bought"] is not "true" || (await AnalysisAsync(account, site, cancel))["status"] is "off")
        {
            return [Firewall(account, site, instance, properties)];
        }

        properties["analysis"] = "on";
        var stores = Sites(await api.CallAsync(Call("DescribeLogStoreInfo", account, site), cancel));
        return
        [
            .. Sites(await DispatchesAsync(account, site, cancel))
                .Select(dispatch =>
                {
                    var name = dispatch.TextOf("Site");
                    var own = new Dictionary<string, string>(properties, StringComparer.Ordinal);
                    foreach (var item in dispatch["ItemList"]?.Children() ?? [])
                    {
                        own[item.Need("DispatchValue", "Cloudfw", "DescribeBatchSlsDispatchStatus")] = TextOf(item);
                    }

                    var store = stores.FirstOrDefault(one => name.Same(one.TextOf("Site")));
                    own["place"] = store is null
                        ? ""
                        : $"{store.TextOf("RegionId")}/{store.TextOf("ProjectName")}/{store.TextOf("LogStoreName")}";
                    var home = name is "intl" ? new RegionId("ap-southeast-1") : site;
                    return Firewall(account, home, name is "" or "global" ? instance : $"{instance}/{name}", own);
                }),
        ];
    }

    /// <summary>Whether log analysis is opened, as a state.</summary>
    public async Task<SettingState> AnalysisAsync(AccountId account, RegionId site, CancellationToken cancel)
    {
        const string action = "DescribeSlsAnalyzeOpenStatus";
        var answer = await api.CallAsync(Call(action, account, site), cancel);
        return answer.Need("OpenStatus", "Cloudfw", action) is "true" ? On : Off;
    }

    /// <summary>The switch of one category; null when the firewall does not offer it.</summary>
    public async Task<SettingState?> DispatchAsync(SettingRef setting, CancellationToken cancel)
    {
        var (name, category) = Parts(setting);
        return Sites(await DispatchesAsync(setting.Account, setting.Region, cancel))
            .Where(dispatch => name.Length == 0 || name.Same(dispatch.TextOf("Site")))
            .SelectMany(dispatch => dispatch["ItemList"]?.Children() ?? [])
            .Where(item => category.Same(item.TextOf("DispatchValue")))
            .Select(item => StateOf(TextOf(item)))
            .FirstOrDefault();
    }

    /// <summary>The call that brings a setting to a state. Log analysis cannot be closed.</summary>
    public static ApiCall Write(SettingRef setting, SettingState? wanted)
    {
        if (setting.Kind is Analysis)
        {
            return On.Equals(wanted)
                ? Call("CreateSlsLogDispatch", setting.Account, setting.Region) with
                {
                    Form = ApiParameters.Of(("SlsRegionId", setting.Region.Value)).With("Ttl", DaysKept),
                }
                : throw new InvalidOperationException($"{setting}: no call closes log analysis.");
        }

        var (name, category) = Parts(setting);
        var call = Call("ModifySlsDispatchStatus", setting.Account, setting.Region);
        var parameters = call
            .Parameters.With("DispatchValue", category)
            .With("EnableStatus", wanted?["status"] is "on")
            .With("Site", name.Length == 0 ? null : name);
        return call with
        {
            Parameters = wanted?["filters"] is { Length: > 0 } filters
                ? parameters.With("FilterKeys", filters)
                : parameters,
        };
    }

    /// <summary>The state of a category from its property: its filter keys while it is on, nothing while it is off.</summary>
    public static SettingState StateOf(string filters) => filters.Length == 0 ? Off : State("on", filters);

    private async Task<JObject?> BoughtAsync(AccountId account, RegionId site, CancellationToken cancel)
    {
        try
        {
            var bought = await api.CallAsync(Call("DescribeUserBuyVersion", account, site), cancel);
            return bought.TextOf("InstanceId").Length == 0 ? null : bought;
        }
        catch (OpenApiException failure) when (IsNotBought(failure))
        {
            return null;
        }
    }

    // The provider finds these words in the code or in the message.
    private bool IsNotBought(OpenApiException failure) =>
        facts
            .Words["notBought"]
            .Any(words => words.Same(failure.Code) || failure.ServiceMessage.Contains(words, StringComparison.Ordinal));

    private Task<JObject> DispatchesAsync(AccountId account, RegionId site, CancellationToken cancel) =>
        api.CallAsync(Call("DescribeBatchSlsDispatchStatus", account, site), cancel);

    // Version 1 answers at the top, version 2 once for each site.
    private static JObject[] Sites(JObject answer) =>
        answer.TextOf("LogVersion") is "2" ? [.. answer["InfoList"]?.Children<JObject>() ?? []] : [answer];

    private static string TextOf(JToken item) =>
        item.Need("Enable", "Cloudfw", "DescribeBatchSlsDispatchStatus") is not "true" ? ""
        : item["FilterKeys"]?.Select(key => key.ToString()).Order(StringComparer.Ordinal).ToArray()
            is { Length: > 0 } keys
            ? string.Join(',', keys)
        : Everything;

    private static (string Site, string Category) Parts(SettingRef setting) =>
        setting.Id.Split('/') is [_, var site, var category] ? (site, category) : ("", setting.Id.Split('/')[^1]);

    private ResourceRef Firewall(AccountId account, RegionId home, string id, Dictionary<string, string> properties) =>
        new()
        {
            Product = facts.Spec.Code,
            Account = account,
            Region = home,
            Id = id,
            Name = id,
            Properties = properties,
        };

    private static ApiCall Call(string action, AccountId account, RegionId site) =>
        new()
        {
            Product = ApiProducts.CloudFirewall,
            Action = action,
            Account = account,
            Region = site,
        };

    private static SettingState State(string status, string filters) =>
        SettingState.Of(("status", status), ("filters", filters));
}
