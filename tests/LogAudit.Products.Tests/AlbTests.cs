using LogAudit.Testing;

namespace LogAudit.Products.Tests;

public sealed class AlbTests
{
    private const string Regional = "logaudit-region-1000000000000001-cn-hangzhou";

    [Fact]
    public async Task ListAsync_reads_every_page_of_the_regional_host_with_names_and_tags()
    {
        var region = new AlbCloud("alb-1", "alb-2", "alb-3");

        var resources = await region.Cloud.Handler("alb").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(["alb-1", "alb-2", "alb-3"], resources.Select(resource => resource.Id));
        Assert.Equal("name of alb-3", resources[2].Name);
        Assert.Equal("prod", resources[0].Tags["env"]);
        Assert.All(region.Exchanges.Seen, call => Assert.Equal("alb.cn-hangzhou.aliyuncs.com", call.Host));
        Assert.All(region.Exchanges.Seen, call => Assert.False(call.Parameters.ContainsKey("RegionId")));
    }

    [Fact]
    public async Task ListAsync_asks_for_the_ids_in_scope_as_a_list()
    {
        var region = new AlbCloud("alb-1", "alb-2", "alb-3");

        var observed = await region.ObserveAsync(Cloud.All with { ResourceIds = ["alb-1", "alb-3"] });

        Assert.Equal(["alb-1", "alb-3"], observed.Keys.Order());
        Assert.Equal("alb-3", Assert.Single(region.Exchanges.Seen)["LoadBalancerIds.2"]);
    }

    [Fact]
    public async Task ObserveAsync_tells_every_state_from_the_list_alone()
    {
        var region = new AlbCloud("alb-on", "alb-off", "alb-new", "alb-failed");
        region.SendTo("alb-on", Regional, "alb_log");
        region["alb-new"]["LoadBalancerStatus"] = "Provisioning";
        region["alb-failed"]["LoadBalancerStatus"] = "CreateFailed";

        var observed = await region.ObserveAsync();

        Assert.IsType<Observation.Enabled>(observed["alb-on"].State);
        Assert.Equal(new Observation.Disabled("access log of alb-off is off"), observed["alb-off"].State);
        Assert.True(Assert.IsType<Observation.Unknown>(observed["alb-new"].State).LookAgain);
        Assert.Equal(new Observation.NotApplicable("its creation failed"), observed["alb-failed"].State);
        Assert.Equal($"logstore=alb_log project={Regional}", Assert.Single(observed["alb-off"].Fixes).To!.ToString());
        Assert.Equal(region.Exchanges.Seen.Count, region.Exchanges.Count("ListLoadBalancers"));
    }

    [Fact]
    public async Task ObserveAsync_leaves_the_log_of_somebody_else_unless_it_may_redirect()
    {
        var strict = new AlbCloud("alb-1");
        var free = new AlbCloud(options => options with { RedirectAccessLogs = ["alb"] }, "alb-1");
        strict.SendTo("alb-1", "team-logs", "access");
        free.SendTo("alb-1", "team-logs", "access");

        var left = (await strict.ObserveAsync())["alb-1"];
        var moved = (await free.ObserveAsync())["alb-1"];

        Assert.Contains("alb_access_redirect: true", Assert.IsType<Observation.Disabled>(left.State).Todo);
        Assert.Empty(left.Fixes);
        Assert.Collection(moved.Fixes, off => Assert.Null(off.To), on => Assert.Equal("alb_log", on.To!["logstore"]));
    }

    [Fact]
    public async Task ObserveAsync_reports_unknown_when_half_of_the_place_is_missing()
    {
        var region = new AlbCloud("alb-1", "alb-2");
        region["alb-1"]["AccessLogConfig"] = new Newtonsoft.Json.Linq.JObject { ["LogProject"] = "team-logs" };

        var observed = await region.ObserveAsync();

        Assert.IsType<Observation.Unknown>(observed["alb-1"].State);
        Assert.IsType<Observation.Disabled>(observed["alb-2"].State);
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ListAsync_fails_when_the_read_is_refused(int status, string code)
    {
        var region = new AlbCloud("alb-1");
        region.Exchanges.Fail("ListLoadBalancers", status, code);

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => region.ObserveAsync());

        Assert.Contains(code, refusal.Message);
    }

    [Fact]
    public async Task WriteAsync_waits_for_a_busy_load_balancer_and_for_the_end_of_the_job()
    {
        var region = new AlbCloud("alb-1");
        var fix = (await region.ObserveAsync())["alb-1"].Fixes[0];
        region.Exchanges.Once("EnableLoadBalancerAccessLog", _ => Reply.Error(400, "IncorrectStatus.LoadBalancer"));

        await region.Cloud.Handler("alb").WriteAsync(fix, default);
        await region.Cloud.Handler("alb").WriteAsync(fix, default);

        Assert.Equal(2, region.Exchanges.Count("EnableLoadBalancerAccessLog"));
        Assert.Equal(fix.To, await region.Cloud.Handler("alb").ReadAsync(fix.Setting, default));
    }

    [Fact]
    public async Task WriteAsync_takes_already_on_for_done_only_when_it_goes_to_our_place()
    {
        var ours = new AlbCloud("alb-1");
        var foreign = new AlbCloud("alb-1");

        await EnableAsync(ours, Regional, "alb_log");
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => EnableAsync(foreign, "team-logs", "access"));

        Assert.Contains("OperationDenied.AccessLogEnabled", refusal.Message);

        static async Task EnableAsync(AlbCloud region, string project, string logstore)
        {
            var fix = (await region.ObserveAsync())["alb-1"].Fixes[0];
            region.Exchanges.On(
                "EnableLoadBalancerAccessLog",
                _ =>
                {
                    region.SendTo("alb-1", project, logstore);
                    return Reply.Error(400, "OperationDenied.AccessLogEnabled");
                }
            );
            await region.Cloud.Handler("alb").WriteAsync(fix, default);
        }
    }

    [Fact]
    public async Task WriteAsync_refuses_when_somebody_switched_it_on_after_the_plan()
    {
        var region = new AlbCloud("alb-1");
        var fix = (await region.ObserveAsync())["alb-1"].Fixes[0];
        region.SendTo("alb-1", "team-logs", "access");

        await Assert.ThrowsAsync<SettingMovedException>(() => region.Cloud.Handler("alb").WriteAsync(fix, default));

        Assert.Equal(0, region.Exchanges.Count("EnableLoadBalancerAccessLog"));
    }

    [Fact]
    public async Task ReadAsync_says_that_nothing_is_set_on_a_load_balancer_that_is_gone()
    {
        var region = new AlbCloud("alb-1");
        region.Exchanges.Fail("GetLoadBalancerAttribute", 404, "ResourceNotFound.LoadBalancer");

        var setting = new SettingRef("alb.access-log", Cloud.Account, Cloud.Region, "alb-1");

        Assert.Null(await region.Cloud.Handler("alb").ReadAsync(setting, default));
    }
}
