using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class AlbTests
{
    private const string Version = "2020-06-16";
    private const string Host = "alb.cn-hangzhou.aliyuncs.com";

    [Fact]
    public async Task ListLoadBalancers_pages_by_token_within_the_account_and_the_region_of_the_host()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            cloud.Seed("alb", $"alb-{i}");
        }
        cloud.Seed("alb", "alb-elsewhere", "cn-shanghai");
        cloud.Seed("alb", "alb-foreign", uid: ProductCloud.OtherUid);

        var ids = new List<string>();
        var token = "";
        do
        {
            List<(string, string)> parameters = [("MaxResults", "2")];
            if (token.Length > 0)
            {
                parameters.Add(("NextToken", token));
            }
            var (_, body) = await cloud.CallAsync(Host, Version, "ListLoadBalancers", [.. parameters]);
            Assert.Equal(5, (int)body["TotalCount"]!);
            ids.AddRange(body.SelectTokens("LoadBalancers[*].LoadBalancerId").Select(id => (string)id!));
            token = (string)body["NextToken"]!;
        } while (token.Length > 0);

        Assert.Equal(["alb-0", "alb-1", "alb-2", "alb-3", "alb-4"], ids);
    }

    [Fact]
    public async Task The_access_log_is_on_when_the_job_has_ended_and_no_earlier()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 0.001);
        cloud.Seed("alb", "alb-1");
        cloud.MakeLogstore("logs-hz", "alb_log");

        var enabled = await Enable(cloud, "alb-1", "logs-hz", "alb_log");
        var again = await Enable(cloud, "alb-1", "logs-hz", "alb_log");
        var (_, jobs) = await cloud.CallAsync(
            Host,
            Version,
            "ListAsynJobs",
            ("JobIds.1", (string)enabled.Body["JobId"]!)
        );
        var (_, now) = await Get(cloud, "alb-1");

        Assert.Equal(200, enabled.Status);
        Assert.Equal((400, "IncorrectStatus.LoadBalancer"), (again.Status, (string)again.Body["Code"]!));
        Assert.Equal("Processing", (string?)jobs.SelectToken("Jobs[0].Status"));
        Assert.Equal("Configuring", (string?)now["LoadBalancerStatus"]);
        Assert.Null(now["AccessLogConfig"]);
        Assert.Empty(cloud.Product("alb").Sources());
    }

    [Fact]
    public async Task The_access_log_is_switched_on_once_and_off_once()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("alb", "alb-1");
        cloud.MakeLogstore("logs-hz", "alb_log");

        var enabled = await Enable(cloud, "alb-1", "logs-hz", "alb_log");
        var again = await Enable(cloud, "alb-1", "logs-hz", "alb_log");
        var (_, on) = await Get(cloud, "alb-1");
        var logging = Assert.Single(cloud.Product("alb").Logging());
        var disabled = await Disable(cloud, "alb-1");
        var (_, off) = await Get(cloud, "alb-1");

        Assert.Equal((400, "OperationDenied.AccessLogEnabled"), (again.Status, (string)again.Body["Code"]!));
        Assert.Equal("logs-hz", (string?)on.SelectToken("AccessLogConfig.LogProject"));
        Assert.Equal("logs-hz", Assert.Single(logging.Places).Project);
        Assert.Equal(200, disabled.Status);
        Assert.NotNull(enabled.Body["JobId"]);
        Assert.Null(disabled.Body["JobId"]);
        Assert.Null(off["AccessLogConfig"]);
    }

    [Fact]
    public async Task The_token_of_an_earlier_call_gives_its_answer_again()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("alb", "alb-1");
        cloud.MakeLogstore("logs-hz", "alb_log");

        var first = await Enable(cloud, "alb-1", "logs-hz", "alb_log", ("ClientToken", "t-1"));
        var second = await Enable(cloud, "alb-1", "logs-hz", "alb_log", ("ClientToken", "t-1"));

        Assert.Equal((string?)first.Body["JobId"], (string?)second.Body["JobId"]);
    }

    [Theory]
    [InlineData("alb-1", "nowhere", "alb_log", "ResourceNotFound.LogProject")]
    [InlineData("alb-1", "logs-sh", "alb_log", "ResourceNotFound.LogProject")]
    [InlineData("alb-1", "logs-foreign", "alb_log", "ResourceNotFound.LogProject")]
    [InlineData("alb-1", "logs-hz", "absent", "ResourceNotFound.LogStore")]
    [InlineData("alb-9", "logs-hz", "alb_log", "ResourceNotFound.LoadBalancer")]
    public async Task A_switch_that_cannot_work_is_refused(string id, string project, string logstore, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("alb", "alb-1");
        cloud.MakeLogstore("logs-hz", "alb_log");
        cloud.MakeLogstore("logs-sh", "alb_log", "cn-shanghai");
        cloud.MakeLogstore("logs-foreign", "alb_log", uid: ProductCloud.OtherUid);

        var (status, body) = await Enable(cloud, id, project, logstore);

        Assert.Equal((404, code), (status, (string)body["Code"]!));
    }

    [Fact]
    public async Task A_dry_run_says_so_and_changes_nothing()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("alb", "alb-1");
        cloud.MakeLogstore("logs-hz", "alb_log");

        var (status, body) = await Enable(cloud, "alb-1", "logs-hz", "alb_log", ("DryRun", "true"));

        Assert.Equal((400, "DryRunOperation"), (status, (string)body["Code"]!));
        Assert.Empty(Assert.Single(cloud.Product("alb").Logging()).Places);
    }

    [Fact]
    public async Task RAM_is_asked_with_the_ARN_of_the_load_balancer()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("alb", "alb-1");
        cloud.Seed("alb", "alb-2");
        var key = cloud.KeyOf(
            ProductCloud.Uid,
            "narrow",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"alb:Get*","Resource":"acs:alb:cn-hangzhou:1000000000000001:loadbalancer/alb-1"}]}"""
        );

        var own = await cloud.CallAsAsync(key, Host, Version, "GetLoadBalancerAttribute", ("LoadBalancerId", "alb-1"));
        var other = await cloud.CallAsAsync(
            key,
            Host,
            Version,
            "GetLoadBalancerAttribute",
            ("LoadBalancerId", "alb-2")
        );

        Assert.Equal(200, own.Status);
        Assert.Equal((403, "NoPermission"), (other.Status, (string)other.Body["Code"]!));
    }

    [Fact]
    public async Task Requests_are_logged_without_account_and_region()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("alb", "alb-1");
        cloud.Seed("alb", "alb-quiet", properties: ("listener", "none"));
        cloud.MakeLogstore("logs-hz", "alb_log");
        foreach (var id in (string[])["alb-1", "alb-quiet"])
        {
            _ = await Enable(cloud, id, "logs-hz", "alb_log");
        }

        var written = new LogGenerator(cloud.Cloud, 3).Write(20, "alb");

        Assert.Equal(20, written);
        Assert.All(
            StoredLogs.Of(cloud, "logs-hz", "alb_log"),
            record =>
            {
                Assert.Equal(
                    ("alb_layer7_access_log", "alb-1", "https"),
                    (record["__topic__"], record["app_lb_id"], record["scheme"])
                );
                Assert.DoesNotContain("owner_id", record.Keys);
            }
        );
    }

    [Fact]
    public async Task A_console_order_is_told_as_Create_and_the_instance_is_Provisioning_at_first()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 0.001);
        cloud.MakeLogstore("logs-hz", "alb_log");

        var deed = Assert.Single(cloud.Do("create", ProductCloud.Resource("alb", "alb-new"), byConsole: true));
        var (status, body) = await Enable(cloud, "alb-new", "logs-hz", "alb_log");

        Assert.Equal(("Alb", "Create"), (deed.Service, deed.Event));
        Assert.Empty(deed.Resources);
        Assert.Equal((400, "IncorrectStatus.LoadBalancer"), (status, (string)body["Code"]!));
    }

    private static Task<(int Status, JObject Body)> Enable(
        ProductCloud cloud,
        string id,
        string project,
        string logstore,
        params (string, string)[] more
    ) =>
        cloud.CallAsync(
            Host,
            Version,
            "EnableLoadBalancerAccessLog",
            [("LoadBalancerId", id), ("LogProject", project), ("LogStore", logstore), .. more]
        );

    private static Task<(int Status, JObject Body)> Disable(ProductCloud cloud, string id) =>
        cloud.CallAsync(Host, Version, "DisableLoadBalancerAccessLog", ("LoadBalancerId", id));

    private static Task<(int Status, JObject Body)> Get(ProductCloud cloud, string id) =>
        cloud.CallAsync(Host, Version, "GetLoadBalancerAttribute", ("LoadBalancerId", id));
}
