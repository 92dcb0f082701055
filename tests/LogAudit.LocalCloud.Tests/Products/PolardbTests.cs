using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class PolardbTests
{
    private const string Version = "2017-08-01";
    private const string Host = "polardb.aliyuncs.com";
    private const string Das = "das.cn-shanghai.aliyuncs.com";

    [Fact]
    public async Task DescribeDBClusters_pages_by_number_in_three_sizes_only_and_shows_tags_and_nodes()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 32; i++)
        {
            cloud.Seed("polardb", $"pc-{i:00}");
        }

        var (_, first) = await ListAsync(cloud, ("PageSize", "30"));
        var (_, second) = await ListAsync(cloud, ("PageSize", "30"), ("PageNumber", "2"));
        var (refused, error) = await ListAsync(cloud, ("PageSize", "40"));

        Assert.Equal((30, 32), (first.SelectToken("Items.DBCluster")!.Count(), (int)first["TotalRecordCount"]!));
        Assert.Equal(["pc-30", "pc-31"], second.SelectTokens("Items.DBCluster[*].DBClusterId").Values<string>());
        Assert.Equal(
            ["pi-00-rw", "pi-00-ro"],
            first.SelectTokens("Items.DBCluster[0].DBNodes.DBNode[*].DBNodeId").Values<string>()
        );
        Assert.NotNull(first.SelectToken("Items.DBCluster[0].Tags.Tag"));
        Assert.Equal((400, "InvalidPageSize.Malformed"), (refused, (string?)error["Code"]));
    }

    [Fact]
    public async Task The_collector_is_written_Disable_and_read_back_Disabled_and_DAS_sees_the_same_switch()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("polardb", "pc-1");

        await CollectorAsync(cloud, "Enable");
        var (_, das) = await cloud.CallAsync(Das, "2020-01-16", "DescribeSqlLogConfig", ("InstanceId", "pc-1"));
        await CollectorAsync(cloud, "Disable");
        var (_, after) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBClusterAuditLogCollector",
            ("DBClusterId", "pc-1")
        );

        Assert.True((bool)das.SelectToken("Data.SqlLogEnable")!);
        Assert.Equal("Disabled", (string?)after["CollectorStatus"]);
    }

    [Fact]
    public async Task A_cluster_that_is_not_running_refuses_changes_and_somebody_elses_is_not_there()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("polardb", "pc-1", properties: ("status", "Stopped"));
        cloud.Seed("polardb", "pc-2", uid: ProductCloud.OtherUid);

        var (stopped, why) = await cloud.CallAsync(
            Host,
            Version,
            "ModifyDBClusterAuditLogCollector",
            ("DBClusterId", "pc-1"),
            ("CollectorStatus", "Enable")
        );
        var (gone, _) = await cloud.CallAsync(Host, Version, "DescribeDBClusterAttribute", ("DBClusterId", "pc-2"));

        Assert.Equal((403, "OperationDenied.DBClusterStatus"), (stopped, (string?)why["Code"]));
        Assert.Equal(404, gone);
    }

    [Fact]
    public async Task Performance_of_a_cluster_holds_every_node_and_that_of_a_node_its_own_points()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("polardb", "pc-1");
        (string, string)[] window =
        [
            ("StartTime", "2026-01-01T00:00Z"),
            ("EndTime", "2026-01-01T00:04Z"),
            ("Key", "PolarDBQPSTPS"),
        ];

        var (_, cluster) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBClusterPerformance",
            [("DBClusterId", "pc-1"), .. window]
        );
        var (_, node) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBNodePerformance",
            [("DBNodeId", "pi-1-ro"), .. window]
        );

        var items = cluster.SelectTokens("PerformanceKeys.PerformanceItem[*]").ToList();
        Assert.Equal(4, items.Count);
        Assert.All(items, item => Assert.Equal(5, item.SelectToken("Points.PerformanceItemValue")!.Count()));
        var own = node.SelectTokens("PerformanceKeys.PerformanceItem[*]").ToList();
        Assert.Equal(2, own.Count);
        Assert.Contains(items, item => JToken.DeepEquals(item, own[0]));
    }

    [Fact]
    public async Task The_error_log_is_read_by_DAS_in_milliseconds_and_the_same_rows_come_again()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("polardb", "pc-1");
        var end = cloud.Cloud.Clock.GetUtcNow().AddMinutes(-10);
        (string, string)[] call =
        [
            ("InstanceId", "pc-1"),
            ("StartTime", $"{end.AddMinutes(-30).ToUnixTimeMilliseconds()}"),
            ("EndTime", $"{end.ToUnixTimeMilliseconds()}"),
            ("PageSize", "100"),
        ];

        var (_, once) = await cloud.CallAsync(Das, "2020-01-16", "DescribeErrorLogRecords", call);
        var (_, again) = await cloud.CallAsync(Das, "2020-01-16", "DescribeErrorLogRecords", call);

        Assert.NotEmpty(once.SelectToken("Data.Logs")!);
        Assert.True(JToken.DeepEquals(once["Data"], again["Data"]));
    }

    private static Task<(int Status, JObject Body)> ListAsync(
        ProductCloud cloud,
        params (string Name, string Value)[] with
    ) => cloud.CallAsync(Host, Version, "DescribeDBClusters", [("RegionId", "cn-hangzhou"), .. with]);

    private static Task CollectorAsync(ProductCloud cloud, string status) =>
        cloud.CallAsync(
            Host,
            Version,
            "ModifyDBClusterAuditLogCollector",
            ("DBClusterId", "pc-1"),
            ("CollectorStatus", status)
        );
}
