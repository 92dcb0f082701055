using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class ApiGatewayTests
{
    private const string Regional = "logaudit-region-1000000000000001-cn-hangzhou";

    [Fact]
    public async Task ListAsync_gives_one_slot_for_a_region_in_use_and_none_for_an_unused_one()
    {
        var used = await new ApiGatewayCloud().Cloud.Handler("apigateway").ListAsync(Cloud.All, default).ToListAsync();
        var unused = await new ApiGatewayCloud(groups: 0)
            .Cloud.Handler("apigateway")
            .ListAsync(Cloud.All, default)
            .ToListAsync();

        Assert.Equal("cn-hangzhou", Assert.Single(used).Id);
        Assert.Empty(unused);
    }

    [Fact]
    public async Task ObserveAsync_fills_an_empty_slot()
    {
        var region = new ApiGatewayCloud();
        var off = (await region.ObserveAsync())["cn-hangzhou"];

        await region.Cloud.Handler("apigateway").WriteAsync(Assert.Single(off.Fixes), default);
        var on = (await region.ObserveAsync())["cn-hangzhou"];

        Assert.Equal(new Observation.Disabled("the log slot of cn-hangzhou is empty"), off.State);
        Assert.IsType<Observation.Enabled>(on.State);
        Assert.Null(on.Lands);
        var create = region.Exchanges.Seen.Single(call => call.Action == "CreateLogConfig");
        Assert.Equal(("true", "PROVIDER"), (create["CreateSlr"], create["LogType"]));
        Assert.Equal("apigateway.cn-hangzhou.aliyuncs.com", create.Host);
    }

    [Fact]
    public async Task ObserveAsync_never_takes_the_slot_from_another_use_and_says_what_to_do()
    {
        var region = new ApiGatewayCloud().SlotGoesTo("team-logs", "calls");

        var observed = (await region.ObserveAsync())["cn-hangzhou"];

        var off = Assert.IsType<Observation.Disabled>(observed.State);
        Assert.Contains("team-logs/calls", off.Why);
        Assert.Contains("add team-logs to apigateway_projects under collect:", off.Todo);
        Assert.Empty(observed.Fixes);
        Assert.Null(observed.Lands);
    }

    [Fact]
    public async Task ObserveAsync_lands_in_a_project_that_the_settings_name()
    {
        var region = new ApiGatewayCloud().SlotGoesTo("team-logs", "calls");
        var kind = Cloud.Kind("apigateway", "access") with { LandsIn = ["team-logs"] };
        var handler = region.Cloud.Handler("apigateway");
        var slots = await handler.ListAsync(Cloud.All, default).ToListAsync();

        var observed = await handler.ObserveAsync(kind, slots, Cloud.Target("apigateway_log"), default).SingleAsync();

        Assert.IsType<Observation.Enabled>(observed.State);
        Assert.Equal("team-logs/calls", observed.Lands?.ToString());
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_moves_a_slot_of_ours_in_place()
    {
        var region = new ApiGatewayCloud().SlotGoesTo(Regional, "old");
        var fix = Assert.Single((await region.ObserveAsync())["cn-hangzhou"].Fixes);

        await region.Cloud.Handler("apigateway").WriteAsync(fix, default);

        Assert.Equal(1, region.Exchanges.Count("ModifyLogConfig"));
        Assert.IsType<Observation.Enabled>((await region.ObserveAsync())["cn-hangzhou"].State);
    }

    [Theory]
    [InlineData("""{"Code":"Forbidden.RAM","Message":"no"}""")]
    [InlineData("{}")]
    [InlineData("""{"LogInfos":{"LogInfo":[{"LogType":"PROVIDER","SlsProject":"p"}]}}""")]
    public async Task ObserveAsync_reports_unknown_when_the_slot_is_refused_or_unreadable(string answer)
    {
        var region = new ApiGatewayCloud();
        region.Exchanges.Answer("DescribeLogConfig", answer);

        var observed = (await region.ObserveAsync())["cn-hangzhou"];

        Assert.IsType<Observation.Unknown>(observed.State);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task WriteAsync_refuses_when_somebody_took_the_slot_after_the_plan()
    {
        var region = new ApiGatewayCloud();
        var fix = (await region.ObserveAsync())["cn-hangzhou"].Fixes[0];
        region.SlotGoesTo("team-logs", "calls");

        await Assert.ThrowsAsync<SettingMovedException>(() =>
            region.Cloud.Handler("apigateway").WriteAsync(fix, default)
        );

        Assert.Equal(0, region.Exchanges.Count("CreateLogConfig"));
    }
}
