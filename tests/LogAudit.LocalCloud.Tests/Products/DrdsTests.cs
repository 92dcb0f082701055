using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class DrdsTests
{
    private const string Version = "2019-01-23";
    private const string Host = "drds.cn-hangzhou.aliyuncs.com";
    private const string Project = "drds-audit-cn-hangzhou-1000000000000001";

    [Fact]
    public async Task DescribeDrdsInstances_pages_by_number_and_shows_a_zone_as_the_region()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            cloud.Seed("drds", $"drds{i}");
        }
        cloud.Seed("drds", "drdsforeign", uid: ProductCloud.OtherUid);

        var (_, first) = await List(cloud, ("PageSize", "2"));
        var (_, second) = await List(cloud, ("PageSize", "2"), ("PageNumber", "2"));
        var (_, newer) = await List(cloud, ("ProductVersion", "V2"));

        Assert.Equal(3, (int)first["Total"]!);
        Assert.Equal("drds2", (string?)second.SelectToken("Instances.Instance[0].DrdsInstanceId"));
        Assert.Equal("cn-hangzhou-b", (string?)first.SelectToken("Instances.Instance[0].RegionId"));
        Assert.Equal(0, (int)newer["Total"]!);
    }

    [Fact]
    public async Task The_audit_of_each_database_is_a_switch_of_its_own()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("drds", "drds1", properties: ("databases", "orders,stock"));

        var enabled = await Call(cloud, "EnableSqlAudit", "orders");
        var again = await Call(cloud, "EnableSqlAudit", "orders");
        var (_, status) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeDrdsSqlAuditStatus",
            ("DrdsInstanceId", "drds1")
        );
        var (_, place) = await Call(cloud, "DescribeInstDbSlsInfo", "orders");
        var (_, check) = await Call(cloud, "CheckSqlAuditEnableStatus", "stock");

        Assert.Equal((200, 200), (enabled.Status, again.Status));
        Assert.Equal(["true", "false"], status.SelectTokens("Data.Data[*].Enabled").Select(one => (string)one!));
        Assert.Equal(Project, (string?)place.SelectToken("AuditInfo.Project"));
        Assert.Equal("disabled", (string?)check["Status"]);
        Assert.Empty(Assert.Single(cloud.Product("drds").Logging()).Places);
    }

    [Fact]
    public async Task Statements_of_audited_databases_go_to_the_project_of_the_product()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("drds", "drds1", properties: ("databases", "orders,stock"));
        _ = await Call(cloud, "EnableSqlAudit", "orders");

        var written = new LogGenerator(cloud.Cloud, 5).Write(15, "drds");
        _ = await Call(cloud, "DisableSqlAudit", "orders");

        Assert.Equal(15, written);
        Assert.All(
            StoredLogs.Of(cloud, Project, "drds-audit-log"),
            record => Assert.Equal(("drds_audit_log_drds1_orders", "orders"), (record["__topic__"], record["db_name"]))
        );
        Assert.Empty(cloud.Product("drds").Sources());
    }

    [Theory]
    [InlineData("drds9", "orders", 404, "InvalidDrdsInstanceId.NotFound")]
    [InlineData("drds1", "absent", 404, "InvalidDbName.NotFound")]
    [InlineData("drdsnew", "orders", 400, "InvalidDrdsInstance.NotRunning")]
    public async Task A_switch_that_cannot_work_is_refused(string id, string database, int status, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("drds", "drds1");
        cloud.Seed("drds", "drdsnew", properties: ("status", "DO_CREATE"));

        var answer = await Call(cloud, "EnableSqlAudit", database, id);

        Assert.Equal((status, code), (answer.Status, (string)answer.Body["Code"]!));
    }

    [Fact]
    public async Task A_new_instance_is_told_with_its_databases_and_switching_off_tells_each()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var resource = ProductCloud.Resource("drds", "drds1", properties: ("databases", "orders,stock"));

        var created = cloud.Do("create", resource);
        _ = await Call(cloud, "EnableSqlAudit", "stock");
        var off = cloud.Do("switchOff", resource);

        Assert.Equal(["CreateDrdsInstance", "CreateDrdsDB", "CreateDrdsDB"], created.Select(deed => deed.Event));
        Assert.Equal("stock", (string?)Assert.Single(off).Request!["DbName"]);
    }

    private static Task<(int Status, JObject Body)> List(ProductCloud cloud, params (string, string)[] more) =>
        cloud.CallAsync(Host, Version, "DescribeDrdsInstances", [("RegionId", "cn-hangzhou"), .. more]);

    private static Task<(int Status, JObject Body)> Call(
        ProductCloud cloud,
        string action,
        string database,
        string id = "drds1"
    ) => cloud.CallAsync(Host, Version, action, ("DrdsInstanceId", id), ("DbName", database));
}
