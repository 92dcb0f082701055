using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class WafTests
{
    private const string Host = "wafopenapi.cn-hangzhou.aliyuncs.com";
    private const string Version = "2021-10-01";
    private const string Older = "2019-09-10";

    [Fact]
    public async Task A_site_without_an_instance_answers_without_an_id()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var (status, body) = await cloud.CallAsync(Host, Version, "DescribeInstance");
        var (older, info) = await cloud.CallAsync(Host, Older, "DescribeInstanceInfo");

        Assert.Equal((200, 200), (status, older));
        Assert.Null(body["InstanceId"]);
        Assert.Null(info.SelectToken("InstanceInfo.InstanceId"));
    }

    [Fact]
    public async Task The_region_must_agree_with_the_endpoint()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var (_, refused) = await cloud.CallAsync(Host, Version, "DescribeInstance", ("RegionId", "ap-southeast-1"));
        var (_, elsewhere) = await cloud.CallAsync("wafopenapi.cn-beijing.aliyuncs.com", Version, "DescribeInstance");

        Assert.Equal("ParamError", (string?)refused["Code"]);
        Assert.Equal("InvalidRegionId.NotFound", (string?)elsewhere["Code"]);
    }

    [Fact]
    public async Task Objects_are_paged_by_number()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            cloud.Seed("waf", $"{i}.example.com-waf");
        }
        var id = await InstanceAsync(cloud);

        var (_, page) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDefenseResources",
            ("InstanceId", id),
            ("PageNumber", "2"),
            ("PageSize", "3")
        );

        Assert.Equal(5, (int)page["TotalCount"]!);
        Assert.Equal(
            ["3.example.com-waf", "4.example.com-waf"],
            page.SelectTokens("Resources[*].Resource").Select(t => (string)t!)
        );
    }

    [Fact]
    public async Task The_service_opens_in_the_background_and_objects_are_switched_after_it()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 1);
        cloud.Seed("waf", "www.example.com-waf");
        var id = await InstanceAsync(cloud);

        var (_, early) = await SwitchAsync(cloud, id, "www.example.com-waf");
        await cloud.CallAsync(Host, Version, "ModifyUserWafLogStatus", ("InstanceId", id), ("LogStatus", "1"));
        var (_, opening) = await cloud.CallAsync(Host, Version, "DescribeUserWafLogStatus", ("InstanceId", id));
        var (_, busy) = await SwitchAsync(cloud, id, "www.example.com-waf");

        Assert.Equal("ComboError", (string?)early["Code"]);
        Assert.Equal("initializing", (string?)opening["LogStatus"]);
        Assert.Equal("TaskStillRunning", (string?)busy["Code"]);
    }

    [Fact]
    public async Task An_object_that_is_switched_on_logs_to_the_project_of_the_product()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("waf", "www.example.com-waf");
        var id = await InstanceAsync(cloud);
        await cloud.CallAsync(Host, Version, "ModifyUserWafLogStatus", ("InstanceId", id), ("LogStatus", "1"));
        await SwitchAsync(cloud, id, "www.example.com-waf");

        var (_, store) = await cloud.CallAsync(Host, Version, "DescribeSlsLogStore", ("InstanceId", id));
        var (_, status) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeResourceLogStatus",
            ("InstanceId", id),
            ("Resources", "www.example.com-waf,none")
        );
        var written = new LogGenerator(cloud.Cloud, seed: 3).Write(20, "waf");

        Assert.Equal($"wafng-project-{ProductCloud.Uid}-cn-hangzhou", (string?)store["ProjectName"]);
        Assert.True((bool)Assert.Single(status["Result"]!)["Status"]!);
        Assert.Equal(20, written);
        var records = StoredLogs.Of(cloud, (string)store["ProjectName"]!, "wafng-logstore");
        Assert.All(records, record => Assert.Equal("waf_access_log", record["__topic__"]));
        Assert.All(records, record => Assert.Equal("www.example.com", record["host"]));
    }

    [Fact]
    public async Task Nothing_is_logged_before_the_switch_and_after_the_service_is_closed()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("waf", "www.example.com-waf");
        cloud.Seed("waf", "api.example.com-waf");
        cloud.Product("waf").SwitchOn(ProductCloud.Resource("waf", "www.example.com-waf"), default);
        Assert.Single(cloud.Product("waf").Sources());
        var id = await InstanceAsync(cloud);

        await cloud.CallAsync(Host, Version, "ModifyUserWafLogStatus", ("InstanceId", id), ("LogStatus", "0"));

        Assert.Empty(cloud.Product("waf").Sources());
        Assert.All(cloud.Product("waf").Logging(), state => Assert.Empty(state.Places));
    }

    [Fact]
    public async Task A_package_without_log_service_refuses_in_both_generations()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("waf", "www.example.com-waf", properties: [("logService", "none")]);
        cloud.Seed("waf", "old.example.com", properties: [("generation", "2.0"), ("logService", "none")]);
        var (_, older) = await cloud.CallAsync(Host, Older, "DescribeInstanceInfo");
        var old = (string)older.SelectToken("InstanceInfo.InstanceId")!;

        var (_, open) = await cloud.CallAsync(
            Host,
            Version,
            "ModifyUserWafLogStatus",
            ("InstanceId", await InstanceAsync(cloud)),
            ("LogStatus", "1")
        );
        var (_, status) = await cloud.CallAsync(Host, Older, "DescribeLogServiceStatus", ("InstanceId", old));

        Assert.Equal(("ComboError", "ComboError"), ((string)open["Code"]!, (string)status["Code"]!));
    }

    [Fact]
    public async Task A_domain_of_the_older_generation_is_switched_by_its_name()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("waf", "old.example.com", properties: [("generation", "2.0")]);
        var (_, info) = await cloud.CallAsync(Host, Older, "DescribeInstanceInfo");
        var id = (string)info.SelectToken("InstanceInfo.InstanceId")!;

        await cloud.CallAsync(
            Host,
            Older,
            "ModifyLogServiceStatus",
            ("InstanceId", id),
            ("Domain", "old.example.com"),
            ("Enabled", "1")
        );
        var (_, none) = await cloud.CallAsync(
            Host,
            Older,
            "ModifyLogServiceStatus",
            ("InstanceId", id),
            ("Domain", "none.example.com"),
            ("Enabled", "1")
        );
        var (_, status) = await cloud.CallAsync(
            Host,
            Older,
            "DescribeLogServiceStatus",
            ("InstanceId", id),
            ("Region", "cn"),
            ("DomainNames.1", "old.example.com")
        );

        Assert.Equal("DomainNotExist", (string?)none["Code"]);
        Assert.Equal(1, (int)status.SelectToken("DomainStatus[0].SlsLogActive")!);
        var place = Assert.Single(Assert.Single(cloud.Product("waf").Logging()).Places);
        Assert.Equal(new LogPlace($"waf-project-{ProductCloud.Uid}-cn-hangzhou", "waf-logstore"), place);
    }

    [Fact]
    public async Task Another_account_sees_nothing_and_a_user_without_rights_is_refused()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("waf", "www.example.com-waf");
        var nobody = cloud.KeyOf(
            ProductCloud.Uid,
            "nobody",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"slb:*","Resource":"*"}]}"""
        );

        var (_, other) = await cloud.CallAsAsync(cloud.OtherKey(), Host, Version, "DescribeInstance");
        var (status, _) = await cloud.CallAsAsync(nobody, Host, Version, "DescribeInstance");

        Assert.Null(other["InstanceId"]);
        Assert.Equal(403, status);
    }

    [Fact]
    public async Task What_is_done_is_told_to_the_trail()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var made = Assert.Single(cloud.Do("create", ProductCloud.Resource("waf", "www.example.com-waf")));
        var off = Assert.Single(cloud.Do("switchOff", ProductCloud.Resource("waf", "www.example.com-waf")));

        Assert.Equal(("WAF", "CreateDefenseResource"), (made.Service, made.Event));
        Assert.False((bool)off.Request!["Status"]!);
        Assert.Throws<InvalidOperationException>(() =>
            cloud.Do("start", ProductCloud.Resource("waf", "www.example.com-waf"))
        );
    }

    private static async Task<string> InstanceAsync(ProductCloud cloud) =>
        (string)(await cloud.CallAsync(Host, Version, "DescribeInstance")).Body["InstanceId"]!;

    private static Task<(int Status, JObject Body)> SwitchAsync(ProductCloud cloud, string instance, string id) =>
        cloud.CallAsync(
            Host,
            Version,
            "ModifyResourceLogStatus",
            ("InstanceId", instance),
            ("Resource", id),
            ("Status", "true")
        );
}
