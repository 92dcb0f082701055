using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class DdosTests
{
    private const string Pro = "ddoscoo.cn-hangzhou.aliyuncs.com";
    private const string Premium = "ddoscoo.ap-southeast-1.aliyuncs.com";
    private const string Origin = "ddosbgp.aliyuncs.com";

    [Fact]
    public async Task A_domain_is_found_only_at_its_own_site()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ddos", "www.example.com");
        cloud.Seed("ddos", "asia.example.com", "ap-southeast-1");

        var (_, mainland) = await CallAsync(cloud, Pro, "DescribeDomains");
        var (_, abroad) = await CallAsync(cloud, Premium, "DescribeDomains");
        var (elsewhere, _) = await CallAsync(cloud, "ddoscoo.cn-beijing.aliyuncs.com", "DescribeDomains");

        Assert.Equal(["www.example.com"], mainland["Domains"]!.Select(domain => (string)domain!));
        Assert.Equal(["asia.example.com"], abroad["Domains"]!.Select(domain => (string)domain!));
        Assert.Equal(404, elsewhere);
    }

    [Fact]
    public async Task Switches_are_paged_by_ten_and_a_domain_that_is_on_logs_under_the_topic_of_its_site()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 10; i < 22; i++)
        {
            cloud.Seed("ddos", $"{i}.example.com", "ap-southeast-1");
        }
        await CallAsync(cloud, Premium, "EnableWebAccessLogConfig", ("Domain", "21.example.com"));

        var (_, page) = await CallAsync(cloud, Premium, "DescribeWebAccessLogDispatchStatus", ("PageNumber", "2"));
        var (_, one) = await CallAsync(cloud, Premium, "DescribeWebAccessLogStatus", ("Domain", "21.example.com"));
        new LogGenerator(cloud.Cloud, seed: 3).Write(10, "ddos");

        Assert.Equal(["False", "True"], page["SlsConfigStatus"]!.Select(row => row["Enable"]!.ToString()));
        Assert.Equal($"ddosdip-project-{ProductCloud.Uid}-ap-southeast-1", (string?)one["SlsProject"]);
        var records = StoredLogs.Of(cloud, (string)one["SlsProject"]!, (string)one["SlsLogstore"]!);
        Assert.Equal(10, records.Count);
        Assert.All(records, record => Assert.Equal("ddosdip_access_log", record["__topic__"]));
    }

    [Fact]
    public async Task A_switch_is_refused_without_full_logs_and_for_a_domain_that_does_not_exist()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ddos", "www.example.com", properties: [("fullLog", "none")]);

        var (_, exists) = await CallAsync(cloud, Pro, "DescribeLogStoreExistStatus");
        var (_, unbought) = await CallAsync(cloud, Pro, "EnableWebAccessLogConfig", ("Domain", "www.example.com"));
        var (_, unknown) = await CallAsync(cloud, Pro, "EnableWebAccessLogConfig", ("Domain", "none.example.com"));

        Assert.False((bool)exists["ExistStatus"]!);
        Assert.Equal(("LogStoreNotExist", "DomainNotExist"), ((string)unbought["Code"]!, (string)unknown["Code"]!));
    }

    [Theory]
    [InlineData("180", 200, 180)]
    [InlineData("181", 400, 180)]
    [InlineData("7", 200, 7)]
    [InlineData("6", 400, 180)]
    public async Task ModifyFullLogTtl_takes_7_to_180_days_and_the_Logstore_keeps_them(
        string days,
        int status,
        int kept
    )
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ddos", "www.example.com");

        var (answer, _) = await CallAsync(cloud, Pro, "ModifyFullLogTtl", ("Ttl", days));
        var (_, store) = await CallAsync(cloud, Pro, "DescribeSlsLogstoreInfo");

        Assert.Equal((status, kept), (answer, (int)store["Ttl"]!));
        Assert.Equal(kept, cloud.Storage.DaysOf((string)store["Project"]!, (string)store["LogStore"]!));
    }

    [Fact]
    public async Task Origin_is_switched_by_nobody_but_the_console()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("ddos", "ddosbgp-cn-1", properties: [("form", "origin")]);

        var (_, list) = await CallAsync(
            cloud,
            Origin,
            "DescribeInstanceList",
            ("RegionId", "cn-hangzhou"),
            ("PageNo", "1"),
            ("PageSize", "50")
        );
        var (_, before) = await CallAsync(cloud, Origin, "ListOpenedAccessLogInstances");
        Assert.Empty(cloud.Do("start", ProductCloud.Resource("ddos", "ddosbgp-cn-1"), byConsole: true));
        var (_, after) = await CallAsync(cloud, Origin, "ListOpenedAccessLogInstances");
        new LogGenerator(cloud.Cloud, seed: 3).Write(10, "ddos");

        Assert.Equal("ddosbgp-cn-1", (string?)list.SelectToken("InstanceList[0].InstanceId"));
        Assert.Empty(before["SlsConfigStatus"]!);
        Assert.True((bool)after.SelectToken("SlsConfigStatus[0].Enable")!);
        var records = StoredLogs.Of(cloud, $"ddosbgp-project-{ProductCloud.Uid}-cn-hangzhou", "ddosbgp-logstore");
        Assert.Equal(10, records.Count);
        Assert.All(records, record => Assert.Equal("ddosbgp-cn-1", record["instance_id"]));
    }

    [Fact]
    public async Task The_trail_calls_what_is_switched_by_names_of_its_own()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var domain = ProductCloud.Resource("ddos", "www.example.com");

        var made = Assert.Single(cloud.Do("create", domain));
        cloud.Product("ddos").SwitchOn(domain, default);
        var off = Assert.Single(cloud.Do("switchOff", domain));

        Assert.Equal("CreateWebRule", made.Event);
        Assert.Equal(("ddoscoo", "CloseDomainSlsConfig"), (off.Service, off.Event));
        Assert.Empty(cloud.Product("ddos").Sources());
    }

    private static Task<(int Status, JObject Body)> CallAsync(
        ProductCloud cloud,
        string host,
        string action,
        params (string Name, string Value)[] parameters
    ) => cloud.CallAsync(host, host == Origin ? "2018-07-20" : "2020-01-01", action, parameters);
}
