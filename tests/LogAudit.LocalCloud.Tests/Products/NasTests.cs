using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class NasTests
{
    private const string Version = "2017-06-26";
    private const string Host = "nas.cn-hangzhou.aliyuncs.com";
    private const string Project = "nas-1000000000000001-cn-hangzhou";

    [Fact]
    public async Task DescribeFileSystems_pages_by_number_and_filters_by_type()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            cloud.Seed("nas", $"nas-{i}");
        }
        cloud.Seed("nas", "nas-fast", properties: ("type", "extreme"));
        cloud.Seed("nas", "nas-foreign", uid: ProductCloud.OtherUid);

        var (_, first) = await Files(cloud, ("FileSystemType", "standard"), ("PageSize", "2"));
        var (_, second) = await Files(cloud, ("FileSystemType", "standard"), ("PageSize", "2"), ("PageNumber", "2"));
        var (_, all) = await Files(cloud, ("FileSystemType", "all"));
        var (status, gone) = await Files(cloud, ("FileSystemId", "nas-foreign"));

        Assert.Equal(["nas-0", "nas-1"], Ids(first));
        Assert.Equal(["nas-2"], Ids(second));
        Assert.Equal(4, (int)all["TotalCount"]!);
        Assert.Equal((404, "InvalidFileSystem.NotFound"), (status, (string)gone["Code"]!));

        static IEnumerable<string> Ids(JObject body) =>
            body.SelectTokens("FileSystems.FileSystem[*].FileSystemId").Select(id => (string)id!);
    }

    [Fact]
    public async Task Log_analysis_makes_the_project_writes_there_and_leaves_it_when_switched_off()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("nas", "nas-1");
        cloud.Seed("nas", "nas-2", properties: ("protocol", "SMB"));

        var created = await Switch(cloud, "CreateLogAnalysis", "nas-1");
        var smb = await Switch(cloud, "CreateLogAnalysis", "nas-2");
        var again = await Switch(cloud, "CreateLogAnalysis", "nas-1");
        var (_, list) = await cloud.CallAsync(Host, Version, "DescribeLogAnalysis", ("RegionId", "cn-hangzhou"));
        var written = new LogGenerator(cloud.Cloud, 5).Write(20, "nas");
        var removed = await Switch(cloud, "DeleteLogAnalysis", "nas-1");

        Assert.Equal((200, 200, 400, 200), (created.Status, smb.Status, again.Status, removed.Status));
        Assert.Equal(["nas-1", "nas-2"], list.SelectTokens("Analyses.Analysis[*].MetaKey").Select(id => (string)id!));
        Assert.Equal("nas-nfs", (string?)list.SelectToken("Analyses.Analysis[0].MetaValue.Logstore"));
        Assert.Equal(20, written);
        Assert.All(
            StoredLogs.Of(cloud, Project, "nas-nfs"),
            record => Assert.Equal(("nas_audit_log", "nas-1"), (record["__topic__"], record["Volume"]))
        );
        Assert.All(
            StoredLogs.Of(cloud, Project, "nas-smb-access-log"),
            record => Assert.Equal("nas-2", record["VolumeID"])
        );
        Assert.True(cloud.Storage.LogstoreExists(Project, "nas-nfs"));
    }

    [Theory]
    [InlineData("nas-parallel", 400, "InvalidFilesystemType.NotSupport")]
    [InlineData("nas-new", 400, "InvalidFileSystemStatus.Ordering")]
    [InlineData("nas-none", 404, "InvalidFileSystem.NotFound")]
    public async Task A_switch_that_cannot_work_is_refused(string id, int status, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("nas", "nas-parallel", properties: ("type", "cpfs"));
        cloud.Seed("nas", "nas-new", properties: ("status", "Pending"));

        var answer = await Switch(cloud, "CreateLogAnalysis", id);

        Assert.Equal((status, code), (answer.Status, (string)answer.Body["Code"]!));
    }

    [Fact]
    public async Task Who_may_not_make_the_role_cannot_switch_log_analysis_on()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("nas", "nas-1");
        var key = cloud.KeyOf(
            ProductCloud.Uid,
            "narrow",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"nas:*","Resource":"acs:nas:cn-hangzhou:1000000000000001:filesystem/nas-1"}]}"""
        );

        var (status, body) = await cloud.CallAsAsync(
            key,
            Host,
            Version,
            "CreateLogAnalysis",
            ("RegionId", "cn-hangzhou"),
            ("FileSystemId", "nas-1")
        );

        Assert.Equal((400, "SubAccount.NoLogSLRPermission"), (status, (string)body["Code"]!));
    }

    [Fact]
    public async Task Logging_tells_who_can_and_who_does()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("nas", "nas-1");
        cloud.Seed("nas", "nas-parallel", properties: ("type", "cpfsse"));
        _ = await Switch(cloud, "CreateLogAnalysis", "nas-1");

        var states = cloud.Product("nas").Logging().ToDictionary(state => state.Resource.Id);
        cloud.Do("switchOff", ProductCloud.Resource("nas", "nas-1"));

        Assert.Equal(Project, Assert.Single(states["nas-1"].Places).Project);
        Assert.NotNull(states["nas-parallel"].WhyNot);
        Assert.Empty(cloud.Product("nas").Sources());
    }

    private static Task<(int Status, JObject Body)> Files(ProductCloud cloud, params (string, string)[] parameters) =>
        cloud.CallAsync(Host, Version, "DescribeFileSystems", parameters);

    private static Task<(int Status, JObject Body)> Switch(ProductCloud cloud, string action, string id) =>
        cloud.CallAsync(Host, Version, action, ("RegionId", "cn-hangzhou"), ("FileSystemId", id));
}
