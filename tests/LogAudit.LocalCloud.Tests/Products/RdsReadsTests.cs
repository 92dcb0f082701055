using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class RdsReadsTests
{
    private const string Version = "2014-08-15";
    private const string Host = "rds.aliyuncs.com";

    [Fact]
    public async Task Slow_statements_of_a_window_are_paged_and_each_is_shown_once()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("rds", "rm-1");
        var logs = cloud.Cloud.Services.Get<ReadableLogs>();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var texts = new List<string>();
        for (var page = 1; page <= 2; page++)
        {
            var (_, answer) = await ReadAsync(
                cloud,
                "DescribeSlowLogRecords",
                ("PageSize", "40"),
                ("PageNumber", $"{page}")
            );
            texts.AddRange(answer.SelectTokens("Items.SQLSlowRecord[*].SQLText").Values<string>()!);
        }

        var rows = logs.All("rm-1", "slow", start, start.AddMinutes(40)).ToList();
        Assert.InRange(rows.Count, 41, 80);
        Assert.Equal(rows.Count, texts.Count);
        Assert.All(rows, row => Assert.Contains(texts, text => text.Contains(row.Marker, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("DescribeErrorLogs", "PageSize", "200", "InvalidParameter")]
    [InlineData("DescribeErrorLogs", "EndTime", "2026-01-01 00:40", "InvalidEndTime.Malformed")]
    [InlineData("DescribeSlowLogRecords", "StartTime", "2026-01-02T00:00Z", "InvalidEndTime.Malformed")]
    [InlineData("DescribeDBInstancePerformance", "Key", "MySQL_Nothing", "InvalidKey.NotFound")]
    public async Task What_the_service_refuses_is_refused(string action, string name, string value, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("rds", "rm-1");

        var (status, error) = await ReadAsync(cloud, action, (name, value));

        Assert.Equal((400, code), (status, (string?)error["Code"]));
    }

    [Fact]
    public async Task Performance_joins_the_values_of_a_key_as_its_format_says()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("rds", "rm-1");

        var (_, answer) = await ReadAsync(cloud, "DescribeDBInstancePerformance", ("Key", "MySQL_QPSTPS,MySQL_IOPS"));

        var keys = answer.SelectTokens("PerformanceKeys.PerformanceKey[*]").ToList();
        Assert.Equal(["QPS&TPS", "io"], keys.Select(key => (string?)key["ValueFormat"]));
        var points = keys[0].SelectToken("Values.PerformanceValue")!;
        Assert.Equal(41, points.Count());
        Assert.All(points, point => Assert.Equal(2, ((string)point["Value"]!).Split('&').Length));
    }

    private static Task<(int Status, JObject Body)> ReadAsync(
        ProductCloud cloud,
        string action,
        params (string Name, string Value)[] with
    )
    {
        var parameters = new Dictionary<string, string>
        {
            ["DBInstanceId"] = "rm-1",
            ["StartTime"] = "2026-01-01T00:00Z",
            ["EndTime"] = "2026-01-01T00:40Z",
        };
        foreach (var (name, value) in with)
        {
            parameters[name] = value;
        }

        return cloud.CallAsync(Host, Version, action, [.. parameters.Select(pair => (pair.Key, pair.Value))]);
    }
}
