using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Policies;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class DnsTests
{
    private const string Zone = "pvtz.aliyuncs.com";
    private const string Public = "alidns.aliyuncs.com";

    [Fact]
    public async Task A_VPC_stands_in_the_tree_once_for_each_of_its_zones()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("dns", "vpc-1", "cn-shanghai", properties: [("kind", "intranet")]);
        cloud.Seed("dns", "vpc-other", uid: ProductCloud.OtherUid, properties: [("kind", "intranet")]);

        var (_, tree) = await cloud.CallAsync(Zone, "2018-01-01", "DescribeZoneVpcTree");
        var (_, service) = await cloud.CallAsync(Zone, "2018-01-01", "DescribeUserServiceStatus");

        Assert.Equal(["vpc-1", "vpc-1"], tree.SelectTokens("Zones.Zone[*].Vpcs.Vpc[*].VpcId").Values<string>());
        Assert.Equal("cn-shanghai", (string?)tree.SelectToken("Zones.Zone[0].Vpcs.Vpc[0].RegionId"));
        Assert.Equal("OPENED", (string?)service["Status"]);
    }

    [Fact]
    public async Task Domains_are_paged_and_say_whether_their_queries_are_analysed()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("dns", "example.com", properties: [("analysis", "on")]);
        cloud.Seed("dns", "example.net");

        var (_, first) = await Domains(cloud, ("PageSize", "1"));
        var (_, second) = await Domains(cloud, ("PageSize", "1"), ("PageNumber", "2"));
        var (_, exact) = await Domains(cloud, ("KeyWord", "example.net"), ("SearchMode", "EXACT"));

        Assert.Equal("OPEN", (string?)first.SelectToken("Domains.Domain[0].DomainLoggingSwitchStatus"));
        Assert.Equal("CLOSE", (string?)second.SelectToken("Domains.Domain[0].DomainLoggingSwitchStatus"));
        Assert.Equal(2, (int)second["TotalCount"]!);
        Assert.Equal("example.net", (string?)exact.SelectToken("Domains.Domain[0].DomainName"));
    }

    [Fact]
    public async Task Log_of_an_access_domain_is_switched_and_shown_in_its_list()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("dns", "config-1", properties: [("kind", "gtm")]);

        var (status, _) = await Switch(cloud, "config-1", "enable");
        var (_, list) = await Configs(cloud, ("PageNumber", "1"), ("PageSize", "20"));
        var (missing, _) = await Switch(cloud, "config-none", "enable");
        var (wrong, _) = await Switch(cloud, "config-1", "on");
        var (unpaged, _) = await Configs(cloud);

        Assert.Equal((200, 400, 400, 400), (status, missing, wrong, unpaged));
        Assert.Equal(
            "ENABLE",
            (string?)list.SelectToken("InstanceConfigs.InstanceConfig[0].ConfigLoggingSwitchStatus")
        );
    }

    [Fact]
    public async Task Queries_of_an_analysed_domain_are_read_by_small_windows_and_are_the_same_each_time()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("dns", "example.com", properties: [("analysis", "on")]);
        cloud.Seed("dns", "example.net");
        var end = cloud.Cloud.Clock.GetUtcNow().AddMinutes(-10);

        var (_, first) = await Logs(cloud, "example.com", end.AddMinutes(-30), end);
        var (_, again) = await Logs(cloud, "example.com", end.AddMinutes(-30), end);
        var (_, silent) = await Logs(cloud, "example.net", end.AddMinutes(-30), end);
        var (wide, _) = await Logs(cloud, "example.com", end.AddDays(-1), end);
        var (backward, _) = await Logs(cloud, "example.com", end, end.AddMinutes(-30));

        Assert.NotEmpty(first.SelectTokens("Logs.Log[*]"));
        Assert.Equal(first["Logs"]!.ToString(), again["Logs"]!.ToString());
        Assert.Equal(0, (int)silent["TotalSize"]!);
        Assert.Equal((504, 400), (wide, backward));
    }

    [Fact]
    public async Task Queries_are_delivered_only_by_a_policy_and_only_of_what_is_analysed()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("dns", "vpc-1", properties: [("kind", "intranet")]);
        cloud.Seed("dns", "vpc-far", "eu-west-1", properties: [("kind", "intranet")]);
        cloud.Seed("dns", "example.com", properties: [("analysis", "on")]);
        cloud.Seed("dns", "example.net");
        Assert.All(cloud.Product("dns").Logging(), state => Assert.Empty(state.Places));

        await CollectAsync(cloud, "intranet_log");
        await CollectAsync(cloud, "resolve_log");
        var written = new LogGenerator(cloud.Cloud, 3).Write(40, "dns");

        Assert.Equal(40, written);
        Assert.Equal(["example.com", "vpc-1"], cloud.Product("dns").Sources().Select(source => source.Resource.Id));
        var intranet = StoredLogs.Of(cloud, $"dns-log-{ProductCloud.Uid}-cn-hangzhou", "dns_intranet_log");
        Assert.All(intranet, record => Assert.Equal("vpc-1", record["vpc_id"]));
        Assert.Contains(
            cloud.Product("dns").Logging(),
            state => state.Resource.Id is "vpc-far" && state.WhyNot!.Contains("eu-west-1", StringComparison.Ordinal)
        );
    }

    private static Task CollectAsync(ProductCloud cloud, string dataCode) =>
        cloud.CollectAsync(
            $$$"""{"policyName":"{{{dataCode}}}","productCode":"dns","dataCode":"{{{dataCode}}}","enabled":true,"policyConfig":{"resourceMode":"all"}}"""
        );

    private static Task<(int Status, JObject Body)> Domains(
        ProductCloud cloud,
        params (string Name, string Value)[] parameters
    ) => cloud.CallAsync(Public, "2015-01-09", "DescribeDomains", parameters);

    private static Task<(int Status, JObject Body)> Configs(
        ProductCloud cloud,
        params (string Name, string Value)[] parameters
    ) => cloud.CallAsync(Public, "2015-01-09", "ListCloudGtmInstanceConfigs", parameters);

    private static Task<(int Status, JObject Body)> Logs(
        ProductCloud cloud,
        string domain,
        DateTimeOffset from,
        DateTimeOffset to
    ) =>
        cloud.CallAsync(
            Public,
            "2015-01-09",
            "DescribeInternetDnsLogs",
            ("DomainName", domain),
            ("StartTimestamp", $"{from.ToUnixTimeMilliseconds()}"),
            ("EndTimestamp", $"{to.ToUnixTimeMilliseconds()}"),
            ("PageSize", "100")
        );

    private static Task<(int Status, JObject Body)> Switch(ProductCloud cloud, string config, string status) =>
        cloud.CallAsync(
            Public,
            "2015-01-09",
            "SetCloudGtmInstanceConfigLogSwitch",
            ("ConfigId", config),
            ("Status", status)
        );
}
