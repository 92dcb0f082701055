using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class SlbTests
{
    private const string Version = "2014-05-15";
    private const string Host = "slb.aliyuncs.com";

    [Fact]
    public async Task DescribeLoadBalancers_pages_by_number_and_shows_only_the_own_account_and_region()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 12; i++)
        {
            cloud.Seed("slb", $"lb-{i:00}");
        }
        cloud.Seed("slb", "lb-elsewhere", "cn-shanghai");
        cloud.Seed("slb", "lb-foreign", uid: ProductCloud.OtherUid);

        var seen = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var (status, body) = await cloud.CallAsync(
                "slb.cn-hangzhou.aliyuncs.com",
                Version,
                "DescribeLoadBalancers",
                ("RegionId", "cn-hangzhou"),
                ("PageNumber", $"{page}"),
                ("PageSize", "5")
            );
            Assert.Equal(200, status);
            Assert.Equal(12, (int)body["TotalCount"]!);
            seen.AddRange(body.SelectTokens("LoadBalancers.LoadBalancer[*].LoadBalancerId").Select(t => (string)t!));
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"lb-{i:00}"), seen);
    }

    [Theory]
    [InlineData("PageSize", "101", "InvalidParameter")]
    [InlineData("PageSize", "10", "MissingParameter")]
    [InlineData("RegionId", "moon-1", "InvalidRegionId.NotFound")]
    [InlineData("Colour", "red", null)]
    public async Task DescribeLoadBalancers_refuses_what_the_service_refuses(string name, string value, string? code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        List<(string, string)> parameters = [(name, value)];
        if (name is not "RegionId")
        {
            parameters.Add(("RegionId", "cn-hangzhou"));
        }
        if (value is "101")
        {
            parameters.Add(("PageNumber", "1"));
        }

        var (status, body) = await cloud.CallAsync(Host, Version, "DescribeLoadBalancers", [.. parameters]);

        Assert.InRange(status, 400, 404);
        if (code is not null)
        {
            Assert.Equal(code, (string?)body["Code"]);
        }
    }

    [Fact]
    public async Task DescribeLoadBalancerListeners_pages_by_token_and_filters_by_protocol()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            cloud.Seed("slb", $"lb-{i}", properties: ("listener", i % 2 == 0 ? "http" : "tcp"));
        }

        var ids = new List<string>();
        var token = "";
        do
        {
            List<(string, string)> parameters =
            [
                ("RegionId", "cn-hangzhou"),
                ("ListenerProtocol", "http"),
                ("MaxResults", "2"),
            ];
            if (token.Length > 0)
            {
                parameters.Add(("NextToken", token));
            }
            var (_, body) = await cloud.CallAsync(Host, Version, "DescribeLoadBalancerListeners", [.. parameters]);
            ids.AddRange(body.SelectTokens("Listeners[*].LoadBalancerId").Select(t => (string)t!));
            token = (string)body["NextToken"]!;
        } while (token.Length > 0);

        Assert.Equal(["lb-0", "lb-2", "lb-4"], ids);
    }

    [Fact]
    public async Task The_access_log_attribute_is_set_once_listed_and_deleted()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("slb", "lb-1");
        cloud.MakeLogstore("logs-hz", "slb_log");

        var set = await Set(cloud, "lb-1", "logs-hz", "slb_log");
        var again = await Set(cloud, "lb-1", "logs-hz", "slb_log");
        var (_, list) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeAccessLogsDownloadAttribute",
            ("RegionId", "cn-hangzhou"),
            ("LogType", "layer7")
        );

        Assert.Equal(200, set.Status);
        Assert.Equal((400, "Operation.NotAllowed"), (again.Status, (string)again.Body["Code"]!));
        Assert.Contains(
            "AccessLogDownloadAttribute already exists",
            (string)again.Body["Message"]!,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "logs-hz",
            (string?)list.SelectToken("LogsDownloadAttributes.LogsDownloadAttribute[0].LogProject")
        );
        Assert.Single(cloud.Product("slb").Sources());

        var (status, _) = await cloud.CallAsync(
            Host,
            Version,
            "DeleteAccessLogsDownloadAttribute",
            ("RegionId", "cn-hangzhou"),
            ("LogsDownloadAttributes", Rule("lb-1", "logs-hz", "slb_log"))
        );
        Assert.Equal(200, status);
        Assert.Empty(cloud.Product("slb").Sources());
    }

    [Theory]
    [InlineData("nowhere", "slb_log", "InvalidProject.NotExist")]
    [InlineData("logs-sh", "slb_log", "InvalidProject.NotExist")]
    [InlineData("logs-foreign", "slb_log", "InvalidProject.NotExist")]
    [InlineData("logs-hz", "absent", "InvalidLogStore.NotExist")]
    public async Task A_destination_outside_account_and_region_is_refused(string project, string logstore, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("slb", "lb-1");
        cloud.MakeLogstore("logs-hz", "slb_log");
        cloud.MakeLogstore("logs-sh", "slb_log", "cn-shanghai");
        cloud.MakeLogstore("logs-foreign", "slb_log", uid: ProductCloud.OtherUid);

        var (status, body) = await Set(cloud, "lb-1", project, logstore);

        Assert.Equal((400, code), (status, (string)body["Code"]!));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""[{"LogProject":"p"}]""")]
    public async Task A_malformed_rule_is_refused(string rules)
    {
        await using var cloud = await ProductCloud.StartAsync();

        var (status, body) = await cloud.CallAsync(
            Host,
            Version,
            "SetAccessLogsDownloadAttribute",
            ("RegionId", "cn-hangzhou"),
            ("LogsDownloadAttributes", rules)
        );

        Assert.Equal((400, "InvalidParameter"), (status, (string)body["Code"]!));
    }

    [Fact]
    public async Task Without_a_layer_7_listener_nothing_is_logged_and_the_reason_is_told()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("slb", "lb-tcp", properties: ("listener", "tcp"));
        cloud.MakeLogstore("logs-hz", "slb_log");
        _ = await Set(cloud, "lb-tcp", "logs-hz", "slb_log");

        var state = Assert.Single(cloud.Product("slb").Logging());

        Assert.Equal("no HTTP or HTTPS listener", state.WhyNot);
        Assert.Empty(cloud.Product("slb").Sources());
    }

    [Fact]
    public async Task A_load_balancer_made_by_API_logs_once_its_listener_runs()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("logs-hz", "slb_log");
        var (_, made) = await cloud.CallAsync(
            Host,
            Version,
            "CreateLoadBalancer",
            ("RegionId", "cn-hangzhou"),
            ("Tag.1.Key", "env"),
            ("Tag.1.Value", "prod")
        );
        var id = (string)made["LoadBalancerId"]!;
        await cloud.CallAsync(
            Host,
            Version,
            "CreateLoadBalancerHTTPListener",
            ("LoadBalancerId", id),
            ("ListenerPort", "80")
        );
        _ = await Set(cloud, id, "logs-hz", "slb_log");

        Assert.Empty(cloud.Product("slb").Sources());
        await cloud.CallAsync(
            Host,
            Version,
            "StartLoadBalancerListener",
            ("LoadBalancerId", id),
            ("ListenerPort", "80")
        );
        Assert.Single(cloud.Product("slb").Sources());

        var (_, tags) = await cloud.CallAsync(
            Host,
            Version,
            "ListTagResources",
            ("RegionId", "cn-hangzhou"),
            ("ResourceType", "instance"),
            ("ResourceId.1", id)
        );
        Assert.Equal("prod", (string?)tags.SelectToken("TagResources.TagResource[0].TagValue"));
    }

    [Fact]
    public async Task RAM_is_asked_with_the_ARN_of_the_instance_that_the_rule_names()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("slb", "lb-1");
        cloud.Seed("slb", "lb-2");
        cloud.MakeLogstore("logs-hz", "slb_log");
        var key = cloud.KeyOf(
            ProductCloud.Uid,
            "narrow",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"slb:SetAccessLogsDownloadAttribute","Resource":"acs:slb:cn-hangzhou:1000000000000001:loadbalancer/lb-1"}]}"""
        );

        var own = await cloud.CallAsAsync(
            key,
            Host,
            Version,
            "SetAccessLogsDownloadAttribute",
            ("RegionId", "cn-hangzhou"),
            ("LogsDownloadAttributes", Rule("lb-1", "logs-hz", "slb_log"))
        );
        var other = await cloud.CallAsAsync(
            key,
            Host,
            Version,
            "SetAccessLogsDownloadAttribute",
            ("RegionId", "cn-hangzhou"),
            ("LogsDownloadAttributes", Rule("lb-2", "logs-hz", "slb_log"))
        );

        Assert.Equal(200, own.Status);
        Assert.Equal((403, "NoPermission"), (other.Status, (string)other.Body["Code"]!));
    }

    [Fact]
    public async Task A_console_order_is_told_as_Create_without_the_id()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var deeds = cloud.Do(
            "create",
            ProductCloud.Resource("slb", "lb-new", properties: ("listener", "none")),
            byConsole: true
        );

        var deed = Assert.Single(deeds);
        Assert.Equal(("Slb", "Create"), (deed.Service, deed.Event));
        Assert.DoesNotContain("lb-new", deed.Request!.ToString(), StringComparison.Ordinal);
        Assert.Empty(deed.Resources);
    }

    private static Task<(int Status, JObject Body)> Set(
        ProductCloud cloud,
        string id,
        string project,
        string logstore
    ) =>
        cloud.CallAsync(
            Host,
            Version,
            "SetAccessLogsDownloadAttribute",
            ("RegionId", "cn-hangzhou"),
            ("LogsDownloadAttributes", Rule(id, project, logstore))
        );

    private static string Rule(string id, string project, string logstore) =>
        $$"""[{"logProject":"{{project}}","LogStore":"{{logstore}}","LoadBalancerId":"{{id}}"}]""";
}
