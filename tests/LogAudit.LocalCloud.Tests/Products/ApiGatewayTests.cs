using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class ApiGatewayTests
{
    private const string Version = "2016-07-14";
    private const string Host = "apigateway.cn-hangzhou.aliyuncs.com";

    [Fact]
    public async Task DescribeApiGroups_pages_by_number_in_the_region_of_the_host()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            cloud.Seed("apigateway", $"group-{i}");
        }
        cloud.Seed("apigateway", "group-elsewhere", "cn-shanghai");

        var (_, body) = await Call(cloud, "DescribeApiGroups", ("PageSize", "2"), ("PageNumber", "2"));
        var (status, tooMany) = await Call(cloud, "DescribeApiGroups", ("PageSize", "51"));

        Assert.Equal(3, (int)body["TotalCount"]!);
        Assert.Equal("group-2", (string?)body.SelectToken("ApiGroupAttributes.ApiGroupAttribute[0].GroupId"));
        Assert.Equal((400, "InvalidParameter"), (status, (string)tooMany["Code"]!));
    }

    [Fact]
    public async Task The_slot_of_a_region_is_filled_once_moved_and_emptied()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("logs-hz", "calls");
        cloud.MakeLogstore("logs-hz", "other");

        var withoutRole = await Fill(cloud, "CreateLogConfig", "logs-hz", "calls");
        var early = await Fill(cloud, "ModifyLogConfig", "logs-hz", "calls");
        var created = await Fill(cloud, "CreateLogConfig", "logs-hz", "calls", ("CreateSlr", "true"));
        var again = await Fill(cloud, "CreateLogConfig", "logs-hz", "calls");
        var moved = await Fill(cloud, "ModifyLogConfig", "logs-hz", "other");
        var (_, slot) = await Call(cloud, "DescribeLogConfig", ("LogType", "PROVIDER"));
        var emptied = await Call(cloud, "DeleteLogConfig", ("LogType", "PROVIDER"));
        var (_, empty) = await Call(cloud, "DescribeLogConfig");

        Assert.Equal(400, withoutRole.Status);
        Assert.Equal(404, early.Status);
        Assert.Equal((200, 400, 200, 200), (created.Status, again.Status, moved.Status, emptied.Status));
        Assert.Equal("other", (string?)slot.SelectToken("LogInfos.LogInfo[0].SlsLogStore"));
        Assert.Empty(empty.SelectToken("LogInfos.LogInfo")!);
    }

    [Theory]
    [InlineData("nowhere", "calls")]
    [InlineData("logs-sh", "calls")]
    [InlineData("logs-foreign", "calls")]
    [InlineData("logs-hz", "absent")]
    public async Task A_place_outside_account_and_region_is_refused(string project, string logstore)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("logs-hz", "calls");
        cloud.MakeLogstore("logs-sh", "calls", "cn-shanghai");
        cloud.MakeLogstore("logs-foreign", "calls", uid: ProductCloud.OtherUid);

        var (status, body) = await Fill(cloud, "CreateLogConfig", project, logstore, ("CreateSlr", "true"));

        Assert.Equal((400, "InvalidLogConfig"), (status, (string)body["Code"]!));
    }

    [Fact]
    public async Task All_groups_of_a_region_write_to_its_slot()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("apigateway", "group-a", properties: ("slot", "team-logs/calls"));
        cloud.Seed("apigateway", "group-b");
        cloud.Seed("apigateway", "group-silent", "cn-shanghai");

        var written = new LogGenerator(cloud.Cloud, 5).Write(40, "apigateway");
        var states = cloud.Product("apigateway").Logging().ToDictionary(state => state.Resource.Id);

        Assert.Equal(40, written);
        Assert.Equal(
            ["group-a", "group-b"],
            StoredLogs.Of(cloud, "team-logs", "calls").Select(record => record["apiGroupUid"]).Distinct().Order()
        );
        Assert.Equal("team-logs", Assert.Single(states["cn-hangzhou"].Places).Project);
        Assert.Empty(states["cn-shanghai"].Places);
    }

    [Fact]
    public async Task Switching_off_empties_the_slot_and_tells_of_the_region()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var group = ProductCloud.Resource("apigateway", "group-a", properties: ("slot", "team-logs/calls"));

        var created = Assert.Single(cloud.Do("create", group));
        var off = Assert.Single(cloud.Do("switchOff", group));

        Assert.Equal(("ApiGateway", "CreateApiGroup"), (created.Service, created.Event));
        Assert.Equal(("DeleteLogConfig", "cn-hangzhou"), (off.Event, (string?)off.Request!["RegionId"]));
        Assert.Empty(cloud.Product("apigateway").Sources());
    }

    private static Task<(int Status, JObject Body)> Fill(
        ProductCloud cloud,
        string action,
        string project,
        string logstore,
        params (string, string)[] more
    ) => Call(cloud, action, [("SlsProject", project), ("SlsLogStore", logstore), .. more]);

    private static Task<(int Status, JObject Body)> Call(
        ProductCloud cloud,
        string action,
        params (string, string)[] parameters
    ) => cloud.CallAsync(Host, Version, action, parameters);
}
