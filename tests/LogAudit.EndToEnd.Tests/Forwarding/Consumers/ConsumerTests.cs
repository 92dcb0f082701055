using LogAudit.Forwarding;
using Xunit.Abstractions;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>Several consumers share the shards of LocalCloud: whatever dies, splits or falls silent, every record arrives under its one id.</summary>
public sealed class ConsumerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_consumers_share_the_shards_and_a_stop_hands_them_over_without_a_repeat()
    {
        await using var cloud = await FunctionCloud.StartAsync(seed: 1);
        var (receiver, records) = (new SharedReceiver(), new MarkedShards(cloud, new Random(1)));
        await using var first = new ConsumerProcess(cloud, receiver, "first");
        records.Append("slb_log", 20, 10);
        await UntilAsync(() => receiver.Stored.Count == 200, "the first consumer forwards alone");

        await using var second = new ConsumerProcess(cloud, receiver, "second");
        await UntilAsync(() => second.Report.Shards.Count == 2, "the second consumer gets half of the shards");
        records.Append("slb_log", 20, 10);
        records.Append("rds_log", 20, 10);
        await UntilAsync(() => receiver.Stored.Count == 600, "both forward");
        var end = await first.StopAsync();
        records.Append("rds_log", 20, 10);
        await UntilAsync(() => receiver.Stored.Count == 800, "the second takes over");

        Assert.True(end.InOrder);
        Assert.Equal(Marks(records), receiver.Stored.Select(one => one.Mark).Order(StringComparer.Ordinal));
        Assert.True(second.Report.Totals.Delivered > 0);
        Assert.Equal(800, first.Report.Totals.Delivered + second.Report.Totals.Delivered);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_record_arrives_under_one_id_through_kills_splits_merges_and_lost_heartbeats(int seed)
    {
        var random = new Random(seed);
        await using var cloud = await FunctionCloud.StartAsync(seed);
        var (receiver, records) = (new SharedReceiver(), new MarkedShards(cloud, random));
        var processes = Enumerable
            .Range(0, 3)
            .Select(number => new ConsumerProcess(cloud, receiver, $"consumer-{number}"))
            .ToList();
        var dead = new List<ConsumerProcess>();
        var (stops, silences) = (0, 0);
        for (var round = 0; round < 24; round++)
        {
            foreach (var logstore in FunctionCloud.Logstores)
            {
                records.Append(logstore, random.Next(5, 30), random.Next(1, 12));
            }

            var victim = random.Next(processes.Count);
            switch (round % 6)
            {
                case 0:
                    await KillAsync(processes, (KillPoint)(round / 6 % 4), records);
                    dead.AddRange(processes.Where(process => process.IsKilled));
                    processes =
                    [
                        .. processes.Select(
                            (process, number) =>
                                process.IsKilled
                                    ? new ConsumerProcess(cloud, receiver, $"heir-{round}-{number}")
                                    : process
                        ),
                    ];
                    break;
                case 1 or 4:
                    records.ChangeShards(FunctionCloud.Logstores[random.Next(2)]);
                    break;
                case 2:
                    Assert.True((await processes[victim].StopAsync()).InOrder);
                    await processes[victim].DisposeAsync();
                    // Under the old name its shards are its own again at once.
                    processes[victim] = new ConsumerProcess(cloud, receiver, processes[victim].Name);
                    stops++;
                    break;
                case 3:
                    processes[victim].PassHeartbeats(false);
                    await PauseAsync(ConsumerProcess.GroupTimeout + TimeSpan.FromMilliseconds(random.Next(600)));
                    processes[victim].PassHeartbeats(true);
                    silences++;
                    break;
                default:
                    receiver.IsUp = false;
                    await PauseAsync(TimeSpan.FromMilliseconds(random.Next(300)));
                    receiver.IsUp = true;
                    break;
            }

            await PauseAsync(TimeSpan.FromMilliseconds(random.Next(300)));
        }

        var marks = Marks(records);
        await UntilAsync(
            () => receiver.Stored.Select(one => one.Mark).Distinct(StringComparer.Ordinal).Count() == marks.Count,
            "everything has arrived"
        );
        await Task.WhenAll(processes.Select(process => process.StopAsync()));

        var stored = receiver.Stored;
        output.WriteLine(
            $"seed {seed}: {marks.Count} records, {stored.Count - marks.Count} duplicates, {dead.Count} kills, {stops} stops, {silences} silences, {records.Changes} splits and merges"
        );
        Assert.Equal(
            marks,
            stored.Select(one => one.Mark).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.All(
            stored.GroupBy(one => one.Mark, StringComparer.Ordinal),
            copies => Assert.Single(copies.Select(copy => copy.Id).Distinct(StringComparer.Ordinal))
        );
        Assert.Equal(marks.Count, stored.Select(one => one.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.True(stored.Count > marks.Count, "no record came twice, so no kill fell between store and checkpoint");
        AssertParentsCameFirst(records, stored);
        await AssertCheckpointsAreAtTheEndAsync(cloud);
        Assert.Empty(cloud.Cloud.Background.Failures);
        foreach (var process in processes.Concat(dead))
        {
            await process.DisposeAsync();
        }
    }

    // The first process that comes to the point dies there.
    private static async Task KillAsync(IReadOnlyList<ConsumerProcess> processes, KillPoint point, MarkedShards records)
    {
        if (point == KillPoint.Now)
        {
            processes[0].Kill(point);
            return;
        }

        foreach (var process in processes)
        {
            process.Kill(point);
        }

        while (!processes.Any(process => process.IsKilled))
        {
            records.Append("slb_log", 8, 3);
            records.Append("rds_log", 8, 3);
            await PauseAsync(TimeSpan.FromMilliseconds(50));
        }

        foreach (var process in processes)
        {
            process.Kill(at: null);
        }
    }

    // Before the first record of a child is taken, every record of its parents is.
    private static void AssertParentsCameFirst(MarkedShards records, IReadOnlyList<(string Id, string Mark)> stored)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var place = 0; place < stored.Count; place++)
        {
            first.TryAdd(stored[place].Mark, place);
        }

        foreach (var logstore in FunctionCloud.Logstores)
        {
            var places = records
                .Written.Where(one => one.Logstore == logstore)
                .ToLookup(one => one.Shard, one => first[one.Mark]);
            foreach (var (child, parent) in records.Parents(logstore))
            {
                if (places[child].Any() && places[parent].Any())
                {
                    Assert.True(
                        places[parent].Max() < places[child].Min(),
                        $"shard {child} of {logstore} began before {parent} was drained"
                    );
                }
            }
        }
    }

    private static async Task AssertCheckpointsAreAtTheEndAsync(FunctionCloud cloud)
    {
        var source = new SlsLogSource(cloud.Clients);
        foreach (var target in FunctionCloud.Logstores.Select(FunctionCloud.Target))
        {
            var saved = await source.CheckpointsAsync(target, $"logaudit-soc-{target.Logstore}", default);
            foreach (var shard in (await source.ShardsAsync(target, default))!)
            {
                Assert.Equal(await source.CursorAsync(target, shard.Id, Sls.CursorFrom.End, default), saved![shard.Id]);
            }
        }
    }

    private static List<string> Marks(MarkedShards records) =>
        [.. records.Written.Select(one => one.Mark).Order(StringComparer.Ordinal)];

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, $"waited in vain: {what}");
            await PauseAsync(TimeSpan.FromMilliseconds(20));
        }
    }

    private static Task PauseAsync(TimeSpan pause) => Task.Delay(pause, TimeProvider.System, CancellationToken.None);
}
