using LogAudit.Collection.Tests.LocalCloud;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Collection.Tests.Polling;

/// <summary>Polling, the clients and the handlers against LocalCloud over loopback, on a clock that is moved on.</summary>
public sealed class PollOnLocalCloudTests
{
    private static readonly Dictionary<string, string> Metrics = new()
    {
        ["rds_perf_enabled"] = "true",
        ["polardb_perf_enabled"] = "true",
    };

    private static readonly Dictionary<string, string> Records = new()
    {
        ["rds_slow_enabled"] = "true",
        ["rds_error_enabled"] = "true",
        ["polardb_slow_enabled"] = "true",
        ["polardb_error_enabled"] = "true",
    };

    private static readonly string[] Accounts = [CloudEstate.Central, CloudEstate.Member];

    private static readonly FaultRule NoPolicies = new("no policies", FaultKind.Deny)
    {
        Action = "UpsertCollectionPolicy",
    };

    [Fact]
    public async Task Metrics_get_a_Metricstore_and_every_point_once()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(Metrics, clock);
        await using var function = cloud.AsFunction();
        var reconciler = function.GetRequiredService<IReconciler>();
        var first = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        var second = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);

        var reports = new List<PollReport>();
        foreach (var minutes in (int[])[0, 0, 5, 5])
        {
            clock.Skip(TimeSpan.FromMinutes(minutes));
            reports.Add(await PollAsync(function));
        }

        Assert.Equal(("", 0), (string.Join('\n', first.Errors.Concat(first.Unknown)), second.Writes));
        Assert.All(reports, report => Assert.Empty(report.Unknown.Concat(report.Findings)));
        Assert.Equal((4, 0, 4, 4), (reports[0].Windows, reports[1].Windows, reports[2].Windows, reports[3].Windows));
        foreach (var (store, names) in (ReadOnlySpan<(string, int)>)[("rds_metrics", 36), ("polardb_metrics", 29)])
        {
            var samples = cloud.Records(store);
            Assert.Equal(names, samples.Select(sample => sample["__name__"]).Distinct().Count());
            Assert.Equal(
                samples.Count,
                samples.Select(one => (one["__name__"], one["__labels__"], one["__time_nano__"])).Distinct().Count()
            );
            // 15 minutes at first, then two times five, without a hole.
            Assert.Equal(25, samples.Select(sample => sample["__time_nano__"]).Distinct().Count());
        }
    }

    [Fact]
    public async Task A_log_that_a_collection_policy_reaches_is_not_read()
    {
        await using var cloud = await StartAsync(Records, new ShiftedTime());
        await using var function = cloud.AsFunction();
        await function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);

        var report = await PollAsync(function);

        Assert.Equal((0, 0), (report.Logs, report.Written));
        Assert.DoesNotContain(
            cloud.Cloud.Requests.Since(0),
            request => request.Action.EndsWith("LogRecords", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_log_whose_policy_may_still_come_is_not_read_until_patience_ends()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(Metrics.Concat(Records).ToDictionary(), clock);
        await using var function = cloud.AsFunction();

        var before = await PollAsync(function);
        clock.Skip(TimeSpan.FromMinutes(31));
        var after = await PollAsync(function);

        Assert.Equal((4, 12), (before.Logs, after.Logs));
    }

    [Fact]
    public async Task Where_no_policy_reaches_it_every_record_is_read_once_late_ones_and_twins_too()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(Records, clock);
        await using var function = cloud.AsFunction();
        cloud.Cloud.Faults.Add(NoPolicies);
        await function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);
        var start = PollTimes.Floor(clock.GetUtcNow() - TimeSpan.FromMinutes(17), TimeSpan.FromMinutes(1));

        for (var run = 0; run < 12; run++)
        {
            var report = await PollAsync(function);
            Assert.Equal(("", 8), (string.Join('\n', report.Unknown.Concat(report.Findings)), report.Logs));
            clock.Skip(TimeSpan.FromMinutes(run % 3));
        }

        // A record that is shown up to five minutes late, and two minutes that are left to the next window.
        var end = clock.GetUtcNow() - TimeSpan.FromMinutes(8);
        Assert.All(Missing(cloud, start.AddMinutes(1), end), missing => Assert.Equal("", missing));
        foreach (var store in (string[])["rds_log", "polardb_log"])
        {
            var ids = cloud.Records(store).Select(record => record[PollRecord.IdField]).ToList();
            Assert.NotEmpty(ids);
            Assert.Equal(ids.Count, ids.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_new_process_finds_the_cursors_and_writes_nothing_a_second_time()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(Records, clock);
        cloud.Cloud.Faults.Add(NoPolicies);
        for (var run = 0; run < 4; run++)
        {
            await using var process = cloud.AsFunction();
            if (run == 0)
            {
                await process
                    .GetRequiredService<IReconciler>()
                    .RunAsync("timer", Deadline.None, CancellationToken.None);
            }

            await PollAsync(process);
            clock.Skip(TimeSpan.FromMinutes(2));
        }

        var ids = cloud.Records("rds_log").Select(record => record[PollRecord.IdField]).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_account_that_denies_the_call_is_unknown_and_the_others_are_read_and_later_it_catches_up()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(new() { ["rds_error_enabled"] = "true" }, clock);
        await using var function = cloud.AsFunction();
        cloud.Cloud.Faults.Add(NoPolicies);
        await function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);
        cloud.Cloud.Faults.Add(
            new FaultRule("denied", FaultKind.Deny) { Action = "DescribeErrorLogs", AccountId = CloudEstate.Member }
        );

        var denied = await PollAsync(function);
        var owners = cloud.Values("rds_log", "owner_id");
        cloud.Cloud.Faults.Remove("denied");
        clock.Skip(TimeSpan.FromMinutes(1));
        var after = await PollAsync(function);

        Assert.Contains(CloudEstate.Member, Assert.Single(denied.Unknown), StringComparison.Ordinal);
        Assert.Equal([CloudEstate.Central], owners);
        Assert.Empty(after.Unknown);
        Assert.Equal(Accounts, cloud.Values("rds_log", "owner_id").Order());
    }

    [Fact]
    public async Task Discover_counts_a_log_that_is_read_by_API_as_collecting_as_long_as_it_is_read()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(new() { ["rds_error_enabled"] = "true" }, clock);
        await using var function = cloud.AsFunction();
        cloud.Cloud.Faults.Add(NoPolicies);
        var reconciler = function.GetRequiredService<IReconciler>();

        var refused = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        await PollAsync(function);
        var read = await reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);
        // One resource of the member has changed.
        var changed = new Unit(new(CloudEstate.Member), new("cn-hangzhou"), "rds");
        var narrow = await reconciler.RunAsync([changed], "bus", Deadline.None, CancellationToken.None);
        clock.Skip(TimeSpan.FromHours(2));
        await using var later = cloud.AsFunction();
        var stopped = await later
            .GetRequiredService<IReconciler>()
            .RunAsync("timer", Deadline.None, CancellationToken.None);

        Assert.Equal((0, 2, 0), Coverage(refused));
        Assert.Equal((2, 0, 2), Coverage(read));
        Assert.Equal((1, 0, 1), Coverage(narrow));
        Assert.Equal((0, 2, 0), Coverage(stopped));
        // It is still wanted as a policy.
        Assert.Contains(read.Errors, error => error.StartsWith("sls.collection-policy", StringComparison.Ordinal));

        static (int Collecting, int NotCollecting, int ByPoll) Coverage(RunReport report) =>
            (
                report.Coverage.Sum(row => row.Collecting),
                report.Coverage.Sum(row => row.NotCollecting),
                report.Coverage.Sum(row => row.ByPoll)
            );
    }

    [Fact]
    public async Task Status_knows_what_Poll_could_not_read_and_that_it_can_again()
    {
        var clock = new ShiftedTime();
        await using var cloud = await StartAsync(Metrics, clock);
        await using var function = cloud.AsFunction();
        await function.GetRequiredService<IReconciler>().RunAsync("timer", Deadline.None, CancellationToken.None);
        cloud.Cloud.Faults.Add(
            new FaultRule("denied", FaultKind.Deny)
            {
                Action = "DescribeDBInstancePerformance",
                AccountId = CloudEstate.Member,
            }
        );
        var history = function.GetRequiredService<RunHistory>();

        var denied = await PollAsync(function);
        var (_, told) = await history.LastAsync(CancellationToken.None);
        cloud.Cloud.Faults.Remove("denied");
        clock.Skip(TimeSpan.FromMinutes(6));
        await PollAsync(function);
        var (_, cured) = await history.LastAsync(CancellationToken.None);
        clock.Skip(TimeSpan.FromMinutes(6));
        await PollAsync(function);
        var (_, same) = await history.LastAsync(CancellationToken.None);

        Assert.Contains(CloudEstate.Member, Assert.Single(denied.Unknown), StringComparison.Ordinal);
        Assert.Equal(denied.Unknown, told!.Report.Unknown);
        Assert.Empty(cured!.Report.Unknown);
        // What says nothing new is not written again.
        Assert.Equal(cured.At, same!.At);
    }

    [Fact]
    public async Task A_restart_is_noted_in_the_report_of_its_run()
    {
        await using var cloud = await StartAsync(new() { ["rds_error_enabled"] = "true" }, new ShiftedTime());
        await using var function = cloud.AsFunction();

        await function
            .GetRequiredService<OnChangeFunction>()
            .InvokeAsync(
                """
                {"id":"e1","specversion":"1.0","type":"rds:ActionTrail:ApiCall","source":"acs.rds","aliyunaccountid":"1000000000000002",
                 "data":{"eventId":"e1","eventRW":"Write","serviceName":"Rds","eventName":"RestartDBInstance","acsRegion":"cn-hangzhou",
                 "requestParameters":{"DBInstanceId":"rm-1000000000000002"},"userIdentity":{"userName":"alice"}}}
                """u8.ToArray(),
                Deadline.None,
                CancellationToken.None
            );

        Assert.Contains(
            cloud.Values("logaudit_run", "row"),
            row => row.Contains("rm-1000000000000002: after a restart of an instance", StringComparison.Ordinal)
        );
    }

    private static async Task<CloudEstate> StartAsync(Dictionary<string, string> collect, ShiftedTime clock)
    {
        var cloud = await CloudEstate.StartAsync(AccountsMode.Directory, collect, clock);
        foreach (var account in Accounts)
        {
            cloud.Seed("rds", account, "cn-hangzhou", $"rm-{account}");
            cloud.Seed("polardb", account, "cn-hangzhou", $"pc-{account}");
        }

        await OnLocalCloudTests.BootstrapAsync(cloud);
        return cloud;
    }

    private static Task<PollReport> PollAsync(ServiceProvider function) =>
        function.GetRequiredService<PollFunction>().InvokeAsync(Deadline.None, CancellationToken.None);

    /// <summary>The markers whose copies in the store are not as many as the product shows; each with what is wrong.</summary>
    private static IEnumerable<string> Missing(CloudEstate cloud, DateTimeOffset from, DateTimeOffset to)
    {
        var texts = ((string[])["rds_log", "polardb_log"])
            .SelectMany(cloud.Records)
            .Select(record => record.GetValueOrDefault("query_sql") ?? record["content"])
            .ToLookup(text => text.Split("/* ")[^1].Split(' ')[0]);
        var logs = cloud.Cloud.Services.Get<ReadableLogs>();
        foreach (var id in Accounts.SelectMany(account => new[] { $"rm-{account}", $"pc-{account}" }))
        {
            foreach (var log in (string[])["slow", "error"])
            {
                foreach (var row in logs.All(id, log, from, to).GroupBy(row => row.Marker))
                {
                    yield return texts[row.Key].Count() == row.Count()
                        ? ""
                        : $"{id} {log} {row.First().Time:O} late {row.First().Late}: {texts[row.Key].Count()} of {row.Count()}";
                }
            }
        }
    }
}
