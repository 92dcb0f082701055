using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class SasTests
{
    private const string Version = "2018-12-03";
    private const string Mainland = "tds.cn-shanghai.aliyuncs.com";

    [Fact]
    public async Task DescribeLogMeta_lists_the_switches_of_one_site_and_only_when_asked_for_sas()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1", "cn-shanghai");

        var (_, mainland) = await cloud.CallAsync(Mainland, Version, "DescribeLogMeta", ("From", "sas"));
        var (_, abroad) = await cloud.CallAsync(
            "tds.ap-southeast-1.aliyuncs.com",
            Version,
            "DescribeLogMeta",
            ("From", "sas")
        );
        var (_, aegis) = await cloud.CallAsync(Mainland, Version, "DescribeLogMeta");

        Assert.Equal(SasRecords.Ids, mainland.SelectTokens("LogMetaList[*].LogStore").Select(id => (string)id!));
        Assert.All(
            mainland.SelectTokens("LogMetaList[*]"),
            row =>
                Assert.Equal(
                    "disabled cn-hangzhou/sas-log-1000000000000001-cn-hangzhou/sas-log",
                    $"{row["Status"]} {row["UserRegion"]}/{row["UserProject"]}/{row["UserLogStore"]}"
                )
        );
        Assert.Equal((0, 0), ((int)abroad["TotalCount"]!, (int)aegis["TotalCount"]!));
    }

    [Fact]
    public async Task Account_without_a_subscription_is_on_the_free_edition_and_can_open_nothing()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var (_, version) = await cloud.CallAsync(Mainland, Version, "DescribeVersionConfig");
        var (_, shipper) = await cloud.CallAsync(Mainland, Version, "DescribeLogShipperStatus", ("From", "sas"));
        var (status, refusal) = await cloud.CallAsync(Mainland, Version, "ModifyOpenLogShipper", ("From", "sas"));

        Assert.Equal(("", 1), ((string)version["InstanceId"]!, (int)version["Version"]!));
        Assert.Equal("no", (string)shipper["LogShipperStatus"]!["BuyStatus"]!);
        Assert.Equal((400, "LogShipperNotReady"), (status, (string)refusal["Code"]!));
    }

    [Fact]
    public async Task ModifyOpenLogShipper_makes_the_project_that_the_product_chose()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1", properties: ("opened", "false"));
        const string project = "sas-log-1000000000000001-cn-hangzhou";
        Assert.Null(cloud.Storage.FindProject(project));

        var (status, _) = await cloud.CallAsync(Mainland, Version, "ModifyOpenLogShipper", ("From", "sas"));

        Assert.Equal(200, status);
        Assert.Equal("cn-hangzhou", cloud.Storage.FindProject(project)!.Region);
        Assert.True(cloud.Storage.LogstoreExists(project, "sas-log"));
    }

    [Fact]
    public async Task ModifyLogMetaStatus_shows_a_little_later_and_then_only_that_kind_logs()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1");

        var (status, _) = await Switch(cloud, "aegis-log-login", "enabled");
        var (_, one) = await cloud.CallAsync(Mainland, Version, "GetLogMeta", ("LogStore", "aegis-log-login"));
        var written = new LogGenerator(cloud.Cloud, seed: 1).Write(50, "sas");

        Assert.Equal(200, status);
        Assert.Equal("enabled", (string)one["LogMeta"]!["Status"]!);
        var records = StoredLogs.Of(cloud, "sas-log-1000000000000001-cn-hangzhou", "sas-log");
        Assert.Equal(written, records.Count);
        Assert.All(
            records,
            record =>
            {
                Assert.Equal("aegis-log-login", record["__topic__"]);
                Assert.Contains(record["warn_type"], new[] { "SSHLOGIN", "RDPLOGIN" });
            }
        );
    }

    [Fact]
    public async Task ModifyLogMetaStatus_is_still_read_as_before_until_the_documented_seconds_have_passed()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 0.001);
        cloud.Seed("sas", "sas-1");

        await Switch(cloud, "aegis-log-login", "enabled");
        var (_, one) = await cloud.CallAsync(Mainland, Version, "GetLogMeta", ("LogStore", "aegis-log-login"));

        Assert.Equal("disabled", (string)one["LogMeta"]!["Status"]!);
    }

    [Theory]
    [InlineData("sas-log-dns")]
    [InlineData("local-dns")]
    [InlineData("sas-log-session")]
    [InlineData("sas-log-http")]
    public async Task ModifyLogMetaStatus_refuses_the_kinds_that_ended(string id)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1");

        var (status, refusal) = await Switch(cloud, id, "enabled");

        Assert.Equal((400, "InvalidLogStore"), (status, (string)refusal["Code"]!));
    }

    [Fact]
    public async Task ResetLogShipper_changes_the_days_only_where_log_analysis_is_paid_by_use()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1");
        cloud.Seed("sas", "sas-2", uid: ProductCloud.OtherUid, properties: ("logAnalysis", "payAsYouGo"));

        var (bought, _) = await cloud.CallAsync(Mainland, Version, "ResetLogShipper", ("Ttl", "365"));
        var other = cloud.OtherKey();
        var (byUse, _) = await cloud.CallAsAsync(other, Mainland, Version, "ResetLogShipper", ("Ttl", "365"));
        var (_, storage) = await cloud.CallAsAsync(
            other,
            Mainland,
            Version,
            "DescribeLogstoreStorage",
            ("From", "sas")
        );

        Assert.Equal((400, 200), (bought, byUse));
        Assert.Equal(365, (int)storage["Ttl"]!);
    }

    [Fact]
    public async Task Calls_are_denied_without_the_RAM_action_of_their_name()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1");
        var reader = cloud.KeyOf(
            ProductCloud.Uid,
            "reader",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"yundun-sas:Describe*","Resource":"*"}]}"""
        );

        var (read, _) = await cloud.CallAsAsync(reader, Mainland, Version, "DescribeLogMeta", ("From", "sas"));
        var (write, _) = await cloud.CallAsAsync(
            reader,
            Mainland,
            Version,
            "ModifyLogMetaStatus",
            ("LogStore", "aegis-log-login"),
            ("Status", "enabled")
        );

        Assert.Equal((200, 403), (read, write));
    }

    [Fact]
    public async Task Switching_off_by_hand_is_told_kind_by_kind_and_ends_the_logs()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("sas", "sas-1");
        var resource = ProductCloud.Resource("sas", "sas-1");
        lock (cloud.Cloud.Gate)
        {
            cloud.Product("sas").SwitchOn(resource, default);
        }

        Assert.Equal(16, cloud.Product("sas").Sources().Count());
        var deeds = cloud.Do("switchOff", resource);

        Assert.Equal(SasRecords.Ids, deeds.Select(deed => (string)deed.Request!["LogStore"]!));
        Assert.Empty(cloud.Product("sas").Sources());
        Assert.All(cloud.Product("sas").Logging(), state => Assert.Empty(state.Places));
    }

    private static Task<(int Status, JObject Body)> Switch(ProductCloud cloud, string id, string status) =>
        cloud.CallAsync(
            Mainland,
            Version,
            "ModifyLogMetaStatus",
            ("LogStore", id),
            ("Status", status),
            ("From", "sas"),
            ("Project", "sas")
        );
}
