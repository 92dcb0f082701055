using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class PolardbTests
{
    [Fact]
    public async Task ListAsync_reads_all_pages_in_a_size_that_the_service_takes_and_finds_the_tags_in_the_list()
    {
        var region = new PolardbCloud([.. Enumerable.Range(0, 120).Select(i => PolardbCloud.Cluster($"pc-{i:000}"))]);

        var clusters = await region.Cloud.Handler("polardb").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(120, clusters.Count);
        Assert.Equal(2, region.Exchanges.Count("DescribeDBClusters"));
        Assert.All(clusters, cluster => Assert.Equal("prod", cluster.Tags["env"]));
        Assert.Equal(
            ("name of pc-000", "8.0"),
            (clusters[0].Properties["cluster.name"], clusters[0].Properties["cluster.db_version"])
        );
    }

    [Theory]
    [InlineData("PostgreSQL", "Running", "PostgreSQL has no audit log")]
    [InlineData("MySQL", "Stopped", "it is Stopped and runs nothing")]
    public async Task ObserveAsync_says_why_a_cluster_cannot_have_the_audit(string type, string status, string why)
    {
        var region = new PolardbCloud(PolardbCloud.Cluster("pc-1", type, status));

        Assert.Equal(new Observation.NotApplicable(why), (await region.ObserveAsync())["pc-1"].State);
        Assert.Equal(0, region.Exchanges.Count("DescribeSqlLogConfig"));
    }

    [Fact]
    public async Task ObserveAsync_plans_the_switch_of_a_cluster_whose_SQL_log_is_off_and_writing_turns_it_on()
    {
        var region = new PolardbCloud(PolardbCloud.Cluster("pc-1"));

        var fix = Assert.Single((await region.ObserveAsync())["pc-1"].Fixes);
        await region.Cloud.Handler("polardb").WriteAsync(fix, default);

        Assert.Equal("polardb.sql-log", fix.Setting.Kind);
        Assert.IsType<Observation.Enabled>((await region.ObserveAsync())["pc-1"].State);
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("error")]
    [InlineData("performance")]
    public async Task ObserveAsync_of_a_log_without_a_switch_asks_nothing_of_the_service(string kind)
    {
        var region = new PolardbCloud(
            PolardbCloud.Cluster("pc-1"),
            PolardbCloud.Cluster("pc-2", status: "ClassChanging")
        );

        var observed = await region.ObserveAsync(kind);

        Assert.IsType<Observation.Enabled>(observed["pc-1"].State);
        Assert.True(Assert.IsType<Observation.Unknown>(observed["pc-2"].State).LookAgain);
        Assert.Equal(0, region.Exchanges.Count("DescribeSqlLogConfig"));
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(400, "Throttling.User")]
    public async Task ObserveAsync_reports_unknown_where_the_switch_may_not_be_read(int status, string code)
    {
        var region = new PolardbCloud(PolardbCloud.Cluster("pc-1"));
        region.Exchanges.Fail("DescribeSqlLogConfig", status, code);

        var state = (await region.ObserveAsync())["pc-1"].State;

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(state).Why);
    }
}
