using LogAudit.LocalCloud.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Collection.Tests.LocalCloud;

/// <summary>The engine, the clients and the handlers against LocalCloud over loopback.</summary>
public sealed class OnLocalCloudTests
{
    private static readonly Dictionary<string, string> Collect = new()
    {
        ["slb_access_enabled"] = "true",
        ["actiontrail_enabled"] = "true",
        ["vpc_flow_enabled"] = "true",
        ["oss_access_enabled"] = "true",
        ["oss_metering_enabled"] = "true",
        ["rds_enabled"] = "true",
        ["rds_slow_enabled"] = "true",
    };

    [Theory]
    [InlineData(AccountsMode.List)]
    [InlineData(AccountsMode.Directory)]
    public async Task Bootstrap_then_reconcile_collects_everything_and_the_next_run_writes_nothing(AccountsMode mode)
    {
        await using var cloud = await CloudEstate.StartAsync(mode, Collect);
        foreach (var account in new[] { CloudEstate.Central, CloudEstate.Member })
        {
            cloud.Seed("slb", account, "cn-hangzhou", $"lb-{account}-1");
            cloud.Seed("slb", account, "cn-shanghai", $"lb-{account}-2");
            cloud.Seed("slb", account, "cn-shanghai", $"lb-{account}-3", ("listener", "none"));
            cloud.Seed("vpc", account, "cn-shanghai", $"vpc-{account}");
            cloud.Seed("oss", account, "cn-shanghai", $"bucket-{account}");
            cloud.Seed("rds", account, "cn-hangzhou", $"rm-{account}");
        }

        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();
        var first = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var from = cloud.Cloud.Requests.Latest;
        var second = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);

