using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class VpcTests
{
    private const string Version = "2016-04-28";
    private const string Host = "vpc.cn-hangzhou.aliyuncs.com";

    [Fact]
    public async Task A_flow_log_is_refused_until_the_service_is_open_and_then_becomes_active()
    {
        await using var cloud = await ReadyAsync();
        cloud.Seed("vpc", "vpc-1");

        var early = await Create(cloud, "vpc-1");
        await Call(cloud, "OpenFlowLogService");
        var made = await Create(cloud, "vpc-1");
        var (_, list) = await Call(cloud, "DescribeFlowLogs", ("ResourceId", "vpc-1"));

        Assert.Equal(400, early.Status);
        Assert.Equal(200, made.Status);
        var log = list.SelectToken("FlowLogs.FlowLog[0]")!;
        Assert.Equal((string?)made.Body["FlowLogId"], (string?)log["FlowLogId"]);
        Assert.Equal("Active", (string?)log["Status"]);
        Assert.Equal(JTokenType.String, list["TotalCount"]!.Type);
        Assert.Single(cloud.Product("vpc").Sources());
    }

    [Fact]
    public async Task A_new_flow_log_is_activating_and_cannot_be_switched_meanwhile()
    {
        await using var cloud = await ReadyAsync(delayScale: 1);
        cloud.Seed("vpc", "vpc-1");
        await Call(cloud, "OpenFlowLogService");
        await Task.Delay(TimeSpan.FromSeconds(1.1), TimeProvider.System, CancellationToken.None);

        var (_, made) = await Create(cloud, "vpc-1");
        var (_, list) = await Call(cloud, "DescribeFlowLogs");
        var (_, refused) = await Call(cloud, "DeactiveFlowLog", ("FlowLogId", (string)made["FlowLogId"]!));
        var (_, parallel) = await Create(cloud, "vpc-1");

        Assert.Equal("Activating", (string?)list.SelectToken("FlowLogs.FlowLog[0].Status"));
        Assert.Equal("IncorrectStatus.flowlog", (string?)refused["Code"]);
        Assert.Equal("TaskConflict", (string?)parallel["Code"]);
    }

    [Fact]
    public async Task CreateFlowLog_is_not_idempotent_and_the_eleventh_is_over_the_quota()
    {
        await using var cloud = await ReadyAsync();
        cloud.Seed("vpc", "vpc-1");
        await Call(cloud, "OpenFlowLogService");

        var answers = new List<int>();
        for (var i = 0; i < 11; i++)
        {
            answers.Add((await Create(cloud, "vpc-1")).Status);
        }

        Assert.Equal([.. Enumerable.Repeat(200, 10), 400], answers);
    }

    [Fact]
    public async Task A_VPC_with_an_excluded_family_has_no_flow_log_until_the_instance_is_released()
    {
        await using var cloud = await ReadyAsync();
        cloud.Seed("vpc", "vpc-1", properties: ("families", "ecs.g7,ecs.n4"));
        await Call(cloud, "OpenFlowLogService");

        var (status, _) = await Create(cloud, "vpc-1");
        var why = Assert.Single(cloud.Product("vpc").Logging()).WhyNot;
        var (_, instances) = await cloud.CallAsync(
            "ecs.cn-hangzhou.aliyuncs.com",
            "2014-05-26",
            "DescribeInstances",
            ("RegionId", "cn-hangzhou"),
            ("VpcId", "vpc-1")
        );
        var deeds = cloud.Do("releaseInstances", ProductCloud.Resource("vpc", "vpc-1"));
        var after = await Create(cloud, "vpc-1");

        Assert.Equal(400, status);
        Assert.Contains("ecs.n4", why, StringComparison.Ordinal);
        Assert.Equal(
            ["ecs.g7", "ecs.n4"],
            instances.SelectTokens("Instances.Instance[*].InstanceTypeFamily").Select(t => (string)t!)
        );
        Assert.Equal(("Ecs", "DeleteInstance"), (Assert.Single(deeds).Service, deeds[0].Event));
        Assert.Equal(200, after.Status);
    }

    [Theory]
    [InlineData("ProjectName", "nowhere")]
    [InlineData("ProjectName", "logs-sh")]
    [InlineData("ProjectName", "logs-foreign")]
    [InlineData("LogStoreName", "absent")]
    [InlineData("TrafficType", "Some")]
    [InlineData("AggregationInterval", "7")]
    [InlineData("ResourceId", "vpc-9")]
    public async Task CreateFlowLog_refuses_what_the_service_refuses(string name, string value)
    {
        await using var cloud = await ReadyAsync();
        cloud.Seed("vpc", "vpc-1");
        cloud.MakeLogstore("logs-sh", "vpc_log", "cn-shanghai");
        cloud.MakeLogstore("logs-foreign", "vpc_log", uid: ProductCloud.OtherUid);
        await Call(cloud, "OpenFlowLogService");

        var (status, _) = await Create(cloud, "vpc-1", (name, value));

        Assert.InRange(status, 400, 404);
    }

    [Fact]
    public async Task DescribeVpcs_pages_by_number()
    {
        await using var cloud = await ReadyAsync();
        for (var i = 0; i < 7; i++)
        {
            cloud.Seed("vpc", $"vpc-{i}");
        }

        var (_, body) = await Call(cloud, "DescribeVpcs", ("PageNumber", "2"), ("PageSize", "5"));

        Assert.Equal(["vpc-5", "vpc-6"], body.SelectTokens("Vpcs.Vpc[*].VpcId").Select(t => (string)t!));
        Assert.Equal(7, (int)body["TotalCount"]!);
        Assert.Equal(400, (await Call(cloud, "DescribeVpcs", ("PageSize", "51"))).Status);
    }

    private static async Task<ProductCloud> ReadyAsync(double delayScale = 1_000_000)
    {
        var cloud = await ProductCloud.StartAsync(delayScale);
        cloud.MakeLogstore("logs-hz", "vpc_log");
        return cloud;
    }

    private static Task<(int Status, JObject Body)> Call(
        ProductCloud cloud,
        string action,
        params (string, string)[] more
    ) => cloud.CallAsync(Host, Version, action, [("RegionId", "cn-hangzhou"), .. more]);

    private static Task<(int Status, JObject Body)> Create(
        ProductCloud cloud,
        string vpcId,
        params (string Name, string Value)[] other
    )
    {
        var parameters = new Dictionary<string, string>
        {
            ["ResourceType"] = "VPC",
            ["ResourceId"] = vpcId,
            ["TrafficType"] = "All",
            ["ProjectName"] = "logs-hz",
            ["LogStoreName"] = "vpc_log",
        };
        foreach (var (name, value) in other)
        {
            parameters[name] = value;
        }
        return Call(cloud, "CreateFlowLog", [.. parameters.Select(p => (p.Key, p.Value))]);
    }
}
