using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class DrdsTests
{
    [Fact]
    public async Task ObserveAsync_mends_each_database_whose_audit_is_off()
    {
        var region = new DrdsCloud("orders", "stock", "users");
        region.Audit("stock");

        var observed = (await region.ObserveAsync())["drds1"];

        Assert.Equal(
            new Observation.Disabled("SQL audit of drds1/orders is off; SQL audit of drds1/users is off"),
            observed.State
        );
        Assert.Equal(["drds1/orders", "drds1/users"], observed.Fixes.Select(fix => fix.Setting.Id));
        Assert.Equal("drds-audit-cn-hangzhou-1000000000000001/drds-audit-log", observed.Lands?.ToString());
    }

    [Fact]
    public async Task ObserveAsync_reads_the_place_of_an_audit_that_is_on_and_expects_it_otherwise()
    {
        var off = new DrdsCloud("orders");
        var on = new DrdsCloud("orders");
        on.Audit("orders");
        on.Exchanges.Answer(
            "DescribeInstDbSlsInfo",
            """{"AuditInfo":{"Project":"drds-audit-moved","LogStore":"audit-log"}}"""
        );

        var expected = (await off.ObserveAsync())["drds1"];
        var read = (await on.ObserveAsync())["drds1"];

        Assert.Equal("drds-audit-cn-hangzhou-1000000000000001/drds-audit-log", expected.Lands?.ToString());
        Assert.Equal(0, off.Exchanges.Count("DescribeInstDbSlsInfo"));
        Assert.IsType<Observation.Enabled>(read.State);
        Assert.Equal("drds-audit-moved/audit-log", read.Lands?.ToString());
    }

    [Fact]
    public async Task ObserveAsync_has_nothing_to_do_for_an_instance_without_databases()
    {
        var observed = (await new DrdsCloud().ObserveAsync())["drds1"];

        Assert.Equal(new Observation.NotApplicable("it has no database"), observed.State);
    }

    [Fact]
    public async Task ObserveAsync_looks_again_at_an_instance_that_does_not_run()
    {
        var observed = (await new DrdsCloud("orders") { State = "DO_CREATE" }.ObserveAsync())["drds1"];

        Assert.True(Assert.IsType<Observation.Unknown>(observed.State).LookAgain);
    }

    [Theory]
    [InlineData("DescribeDrdsSqlAuditStatus", """{"Code":"Forbidden.RAM","Message":"no"}""")]
    [InlineData("DescribeDrdsSqlAuditStatus", """{"Success":false}""")]
    [InlineData("DescribeDrdsSqlAuditStatus", """{"Success":true}""")]
    [InlineData("DescribeDrdsSqlAuditStatus", """{"Data":{"Data":[{"DbName":"orders"}]}}""")]
    [InlineData("DescribeDrdsSqlAuditStatus", """{"Data":{"Data":[{"DbName":"orders","Enabled":"perhaps"}]}}""")]
    [InlineData("DescribeInstDbSlsInfo", """{"AuditInfo":{}}""")]
    public async Task ObserveAsync_reports_unknown_when_the_answer_is_refused_or_unreadable(
        string action,
        string answer
    )
    {
        var region = new DrdsCloud("orders");
        region.Audit("orders");
        region.Exchanges.Answer(action, answer);

        var observed = (await region.ObserveAsync())["drds1"];

        Assert.IsType<Observation.Unknown>(observed.State);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ListAsync_leaves_out_what_is_not_in_scope_as_the_call_cannot()
    {
        var region = new DrdsCloud("orders");

        var other = await region.ObserveAsync(Cloud.All with { ResourceIds = ["drds2"] });
        var same = await region.ObserveAsync(Cloud.All with { ResourceIds = ["drds1"] });

        Assert.Empty(other);
        Assert.Equal("shop", Assert.Single(same).Value.Resource.Name);
    }

    [Fact]
    public async Task WriteAsync_takes_success_false_for_a_failure()
    {
        var region = new DrdsCloud("orders");
        var fix = (await region.ObserveAsync())["drds1"].Fixes[0];
        region.Exchanges.Answer("EnableSqlAudit", """{"Success":false,"Result":false}""");

        await Assert.ThrowsAnyAsync<Exception>(() => region.Cloud.Handler("drds").WriteAsync(fix, default));

        Assert.Null(await region.Cloud.Handler("drds").ReadAsync(fix.Setting, default));
    }

    [Fact]
    public async Task WriteAsync_writes_once_and_takes_it_back()
    {
        var region = new DrdsCloud("orders");
        var fix = (await region.ObserveAsync())["drds1"].Fixes[0];

        await region.Cloud.Handler("drds").WriteAsync(fix, default);
        await region.Cloud.Handler("drds").WriteAsync(fix, default);
        await region.Cloud.Handler("drds").WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        Assert.Equal(1, region.Exchanges.Count("EnableSqlAudit"));
        Assert.Null(await region.Cloud.Handler("drds").ReadAsync(fix.Setting, default));
    }
}