        Assert.True(first.Errors.Count == 0, string.Join('\n', first.Errors));
        Assert.True(first.Unknown.Count == 0, string.Join('\n', first.Unknown));
        Assert.All(
            first.Coverage.Where(row => row.Product is "slb"),
            row => Assert.Equal((3, 2, 1, 0), (row.Resources, row.Collecting, row.NotApplicable, row.NotCollecting))
        );
        Assert.All(first.Coverage, row => Assert.Equal(row.Resources, row.Collecting + row.NotApplicable));
        Assert.All(
            new[] { "vpc", "oss", "rds" }
                .SelectMany(cloud.Logging)
                .Where(state => state.WhyNot is null && state.Kind is not ("error" or "performance")),
            state => Assert.NotEmpty(state.Places)
        );
        Assert.All(cloud.Logging("slb").Where(state => state.WhyNot is null), state => Assert.NotEmpty(state.Places));
        Assert.Equal(0, second.Writes);
        Assert.Equal(
            [],
            cloud.Cloud.Requests.Since(from).Where(request => request.IsWrite).Select(request => request.Action)
        );
    }

    [Theory]
    [InlineData(AccountsMode.List)]
    [InlineData(AccountsMode.Directory)]
    public async Task Logs_that_land_in_the_project_of_a_cluster_are_carried_to_the_centre_with_its_name(
        AccountsMode mode
    )
    {
        await using var cloud = await CloudEstate.StartAsync(
            mode,
            new Dictionary<string, string> { ["k8s_audit_enabled"] = "true", ["k8s_event_enabled"] = "true" }
        );
        cloud.Names["c-1"] = "anna's production";
        cloud.Seed("ack", CloudEstate.Member, "cn-shanghai", "c-1");
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();

        var first = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var second = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var written = cloud.WriteAndCarry("ack", 50);

        Assert.True(first.Errors.Count == 0, string.Join('\n', first.Errors));
        Assert.Equal(
            [(1, 1)],
            second.Coverage.Where(row => row.Resources > 0).Select(row => (row.Resources, row.Collecting))
        );
        Assert.Equal(0, second.Writes);
        Assert.Equal(written, cloud.Stored("k8s_log", "k8s_audit_log") + cloud.Stored("k8s_log", "k8s_event_log"));
        Assert.Equal(0, cloud.Stored("k8s_log", "c-1"));
        Assert.Equal(["c-1"], cloud.Values("k8s_log", "cluster_id"));
        Assert.Equal(["anna's production"], cloud.Values("k8s_log", "cluster_name"));
        Assert.Equal([CloudEstate.Member], cloud.Values("k8s_log", "owner_id"));
    }

    [Fact]
    public async Task Queries_of_public_domains_are_read_by_API_and_those_of_VPCs_are_left_to_a_person_without_codes()
    {
        await using var cloud = await CloudEstate.StartAsync(
            AccountsMode.Directory,
            new Dictionary<string, string> { ["dns_public_enabled"] = "true", ["dns_intranet_enabled"] = "true" }
        );
        cloud.Seed("dns", CloudEstate.Member, "cn-hangzhou", "example.com", ("analysis", "on"));
        cloud.Seed("dns", CloudEstate.Member, "cn-hangzhou", "example.net");
        cloud.Seed("dns", CloudEstate.Member, "cn-shanghai", "vpc-1", ("kind", "intranet"));
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();

        await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var plan = (await reconciler.PlanAsync(CancellationToken.None)).Plan;
        var polled = await function
            .GetRequiredService<PollFunction>()
            .InvokeAsync(Deadline.None, CancellationToken.None);

        Assert.Empty(plan.Changes);
        Assert.Single(plan.Findings, finding => finding.Contains("example.net public", StringComparison.Ordinal));
        Assert.Single(plan.Findings, finding => finding.Contains("vpc-1 intranet", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Findings, finding => finding.Contains("example.com", StringComparison.Ordinal));
        Assert.True(polled.Written > 0);
        Assert.Equal(polled.Written, cloud.Stored("dns_log", "dns_resolve_log"));
        Assert.Equal(["example.com"], cloud.Values("dns_log", "domain_name"));
    }

    [Fact]
    public async Task Queries_of_VPCs_are_collected_by_a_policy_once_the_settings_give_its_codes()
    {
        await using var cloud = await CloudEstate.StartAsync(
            AccountsMode.Directory,
            new Dictionary<string, string>
            {
                ["dns_intranet_enabled"] = "true",
                ["dns_intranet_policy_codes"] = "dns/intranet_log",
            }
        );
        cloud.Seed("dns", CloudEstate.Member, "cn-shanghai", "vpc-1", ("kind", "intranet"));
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();

        await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var second = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);

        Assert.Equal(0, second.Writes);
        Assert.Equal(
            [(1, 1)],
            second.Coverage.Where(row => row.Resources > 0).Select(row => (row.Resources, row.Collecting))
        );
        Assert.Equal(
            $"{CloudEstate.Project}/dns_log",
            string.Join(
                '/',
                cloud.Logging("dns").Single().Places.Select(place => $"{place.Project}/{place.Logstore}").Last()
            )
        );
    }

    [Fact]
    public async Task Events_of_the_platform_are_asked_of_a_person_until_they_arrive()
    {
        await using var cloud = await CloudEstate.StartAsync(
            AccountsMode.Directory,
            new Dictionary<string, string> { ["actiontrail_platform_enabled"] = "true" }
        );
        cloud
            .Cloud.Services.Get<ILogStorage>()
            .EnsureProject(CloudEstate.Central, "cn-hangzhou", CloudEstate.Project.Value);
        cloud.Seed(
            "actiontrail",
            CloudEstate.Central,
            "cn-hangzhou",
            "logaudit",
            ("platform", "true"),
            ("project", CloudEstate.Project.Value)
        );
        await using var administrator = cloud.AsAdministrator();
        var bootstrap = administrator.GetRequiredService<IBootstrap>();
        var plan = await bootstrap.PlanAsync(cloud.RoleOf, CancellationToken.None);
        await bootstrap.ApplyAsync(plan, Deadline.None, CancellationToken.None);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();

        var before = (await reconciler.PlanAsync(CancellationToken.None)).Plan;
        cloud.WriteAndCarry("actiontrail", 5);
        var after = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);

        Assert.Single(before.Findings, finding => finding.Contains("make a platform trail", StringComparison.Ordinal));
        Assert.DoesNotContain(after.Findings, finding => finding.StartsWith("by hand", StringComparison.Ordinal));
        Assert.Equal(1, Assert.Single(after.Coverage, row => row.Resources > 0).Collecting);
        Assert.Equal(5, cloud.Stored("innertrail_logaudit", "innertrail_event"));
    }

    [Fact]
    public async Task Usage_of_buckets_of_every_region_is_brought_through_the_central_region()
    {
        await using var cloud = await CloudEstate.StartAsync(
            AccountsMode.Directory,
            new Dictionary<string, string> { ["oss_metering_enabled"] = "true" }
        );
        cloud.Seed("oss", CloudEstate.Member, "cn-shanghai", "bucket-1");
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();

        var first = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var second = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);

        Assert.True(first.Errors.Count == 0, string.Join('\n', first.Errors));
        Assert.Equal(0, second.Writes);
        Assert.Equal(
            [$"oss-log-{CloudEstate.Member}-cn-hangzhou/oss-metering-store", $"{CloudEstate.Project}/oss_log"],
            cloud
                .Logging("oss")
                .Single(state => state.Kind is "metering")
                .Places.Select(place => $"{place.Project}/{place.Logstore}")
        );
    }

    [Fact]
    public async Task A_switch_turned_off_by_hand_is_mended_by_its_event_and_undo_brings_back_what_was_before_us()
    {
        await using var cloud = await CloudEstate.StartAsync(AccountsMode.List, Collect);
        var balancer = cloud.Seed("slb", CloudEstate.Member, "cn-hangzhou", "lb-1");
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        await function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);
        cloud.Do("switchOff", balancer);

        var answer = await function
            .GetRequiredService<OnChangeFunction>()
            .InvokeAsync(
                """
                {"id":"e1","specversion":"1.0","type":"slb:ActionTrail:ApiCall","source":"acs.slb","aliyunaccountid":"1000000000000002",
                 "data":{"eventId":"e1","eventRW":"Write","serviceName":"Slb","eventName":"DeleteAccessLogsDownloadAttribute","acsRegion":"cn-hangzhou",
                 "requestParameters":{"LoadBalancerId":"lb-1"},"userIdentity":{"userName":"alice"}}}
                """u8.ToArray(),
                Deadline.None,
                CancellationToken.None
            );
        Assert.Equal(("bus", 1, 1), (answer.Road, answer.Units, answer.Writes));
        Assert.NotEmpty(cloud.Logging("slb").Single().Places);

        var undo = function.GetRequiredService<IUndo>();
        var plan = await undo.PlanAsync([], CancellationToken.None);
        await undo.ApplyAsync(plan, Deadline.None, CancellationToken.None);
        Assert.Empty(cloud.Logging("slb").Single().Places);
        Assert.Contains(plan.Findings, finding => finding.Contains("would delete logs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trigger_of_the_trail_is_read_from_the_checkpoint_on_and_a_second_ring_finds_nothing_new()
    {
        await using var cloud = await CloudEstate.StartAsync(AccountsMode.Directory, Collect);
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();
        await function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);
        await RingAsync(function);
        cloud.Seed("slb", CloudEstate.Member, "cn-shanghai", "lb-late");
        cloud.Record([Created("lb-late"), "no event at all", Created("lb-late")]);

        var (first, second) = (await RingAsync(function), await RingAsync(function));

        Assert.Equal((1, 1), (first.Sum(answer => answer.Unreadable), first.Sum(answer => answer.Units)));
        Assert.All(cloud.Logging("slb"), state => Assert.NotEmpty(state.Places));
        Assert.Equal((0, 0), (second.Sum(answer => answer.Unreadable), second.Sum(answer => answer.Writes)));
    }

    [Fact]
    public async Task A_trigger_of_a_Logstore_that_is_gone_is_told_and_crashes_nothing()
    {
        await using var cloud = await CloudEstate.StartAsync(AccountsMode.Directory, Collect);
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var answer = await function
            .GetRequiredService<OnChangeFunction>()
            .InvokeAsync(Bell("actiontrail_gone", 0), Deadline.None, CancellationToken.None);

        Assert.Contains("LogStoreNotExist", Assert.Single(answer.Errors), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_invocation_that_the_platform_gave_up_on_is_told_as_a_failure_of_its_function()
    {
        await using var cloud = await CloudEstate.StartAsync(AccountsMode.Directory, Collect);
        await BootstrapAsync(cloud);
        await using var function = cloud.AsFunction();

        var answer = await function
            .GetRequiredService<OnChangeFunction>()
            .InvokeAsync(
                """
                {"timestamp":1660120276975,"requestPayload":"{}","requestContext":{"requestId":"r","condition":"UnhandledInvocationError",
                 "functionArn":"acs:fc:cn-hangzhou:1000000000000001:functions/logaudit-sync","approximateInvokeCount":2}}
                """u8.ToArray(),
                Deadline.None,
                CancellationToken.None
            );

        Assert.Equal(("failure", 0), (answer.Road, answer.Unreadable));
        Assert.Equal("logaudit-sync failed 2 time(s): UnhandledInvocationError", Assert.Single(answer.Errors));
    }

    private static async Task<IReadOnlyList<OnChangeAnswer>> RingAsync(IServiceProvider function)
    {
        var change = function.GetRequiredService<OnChangeFunction>();
        var shards = await function
            .GetRequiredService<SlsAccess>()
            .For(new AccountId(CloudEstate.Central), new RegionId("cn-hangzhou"))
            .ListShardsAsync(CloudEstate.Project, new LogstoreName("actiontrail_logaudit"), CancellationToken.None);
        var answers = new List<OnChangeAnswer>();
        foreach (var shard in shards)
        {
            answers.Add(
                await change.InvokeAsync(Bell("actiontrail_logaudit", shard.Id), Deadline.None, CancellationToken.None)
            );
        }

        return answers;
    }

    private static byte[] Bell(string logstore, int shard) =>
        System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"parameter":{},"source":{"endpoint":"","projectName":"{{{CloudEstate.Project}}}","logstoreName":"{{{logstore}}}","shardId":{{{shard}}},"beginCursor":"","endCursor":""},"jobName":"j","taskId":"t","cursorTime":1}"""
        );

    private static string Created(string id) =>
        $$$"""{"eventId":"e-{{{id}}}","eventRW":"Write","eventName":"CreateLoadBalancer","serviceName":"Slb","acsRegion":"cn-shanghai","recipientAccountId":"{{{CloudEstate.Member}}}","responseElements":{"LoadBalancerId":"{{{id}}}"},"userIdentity":{"userName":"alice"}}""";

    internal static async Task BootstrapAsync(CloudEstate cloud)
    {
        await using var administrator = cloud.AsAdministrator();
        var bootstrap = administrator.GetRequiredService<IBootstrap>();
        var plan = await bootstrap.PlanAsync(cloud.RoleOf, CancellationToken.None);
        var result = await bootstrap.ApplyAsync(plan, Deadline.None, CancellationToken.None);

        Assert.Equal("", string.Join('\n', plan.Findings));
        Assert.Equal(
            [],
            result.Applied.Where(one => !one.InPlace).Select(one => $"{one.Planned.Change.Setting}: {one.Note}")
        );
        Assert.Equal([], result.Missing);
        var again = await bootstrap.PlanAsync(cloud.RoleOf, CancellationToken.None);
        Assert.Equal("", string.Join('\n', again.Changes.Select(planned => PlanText.Line(planned.Change))));
    }
}
