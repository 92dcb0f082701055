using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class RdsTests
{
    [Fact]
    public async Task ListAsync_reads_all_pages_and_adds_the_tags_that_the_list_lacks()
    {
        var region = new RdsCloud([.. Enumerable.Range(0, 120).Select(i => RdsCloud.Instance($"rm-{i:000}"))]);

        var instances = await region.Cloud.Handler("rds").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(120, instances.Count);
        Assert.All(
            instances,
            instance => Assert.Equal("prod alice", $"{instance.Tags["env"]} {instance.Tags["owner"]}")
        );
        Assert.Equal("mysql", instances[0].Properties["instance.db_type"]);
        Assert.Equal(2, region.Exchanges.Count("DescribeDBInstances"));
        Assert.Equal(6, region.Exchanges.Count("ListTagResources"));
    }

    [Fact]
    public async Task ListAsync_takes_an_id_that_is_gone_for_no_resource_and_a_denial_for_neither()
    {
        var gone = new RdsCloud();
        gone.Exchanges.Fail("DescribeDBInstances", 404, "InvalidDBInstanceId.NotFound");
        var denied = new RdsCloud();
        denied.Exchanges.Fail("DescribeDBInstances", 403, "Forbidden.RAM");
        var scope = Cloud.All with { ResourceIds = ["rm-1"] };

        Assert.Empty(await gone.Cloud.Handler("rds").ListAsync(scope, default).ToListAsync());
        await Assert.ThrowsAsync<OpenApi.OpenApiException>(async () =>
            await denied.Cloud.Handler("rds").ListAsync(scope, default).ToListAsync()
        );
    }

    [Theory]
    [InlineData("MariaDB", "Running", "HighAvailability", "MariaDB has no audit log")]
    [InlineData("MySQL", "Running", "Basic", "MySQL of the edition Basic has no audit log")]
    [InlineData("MySQL", "Stopped", "HighAvailability", "it is Stopped and runs nothing")]
    public async Task ObserveAsync_says_why_an_instance_cannot_have_the_audit(
        string engine,
        string status,
        string category,
        string why
    )
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1", engine, status, category));

        Assert.Equal(new Observation.NotApplicable(why), (await region.ObserveAsync())["rm-1"].State);
        Assert.Equal(0, region.Exchanges.Count("DescribeSqlLogConfig"));
    }

    [Fact]
    public async Task ObserveAsync_looks_again_at_an_instance_that_is_not_running_yet()
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1", status: "Creating"));

        var state = (await region.ObserveAsync())["rm-1"].State;

        Assert.True(Assert.IsType<Observation.Unknown>(state).LookAgain);
    }

    [Theory]
    [InlineData("PostgreSQL", "Basic", true)]
    [InlineData("SQLServer", "HighAvailability", false)]
    public async Task ObserveAsync_of_the_slow_log_asks_only_whether_the_engine_writes_one(
        string engine,
        string category,
        bool has
    )
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1", engine, category: category));

        var state = (await region.ObserveAsync("slow"))["rm-1"].State;

        Assert.Equal(has, state is Observation.Enabled);
        Assert.Equal(0, region.Exchanges.Count("DescribeSqlLogConfig"));
    }

    [Fact]
    public async Task ObserveAsync_wants_both_switches_where_version_three_is_offered_and_one_elsewhere()
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-3"), RdsCloud.Instance("rm-2"), RdsCloud.Instance("rm-0"));
        region.SqlLogs["rm-3"]["SqlLogEnable"] = true;
        region.SqlLogs["rm-2"] = SqlLogs.Off("SQL_LOG_V2");
        region.SqlLogs["rm-2"]["SqlLogEnable"] = true;
        region.SqlLogs["rm-0"] = SqlLogs.Off("SQL_LOG_NOT_SUPPORT");

        var observed = await region.ObserveAsync();

        Assert.IsType<Observation.Disabled>(observed["rm-3"].State);
        Assert.IsType<Observation.Enabled>(observed["rm-2"].State);
        Assert.IsType<Observation.NotApplicable>(observed["rm-0"].State);
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(400, "Throttling.Api")]
    [InlineData(500, "InternalError")]
    public async Task ObserveAsync_reports_unknown_for_the_instance_whose_read_is_refused_and_goes_on(
        int status,
        string code
    )
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1"), RdsCloud.Instance("rm-2"));
        region.Exchanges.On("DescribeSqlLogConfig", _ => Reply.Error(status, code), ("InstanceId", "rm-1"));

        var observed = await region.ObserveAsync();

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(observed["rm-1"].State).Why);
        Assert.IsType<Observation.Disabled>(observed["rm-2"].State);
    }

    [Theory]
    [InlineData("""{"Code":"200","Success":"true"}""")]
    [InlineData("""{"Code":"-1","Success":"false","Message":"no"}""")]
    [InlineData("not json")]
    public async Task ObserveAsync_reports_unknown_when_DAS_answers_something_else(string answer)
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1"));
        region.Exchanges.Answer("DescribeSqlLogConfig", answer);

        Assert.IsType<Observation.Unknown>((await region.ObserveAsync())["rm-1"].State);
    }

    [Fact]
    public async Task WriteAsync_switches_on_once_over_DAS_keeps_a_longer_retention_and_takes_it_back()
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1"));
        region.SqlLogs["rm-1"]["Retention"] = 180;
        var fix = Assert.Single((await region.ObserveAsync())["rm-1"].Fixes);
        var handler = region.Cloud.Handler("rds");

        await handler.WriteAsync(fix, default);
        await handler.WriteAsync(fix, default);
        var after = await region.ObserveAsync();
        await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        Assert.IsType<Observation.Enabled>(after["rm-1"].State);
        Assert.Equal("180", fix.To!["retention"]);
        Assert.Equal(fix.From, await handler.ReadAsync(fix.Setting, default));
        Assert.Equal(2, region.Exchanges.Count("ModifySqlLogConfig"));
        var sent = region.Exchanges.Seen.First(request => request.Action == "ModifySqlLogConfig");
        Assert.Equal("das.cn-shanghai.aliyuncs.com", sent.Host);
        Assert.Equal("true true", $"{sent["Enable"]} {sent["RequestEnable"]}");
    }

    [Fact]
    public async Task WriteAsync_gives_a_new_log_thirty_days_and_reads_back_a_lost_answer()
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1"));
        var fix = Assert.Single((await region.ObserveAsync())["rm-1"].Fixes);
        region.Exchanges.Once(
            "ModifySqlLogConfig",
            _ =>
            {
                region.SqlLogs["rm-1"]["SqlLogEnable"] = true;
                return Reply.Cut;
            }
        );

        await region.Cloud.Handler("rds").WriteAsync(fix, default);

        Assert.Equal("30", fix.To!["retention"]);
        Assert.Equal(1, region.Exchanges.Count("ModifySqlLogConfig"));
    }
}
