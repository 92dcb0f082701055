using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>An account with VPCs in two private zones, public domains and access domains of Global Traffic Manager.</summary>
internal sealed class DnsCloud
{
    private readonly Dictionary<string, List<JObject>> rows = new()
    {
        ["intranet"] = [],
        ["public"] = [],
        ["gtm"] = [],
    };

    public DnsCloud() =>
        Cloud
            .Exchanges.On("DescribeZoneVpcTree", _ => Reply.Json(Zones().ToString()))
            .On("DescribeUserServiceStatus", _ => Reply.Json($$"""{"Status":"{{Service}}"}"""))
            .On("DescribeDomains", _ => Page("Domains", "Domain", "TotalCount", "public"))
            .On("ListCloudGtmInstanceConfigs", _ => Page("InstanceConfigs", "InstanceConfig", "TotalItems", "gtm"))
            .On(
                "SetCloudGtmInstanceConfigLogSwitch",
                request =>
                {
                    var config = rows["gtm"].Single(row => (string?)row["ConfigId"] == request["ConfigId"]);
                    config["ConfigLoggingSwitchStatus"] = request["Status"] is "enable" ? "ENABLE" : "DISABLE";
                    return Reply.Json("""{"Success":true}""");
                }
            );

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    /// <summary>State of PrivateZone.</summary>
    public string Service { get; set; } = "OPENED";

    public void Add(string kind, string id, string logging = "", string region = "cn-hangzhou") =>
        rows[kind]
            .Add(
                kind switch
                {
                    "intranet" => new JObject
                    {
                        ["VpcId"] = id,
                        ["VpcName"] = id,
                        ["RegionId"] = region,
                    },
                    "public" => new JObject { ["DomainName"] = id, ["DomainLoggingSwitchStatus"] = logging },
                    _ => new JObject
                    {
                        ["ConfigId"] = id,
                        ["ScheduleDomainName"] = $"{id}.example.com",
                        ["ConfigLoggingSwitchStatus"] = logging,
                    },
                }
            );

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind, Scope? scope = null) =>
        Cloud.ObserveAsync("dns", kind, Cloud.Target("dns_log"), scope);

    /// <summary>As the engine asks where the settings give no codes of a collection policy.</summary>
    public async Task<Observed> ObserveWithoutCodesAsync(string kind)
    {
        var handler = Cloud.Handler("dns");
        var resources = await handler.ListAsync(Cloud.All, default).ToListAsync();
        var known = Cloud.Kind("dns", kind);
        return await handler
            .ObserveAsync(
                known with
                {
                    Route = known.Route & ~Routes.Policy,
                },
                resources,
                Cloud.Target("dns_log"),
                default
            )
            .SingleAsync();
    }

    private JObject Zones() =>
        new()
        {
            ["Zones"] = new JObject
            {
                ["Zone"] = new JArray(
                    ((string[])["corp", "svc"]).Select(name => new JObject
                    {
                        ["ZoneName"] = name,
                        ["Vpcs"] = new JObject { ["Vpc"] = new JArray(rows["intranet"]) },
                    })
                ),
            },
        };

    private Reply Page(string outer, string inner, string total, string kind) =>
        Reply.Json(
            new JObject
            {
                [outer] = new JObject { [inner] = new JArray(rows[kind]) },
                [total] = rows[kind].Count,
            }.ToString()
        );
}
