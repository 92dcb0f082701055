using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

public sealed class VpcTests
{
    private const string Regional = "logaudit-region-1000000000000001-cn-hangzhou";

    [Fact]
    public async Task ObserveAsync_reads_the_flow_logs_of_a_region_once()
    {
        var region = new VpcCloud("vpc-1", "vpc-2");
        region.Add("vpc-1", Regional, "vpc_log");
        region.Add("vpc-2", Regional, "vpc_log", name: "made-by-hand");

        var observed = await region.ObserveAsync();

        Assert.All(observed.Values, answer => Assert.IsType<Observation.Enabled>(answer.State));
        Assert.Equal(1, region.Exchanges.Count("DescribeFlowLogs"));
        Assert.Equal(0, region.Exchanges.Count("DescribeInstances"));
    }

    [Fact]
    public async Task ObserveAsync_does_not_count_a_flow_log_that_goes_elsewhere_or_drops_traffic()
    {
        var region = new VpcCloud("vpc-1", "vpc-2");
        region.Add("vpc-1", "team-logs", "flow");
        region.Add("vpc-2", Regional, "vpc_log", traffic: "Drop");

        var observed = await region.ObserveAsync();

        Assert.All(observed.Values, answer => Assert.IsType<Observation.Disabled>(answer.State));
        Assert.All(observed.Values, answer => Assert.Null(Assert.Single(answer.Fixes).From));
    }

    [Fact]
    public async Task ObserveAsync_names_the_instance_that_rules_flow_logs_out()
    {
        var region = new VpcCloud("vpc-1");
        region.Instances.Add(new JObject { ["InstanceId"] = "i-new", ["InstanceTypeFamily"] = "ecs.g7" });
        region.Instances.Add(new JObject { ["InstanceId"] = "i-old", ["InstanceTypeFamily"] = "ecs.sn1" });

        var observed = await region.ObserveAsync();

        Assert.Contains("i-old (ecs.sn1)", Assert.IsType<Observation.NotApplicable>(observed["vpc-1"].State).Why);
    }

    [Fact]
    public async Task ObserveAsync_opens_the_service_first_and_says_that_this_stays()
    {
        var region = new VpcCloud("vpc-1") { IsOpen = false };

        var fixes = (await region.ObserveAsync())["vpc-1"].Fixes;

        Assert.Equal(["vpc.flow-log-service", "vpc.flow-log"], fixes.Select(fix => fix.Setting.Kind));
        Assert.Equal([Reversal.Cannot, Reversal.Restores], fixes.Select(fix => fix.Reversal));
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(11, 3)]
    public async Task ObserveAsync_plans_no_more_flow_logs_than_the_quota_has_room_for(int quota, int planned)
    {
        var region = new VpcCloud(
            options => options with { FlowLogsPerRegion = quota },
            "vpc-a",
            "vpc-b",
            "vpc-c",
            "vpc-d"
        );
        for (var i = 0; i < 8; i++)
        {
            region.Add($"vpc-other-{i}", "team-logs", "flow");
        }

        var observed = await region.ObserveAsync();

        Assert.Equal(planned, observed.Values.Count(answer => answer.Fixes.Count > 0));
        var without = observed.Values.First(answer => answer.Fixes.Count == 0);
        Assert.Contains("vpc_flow_quota", Assert.IsType<Observation.Disabled>(without.State).Why);
    }

    [Fact]
    public async Task ObserveAsync_counts_the_whole_region_for_the_quota_when_one_VPC_is_asked_for()
    {
        var region = new VpcCloud("vpc-a");
        for (var i = 0; i < 10; i++)
        {
            region.Add($"vpc-other-{i}", "team-logs", "flow");
        }

        var observed = await region.ObserveAsync(Cloud.All with { ResourceIds = ["vpc-a"] });

        Assert.Empty(observed["vpc-a"].Fixes);
    }

