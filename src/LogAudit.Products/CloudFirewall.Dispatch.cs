using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>The deliveries of a firewall: a switch of each category of log, with the filter keys that let sessions through. Log version 1 answers once, version 2 once for each of two sites.</summary>
/// <remarks>Its id is <c>instance/category</c>, with version 2 <c>instance/site/category</c>.</remarks>
internal sealed class CloudFirewallDispatch(OpenApiClient api)
{
    public const string Kind = "cloudfirewall.dispatch";

    private const string Describe = "DescribeBatchSlsDispatchStatus";

    /// <summary>The filter keys that together let every session through.</summary>
    private const string Everything = "acl,attack,other";

    public static SettingState On { get; } = State("on", Everything);

    /// <summary>The state of a category from its property: its filter keys while it is on, nothing while it is off.</summary>
    public static SettingState StateOf(string filters) => filters.Length == 0 ? State("off", "") : State("on", filters);

    /// <summary>What a plan says of a category that is not on for all.</summary>
    public static string Why(string category, string firewall, SettingState present) =>
        present["filters"] is { Length: > 0 } some
            ? $"{category} of {firewall} delivers only {some}"
            : $"{category} of {firewall} is off";

    /// <summary>The firewall, with log version 2 once for each of its sites, with the filter keys of each category and the Logstore as properties.</summary>
    public async Task<IEnumerable<ResourceRef>> SitesAsync(ResourceRef firewall, CancellationToken cancel)
    {
        var (account, region) = (firewall.Account, firewall.Region);
        var stores = Sites(await api.CallAsync(Call("DescribeLogStoreInfo", account, region), cancel));
        return Sites(await api.CallAsync(Call(Describe, account, region), cancel))
            .Select(dispatch =>
            {
                var site = dispatch.TextOf("Site");
                var store = stores.FirstOrDefault(one => site.Same(one.TextOf("Site")));
                var told = Items(dispatch)
                    .ToDictionary(
                        item => item.Need("DispatchValue", "Cloudfw", Describe),
                        FiltersOf,
                        StringComparer.Ordinal
                    );
                told["log.region"] = store?.TextOf("RegionId") ?? "";
                told["log.project"] = store?.TextOf("ProjectName") ?? "";
                told["log.logstore"] = store?.TextOf("LogStoreName") ?? "";
                var id = site is "" or "global" ? firewall.Id : $"{firewall.Id}/{site}";
                return firewall.With(told) with
                {
                    Region = site is "intl" ? new RegionId("ap-southeast-1") : region,
                    Id = id,
                    Name = id,
                };
            });
    }

    /// <summary>The switch of one category; null when the firewall does not offer it.</summary>
    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (site, category) = Parts(setting);
        return Sites(await api.CallAsync(Call(Describe, setting.Account, setting.Region), cancel))
            .Where(dispatch => site.Length == 0 || site.Same(dispatch.TextOf("Site")))
            .SelectMany(Items)
            .Where(item => category.Same(item.TextOf("DispatchValue")))
            .Select(item => StateOf(FiltersOf(item)))
            .FirstOrDefault();
    }

    /// <summary>The call that brings a category to a state.</summary>
    public static ApiCall Write(SettingRef setting, SettingState? wanted)
    {
        var (site, category) = Parts(setting);
        return Call("ModifySlsDispatchStatus", setting.Account, setting.Region) with
        {
            Parameters = ApiParameters.Of(
                ("DispatchValue", category),
                ("EnableStatus", wanted?["status"] is "on" ? "true" : "false"),
                ("Site", site.Length == 0 ? null : site),
                ("FilterKeys", wanted?["filters"] is { Length: > 0 } filters ? filters : null)
            ),
        };
    }

    private static JObject[] Sites(JObject answer) =>
        answer.TextOf("LogVersion") is "2" ? [.. answer["InfoList"]?.Children<JObject>() ?? []] : [answer];

    private static IEnumerable<JToken> Items(JObject dispatch) => dispatch["ItemList"]?.Children() ?? [];

    private static string FiltersOf(JToken item) =>
        item.Need("Enable", "Cloudfw", Describe) is not "true" ? ""
        : item["FilterKeys"]?.Select(key => key.ToString()).Order(StringComparer.Ordinal).ToArray()
            is { Length: > 0 } keys
            ? string.Join(',', keys)
        : Everything;

    private static (string Site, string Category) Parts(SettingRef setting) =>
        setting.Id.Split('/') is [_, var site, var category] ? (site, category) : ("", setting.Id.Split('/')[^1]);

    private static ApiCall Call(string action, AccountId account, RegionId region) =>
        new CallShape(ApiProducts.CloudFirewall, action).In(account, region);

    private static SettingState State(string status, string filters) =>
        SettingState.Of(("status", status), ("filters", filters));
}
