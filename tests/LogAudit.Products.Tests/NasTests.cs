using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class NasTests
{
    [Fact]
    public async Task ObserveAsync_tells_every_state_from_one_list_of_the_region()
    {
        var region = new NasCloud(
            NasCloud.FileSystem("on"),
            NasCloud.FileSystem("off"),
            NasCloud.FileSystem("new", status: "Pending"),
            NasCloud.FileSystem("resting", status: "Stopped"),
            NasCloud.FileSystem("parallel", "cpfs", "cpfs")
        );
        region.Analyse("on");

        var observed = await region.ObserveAsync();

        Assert.IsType<Observation.Enabled>(observed["on"].State);
        Assert.Equal(new Observation.Disabled("log analysis of off is off"), observed["off"].State);
        Assert.True(Assert.IsType<Observation.Unknown>(observed["new"].State).LookAgain);
        Assert.IsType<Observation.NotApplicable>(observed["resting"].State);
        Assert.IsType<Observation.NotApplicable>(observed["parallel"].State);
        Assert.Equal(1, region.Exchanges.Count("DescribeLogAnalysis"));
    }

    [Theory]
    [InlineData("NFS", "standard", "nas-nfs")]
    [InlineData("SMB", "standard", "nas-smb-access-log")]
    [InlineData("NFS", "extreme", "nas-extreme-nfs")]
    public async Task ObserveAsync_says_where_the_product_will_write(string protocol, string type, string logstore)
    {
        var region = new NasCloud(NasCloud.FileSystem("files", protocol, type));

        var landing = (await region.ObserveAsync())["files"].Lands;

        Assert.Equal($"nas-1000000000000001-cn-hangzhou/{logstore}", landing?.ToString());
        Assert.Equal(Cloud.Account, landing?.Account);
    }

    [Fact]
    public async Task ObserveAsync_says_where_the_product_writes()
    {
        var region = new NasCloud(NasCloud.FileSystem("files", "SMB"));
        region.Analyse("files");

        var observed = (await region.ObserveAsync())["files"];

        Assert.Equal("nas-1000000000000001-cn-hangzhou/nas-nfs", observed.Lands?.ToString());
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ObserveAsync_reports_unknown_when_the_read_is_refused(int status, string code)
    {
        var region = new NasCloud(NasCloud.FileSystem("files"));
        region.Exchanges.Fail("DescribeLogAnalysis", status, code);

        var observed = (await region.ObserveAsync())["files"];

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_reports_unknown_when_an_analysis_names_no_place()
    {
        var region = new NasCloud(NasCloud.FileSystem("files"));
        region.Exchanges.Answer(
            "DescribeLogAnalysis",
            """{"TotalCount":1,"Analyses":{"Analysis":[{"MetaKey":"files"}]}}"""
        );

        Assert.IsType<Observation.Unknown>((await region.ObserveAsync())["files"].State);
    }

    [Fact]
    public async Task ListAsync_takes_a_file_system_that_is_gone_for_none()
    {
        var region = new NasCloud();
        region.Exchanges.Fail("DescribeFileSystems", 404, "InvalidFileSystem.NotFound");

        Assert.Empty(await region.ObserveAsync(Cloud.All with { ResourceIds = ["gone"] }));
    }

    [Fact]
    public async Task WriteAsync_waits_for_a_file_system_that_is_being_made_and_writes_once()
    {
        var region = new NasCloud(NasCloud.FileSystem("files"));
        var fix = (await region.ObserveAsync())["files"].Fixes[0];
        region.Exchanges.Once("CreateLogAnalysis", _ => Reply.Error(400, "InvalidFileSystemStatus.Ordering"));

        await region.Cloud.Handler("nas").WriteAsync(fix, default);
        await region.Cloud.Handler("nas").WriteAsync(fix, default);

        Assert.Equal(2, region.Exchanges.Count("CreateLogAnalysis"));
        Assert.IsType<Observation.Enabled>((await region.ObserveAsync())["files"].State);
    }

    [Fact]
    public async Task WriteAsync_says_that_the_role_may_not_be_made()
    {
        var region = new NasCloud(NasCloud.FileSystem("files"));
        var fix = (await region.ObserveAsync())["files"].Fixes[0];
        region.Exchanges.Fail("CreateLogAnalysis", 400, "SubAccount.NoLogSLRPermission");

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() =>
            region.Cloud.Handler("nas").WriteAsync(fix, default)
        );

        Assert.Contains("SubAccount.NoLogSLRPermission", refusal.Message);
    }
}