    [Theory]
    [InlineData("Activating")]
    [InlineData("Deactivating")]
    public async Task ObserveAsync_looks_again_at_a_flow_log_that_is_on_its_way(string status)
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", status);

        var state = (await region.ObserveAsync())["vpc-1"].State;

        Assert.True(Assert.IsType<Observation.Unknown>(state).LookAgain);
    }

    [Fact]
    public async Task ObserveAsync_reports_a_delivery_that_fails()
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", Regional, "vpc_log")["FlowLogDeliverErrorMessage"] = "project not found";

        var observed = (await region.ObserveAsync())["vpc-1"];

        Assert.Contains("project not found", Assert.IsType<Observation.Disabled>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Theory]
    [InlineData("DescribeFlowLogs", 403, "Forbidden.RAM")]
    [InlineData("DescribeFlowLogs", 400, "Throttling")]
    [InlineData("DescribeInstances", 403, "NoPermission")]
    [InlineData("GetFlowLogServiceStatus", 503, "ServiceUnavailable")]
    public async Task ObserveAsync_reports_unknown_when_a_read_is_refused(string action, int status, string code)
    {
        var region = new VpcCloud("vpc-1");
        region.Exchanges.Fail(action, status, code);

        var observed = (await region.ObserveAsync())["vpc-1"];

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_reports_unknown_when_a_row_lacks_its_status()
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", Regional, "vpc_log").Remove("Status");

        Assert.IsType<Observation.Unknown>((await region.ObserveAsync())["vpc-1"].State);
    }

    [Fact]
    public async Task WriteAsync_creates_under_our_name_waits_until_it_is_active_and_does_nothing_again()
    {
        var region = new VpcCloud("vpc-1");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);
        var handler = region.Cloud.Handler("vpc");

        await handler.WriteAsync(fix, default);
        await handler.WriteAsync(fix, default);

        Assert.Equal(fix.To, await handler.ReadAsync(fix.Setting, default));
        Assert.Equal("logaudit-vpc-1", (string?)Assert.Single(region.Logs)["FlowLogName"]);
        Assert.Equal(1, region.Exchanges.Count("CreateFlowLog"));
        Assert.Empty((await region.ObserveAsync())["vpc-1"].Fixes);
    }

    [Fact]
    public async Task WriteAsync_finds_the_flow_log_whose_create_was_not_answered()
    {
        var region = new VpcCloud("vpc-1");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);
        region.Exchanges.Once(
            "CreateFlowLog",
            _ =>
            {
                region.Add("vpc-1", Regional, "vpc_log", "Activating", "logaudit-vpc-1");
                return Reply.Cut;
            }
        );

        await region.Cloud.Handler("vpc").WriteAsync(fix, default);

        Assert.Single(region.Logs);
        Assert.Equal(1, region.Exchanges.Count("CreateFlowLog"));
    }

    [Fact]
    public async Task ObserveAsync_asks_to_delete_the_twin_that_another_run_created_at_once_and_keeps_the_first()
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", name: "logaudit-vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", name: "logaudit-vpc-1");
        var answer = (await region.ObserveAsync())["vpc-1"];

        await region.Cloud.Handler("vpc").WriteAsync(Assert.Single(answer.Fixes), default);

        Assert.Contains("2 times", Assert.IsType<Observation.Disabled>(answer.State).Why);
        Assert.Equal("fl-1", (string?)Assert.Single(region.Logs)["FlowLogId"]);
        Assert.IsType<Observation.Enabled>((await region.ObserveAsync())["vpc-1"].State);
    }

    [Fact]
    public async Task WriteAsync_deletes_the_twins_of_ours_too()
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", name: "logaudit-vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", name: "logaudit-vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", name: "made-by-hand");
        var handler = region.Cloud.Handler("vpc");
        var ours = new SettingRef("vpc.flow-log", new("1000000000000001"), new("cn-hangzhou"), "vpc-1");

        await handler.WriteAsync(new(ours, await handler.ReadAsync(ours, default), null, "undo"), default);

        Assert.Equal("made-by-hand", (string?)Assert.Single(region.Logs)["FlowLogName"]);
    }

    [Fact]
    public async Task WriteAsync_tries_again_while_the_region_is_busy()
    {
        var region = new VpcCloud("vpc-1");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);
        region.Exchanges.Once("CreateFlowLog", _ => Reply.Error(400, "TaskConflict"));

        await region.Cloud.Handler("vpc").WriteAsync(fix, default);

        Assert.Equal(2, region.Exchanges.Count("CreateFlowLog"));
    }

    [Fact]
    public async Task WriteAsync_starts_a_stopped_flow_log_of_somebody_else_that_goes_to_our_place()
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", Regional, "vpc_log", "Inactive", "made-by-hand");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);

        await region.Cloud.Handler("vpc").WriteAsync(fix, default);

        Assert.Equal("vpc-1/fl-1", fix.Setting.Id);
        Assert.Equal("Active", (string?)Assert.Single(region.Logs)["Status"]);
    }

    [Fact]
    public async Task WriteAsync_only_waits_where_another_run_has_started_it_already()
    {
        var region = new VpcCloud("vpc-1");
        var log = region.Add("vpc-1", Regional, "vpc_log", "Inactive", "logaudit-vpc-1");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);
        log["Status"] = "Activating";

        await region.Cloud.Handler("vpc").WriteAsync(fix, default);

        Assert.Equal(0, region.Exchanges.Count("ActiveFlowLog"));
        Assert.Equal("Active", (string?)log["Status"]);
    }

    [Fact]
    public async Task WriteAsync_sends_nothing_where_somebody_took_the_flow_log_elsewhere_since()
    {
        var region = new VpcCloud("vpc-1");
        var log = region.Add("vpc-1", Regional, "vpc_log", "Inactive", "logaudit-vpc-1");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);
        (log["Status"], log["LogStoreName"]) = ("Activating", "other");

        await Assert.ThrowsAsync<SettingMovedException>(() => region.Cloud.Handler("vpc").WriteAsync(fix, default));

        Assert.Equal(0, region.Exchanges.Count("ActiveFlowLog"));
    }

    [Fact]
    public async Task WriteAsync_does_not_start_what_somebody_stopped_since_a_new_one_was_planned()
    {
        var region = new VpcCloud("vpc-1");
        var fix = Assert.Single((await region.ObserveAsync())["vpc-1"].Fixes);
        region.Add("vpc-1", Regional, "vpc_log", "Inactive", "logaudit-vpc-1");

        await Assert.ThrowsAsync<SettingMovedException>(() => region.Cloud.Handler("vpc").WriteAsync(fix, default));

        Assert.Equal("Inactive", (string?)Assert.Single(region.Logs)["Status"]);
    }

    [Fact]
    public async Task WriteAsync_makes_our_flow_log_anew_where_it_goes_to_the_wrong_place()
    {
        var region = new VpcCloud("vpc-1");
        region.Add("vpc-1", "logaudit-region-1-cn-beijing", "vpc_log", name: "logaudit-vpc-1");
        var handler = region.Cloud.Handler("vpc");

        foreach (var fix in (await region.ObserveAsync())["vpc-1"].Fixes)
        {
            await handler.WriteAsync(fix, default);
        }

        Assert.Equal(Regional, (string?)Assert.Single(region.Logs)["ProjectName"]);
    }

    [Fact]
    public async Task WriteAsync_takes_every_change_back_with_the_states_exchanged()
    {
        var region = new VpcCloud("vpc-1", "vpc-2");
        region.Add("vpc-2", Regional, "vpc_log", "Inactive", "made-by-hand")["AggregationInterval"] = 5;
        var handler = region.Cloud.Handler("vpc");
        var fixes = (await region.ObserveAsync()).Values.SelectMany(answer => answer.Fixes).ToArray();

        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix, default);
        }

        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);
        }

        Assert.Equal("Inactive", (string?)Assert.Single(region.Logs)["Status"]);
    }
}
