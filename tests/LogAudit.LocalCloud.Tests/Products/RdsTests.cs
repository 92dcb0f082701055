using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class RdsTests
{
    private const string Version = "2014-08-15";
    private const string Host = "rds.aliyuncs.com";
    private const string Das = "das.cn-shanghai.aliyuncs.com";

    [Fact]
    public async Task DescribeDBInstances_pages_by_token_and_by_number()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            cloud.Seed("rds", $"rm-{i}");
        }

        var (_, first) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBInstances",
            ("RegionId", "cn-hangzhou"),
            ("MaxResults", "3")
        );
        var (_, rest) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBInstances",
            ("RegionId", "cn-hangzhou"),
            ("MaxResults", "3"),
            ("NextToken", (string)first["NextToken"]!)
        );
        var (_, page) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBInstances",
            ("RegionId", "cn-hangzhou"),
            ("PageNumber", "2"),
            ("PageSize", "4")
        );

        Assert.Equal(["rm-0", "rm-1", "rm-2"], Ids(first));
        Assert.Equal(["rm-3", "rm-4"], Ids(rest));
        Assert.Equal("", (string?)rest["NextToken"]);
        Assert.Equal(["rm-4"], Ids(page));
        Assert.Equal(5, (int)page["TotalRecordCount"]!);
        Assert.Null(page.SelectToken("Items.DBInstance[0].Tags"));
    }

    [Fact]
    public async Task The_SQL_log_is_switched_by_DAS_and_read_back()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("rds", "rm-1");

        var (_, before) = await cloud.CallAsync(Das, "2020-01-16", "DescribeSqlLogConfig", ("InstanceId", "rm-1"));
        var (_, changed) = await cloud.CallAsync(
            Das,
            "2020-01-16",
            "ModifySqlLogConfig",
            ("InstanceId", "rm-1"),
            ("Enable", "true"),
            ("RequestEnable", "true"),
            ("Retention", "30"),
            ("HotRetention", "7")
        );
        var (_, after) = await cloud.CallAsync(Das, "2020-01-16", "DescribeSqlLogConfig", ("InstanceId", "rm-1"));
        var (_, old) = await cloud.CallAsync(Host, Version, "DescribeSQLCollectorPolicy", ("DBInstanceId", "rm-1"));

        Assert.Equal("SQL_LOG_NOT_ENABLE", (string?)before.SelectToken("Data.Version"));
        Assert.Equal("200", (string?)changed["Code"]);
        Assert.True((bool)after.SelectToken("Data.SqlLogEnable")!);
        Assert.True((bool)after.SelectToken("Data.RequestEnable")!);
        Assert.Equal("FINISH", (string?)after.SelectToken("Data.SqlLogState"));
        Assert.Equal("Enable", (string?)old["SQLCollectorStatus"]);
    }

    [Theory]
    [InlineData("rm-none", "MySQL", "HighAvailability", "Running", "InvalidDBInstanceId.NotFound")]
    [InlineData("rm-1", "MySQL", "Basic", "Running", "InstanceEngineType.NotSupport")]
    [InlineData("rm-1", "MariaDB", "HighAvailability", "Running", "InstanceEngineType.NotSupport")]
    [InlineData("rm-1", "MySQL", "HighAvailability", "Stopped", "OperationDenied.DBInstanceStatus")]
    public async Task DAS_answers_errors_inside_its_envelope(
        string id,
        string engine,
        string category,
        string status,
        string code
    )
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("rds", "rm-1", properties: [("engine", engine), ("category", category), ("status", status)]);

        var (http, body) = await cloud.CallAsync(
            Das,
            "2020-01-16",
            "ModifySqlLogConfig",
            ("InstanceId", id),
            ("Enable", "true")
        );

        Assert.Equal(200, http);
        Assert.Equal((code, "false"), ((string)body["Code"]!, (string)body["Success"]!));
    }

    [Fact]
    public async Task An_instance_is_created_first_and_runs_later()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 1);
        var (_, made) = await cloud.CallAsync(
            Host,
            Version,
            "CreateDBInstance",
            ("RegionId", "cn-hangzhou"),
            ("Engine", "MySQL")
        );

        var (_, list) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDBInstances",
            ("RegionId", "cn-hangzhou"),
            ("DBInstanceId", (string)made["DBInstanceId"]!)
        );
        var (_, refused) = await cloud.CallAsync(
            Host,
            Version,
            "ModifySQLCollectorPolicy",
            ("DBInstanceId", (string)made["DBInstanceId"]!),
            ("SQLCollectorStatus", "Enable")
        );

        Assert.Equal("Creating", (string?)list.SelectToken("Items.DBInstance[0].DBInstanceStatus"));
        Assert.Equal("OperationDenied.DBInstanceStatus", (string?)refused["Code"]);
    }

    [Fact]
    public async Task Nothing_is_logged_without_a_policy_even_with_the_switch_on()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("rds", "rm-1");
        cloud.Product("rds").SwitchOn(ProductCloud.Resource("rds", "rm-1"), default);

        Assert.Empty(cloud.Product("rds").Sources());
        Assert.All(cloud.Product("rds").Logging(), state => Assert.Empty(state.Places));
    }

    [Fact]
    public async Task A_console_order_names_no_instance()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var deed = Assert.Single(cloud.Do("create", ProductCloud.Resource("rds", "rm-new"), byConsole: true));

        Assert.Equal(("Rds", "Create"), (deed.Service, deed.Event));
        Assert.Empty(deed.Resources);
    }

    private static IEnumerable<string> Ids(JObject body) =>
        body.SelectTokens("Items.DBInstance[*].DBInstanceId").Select(t => (string)t!);
}
