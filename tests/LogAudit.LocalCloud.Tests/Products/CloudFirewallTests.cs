using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class CloudFirewallTests
{
    private const string Host = "cloudfw.aliyuncs.com";
    private const string Abroad = "cloudfw.ap-southeast-1.aliyuncs.com";
    private const string Version = "2017-12-07";

    [Fact]
    public async Task A_firewall_answers_only_at_the_endpoint_where_it_was_bought()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudfirewall", "vipcloudfw-1");

        var (_, here) = await cloud.CallAsync(Host, Version, "DescribeUserBuyVersion");
        var (status, there) = await cloud.CallAsync(Abroad, Version, "DescribeUserBuyVersion");

        Assert.Equal(("vipcloudfw-1", 3), ((string)here["InstanceId"]!, (int)here["Version"]!));
        Assert.Equal(400, status);
        Assert.Contains("not buy user", (string)there["Message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_analysis_is_opened_once_and_makes_the_project()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudfirewall", "vipcloudfw-1", properties: [("opened", "false")]);

        var (_, before) = await cloud.CallAsync(Host, Version, "DescribeSlsAnalyzeOpenStatus");
        await cloud.CallAsync(Host, Version, "CreateSlsLogDispatch", ("SlsRegionId", "cn-hangzhou"), ("Ttl", "180"));
        var (_, after) = await cloud.CallAsync(Host, Version, "DescribeSlsAnalyzeOpenStatus");
        var (_, store) = await cloud.CallAsync(Host, Version, "DescribeLogStoreInfo");

        Assert.Equal(("false", "true"), ((string)before["OpenStatus"]!, (string)after["OpenStatus"]!));
        Assert.True(cloud.Storage.LogstoreExists((string)store["ProjectName"]!, (string)store["LogStoreName"]!));
    }

    [Fact]
    public async Task One_change_of_delivery_is_taken_in_five_minutes()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 1);
        cloud.Seed("cloudfirewall", "vipcloudfw-1");

        var (first, _) = await SwitchAsync(cloud, "internet_log");
        var (second, refused) = await SwitchAsync(cloud, "vpc_firewall_log");
        var (_, status) = await cloud.CallAsync(Host, Version, "DescribeBatchSlsDispatchStatus");

        Assert.Equal((200, 400), (first, second));
        Assert.Equal("IllegalOperation", (string?)refused["Code"]);
        Assert.Equal(["internet_log"], Enabled(status));
    }

    [Fact]
    public async Task A_category_that_is_on_logs_with_its_name_and_the_others_do_not()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudfirewall", "vipcloudfw-1");
        Assert.Empty(cloud.Product("cloudfirewall").Sources());
        await SwitchAsync(cloud, "vpc_firewall_log");

        new LogGenerator(cloud.Cloud, seed: 3).Write(20, "cloudfirewall");

        var records = StoredLogs.Of(
            cloud,
            $"cloudfirewall-project-{ProductCloud.Uid}-cn-hangzhou",
            "cloudfirewall-logstore"
        );
        Assert.Equal(20, records.Count);
        Assert.All(records, record => Assert.Equal("vpc_firewall_log", record["log_type"]));
        Assert.Equal(
            ["internet False", "vpc True"],
            cloud.Product("cloudfirewall").Logging().Select(state => $"{state.Kind} {state.Places.Count > 0}")
        );
    }

    [Fact]
    public async Task Log_version_2_has_a_Logstore_in_each_site_and_wants_the_site_named()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudfirewall", "vipcloudfw-1", properties: [("logVersion", "2")]);

        var (unnamed, _) = await SwitchAsync(cloud, "internet_log");
        var (named, _) = await SwitchAsync(cloud, "internet_log", ("Site", "intl"));
        var (_, stores) = await cloud.CallAsync(Host, Version, "DescribeLogStoreInfo");

        Assert.Equal((400, 200), (unnamed, named));
        Assert.Equal(
            ["cn-hangzhou", "ap-southeast-1"],
            stores.SelectTokens("InfoList[*].RegionId").Select(region => (string)region!)
        );
        var place = Assert.Single(cloud.Product("cloudfirewall").Logging(), state => state.Places.Count > 0);
        Assert.Equal("vipcloudfw-1/intl", place.Resource.Id);
    }

    [Fact]
    public async Task The_days_of_a_Logstore_are_changed_and_with_two_of_them_the_region_says_which()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudfirewall", "vipcloudfw-1", properties: [("logVersion", "2")]);

        var (unnamed, _) = await KeepAsync(cloud, "90", ("LogVersion", "2"));
        var (older, _) = await KeepAsync(cloud, "90");
        var (long_, _) = await KeepAsync(cloud, "366", ("LogVersion", "2"), ("SlsRegionId", "ap-southeast-1"));
        var (named, _) = await KeepAsync(cloud, "90", ("LogVersion", "2"), ("SlsRegionId", "ap-southeast-1"));
        var (_, stores) = await cloud.CallAsync(Host, Version, "DescribeLogStoreInfo");

        Assert.Equal((400, 400, 400, 200), (unnamed, older, long_, named));
        Assert.Equal([180, 90], stores.SelectTokens("InfoList[*].Ttl").Select(days => (int)days!));
    }

    [Theory]
    [InlineData("DispatchValue", "no_log")]
    [InlineData("FilterKeys", "everything")]
    [InlineData("Site", "mars")]
    public async Task A_change_of_what_does_not_exist_is_refused(string parameter, string value)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudfirewall", "vipcloudfw-1");

        var (_, refused) = parameter is "DispatchValue"
            ? await SwitchAsync(cloud, value)
            : await SwitchAsync(cloud, "internet_log", (parameter, value));

        Assert.Equal("ErrorParameters", (string?)refused["Code"]);
    }

    [Fact]
    public async Task What_is_done_is_told_to_the_trail()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var firewall = ProductCloud.Resource("cloudfirewall", "vipcloudfw-1");

        var bought = Assert.Single(cloud.Do("create", firewall, byConsole: true));
        cloud.Product("cloudfirewall").SwitchOn(firewall, default);
        var off = Assert.Single(cloud.Do("switchOff", firewall));

        Assert.Equal(("Cloudfw", "Create"), (bought.Service, bought.Event));
        Assert.Equal("ModifySlsDispatchStatus", off.Event);
        Assert.Single(cloud.Product("cloudfirewall").Sources());
    }

    private static Task<(int Status, JObject Body)> KeepAsync(
        ProductCloud cloud,
        string days,
        params (string Name, string Value)[] more
    ) =>
        cloud.CallAsync(
            Host,
            Version,
            "ModifyUserSlsLogStorageTime",
            [("InstanceId", "vipcloudfw-1"), ("StorageTime", days), .. more]
        );

    private static IEnumerable<string> Enabled(JObject status) =>
        status["ItemList"]!.Where(item => (bool)item["Enable"]!).Select(item => (string)item["DispatchValue"]!);

    private static Task<(int Status, JObject Body)> SwitchAsync(
        ProductCloud cloud,
        string category,
        params (string Name, string Value)[] more
    ) =>
        cloud.CallAsync(
            Host,
            Version,
            "ModifySlsDispatchStatus",
            [("DispatchValue", category), ("EnableStatus", "true"), .. more]
        );
}
