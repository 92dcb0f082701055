using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Forwarding.Tests.Sync;

/// <summary>The cursor law under random faults: whatever fails and whenever a process dies, nothing is lost and everything is counted once.</summary>
/// <remarks>A batch is on its way while the next is read, so the faults of a seed may fall in another order from run to run.</remarks>
public sealed class CursorLawTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    [Property(MaxTest = 150)]
    public void Nothing_is_lost_and_the_ledger_balances_whatever_fails(int seed)
    {
        RunAsync(seed).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(int seed)
    {
        var random = new SharedDice(seed);
        var time = new InstantTime();
        var cloud = new FakeCloud
        {
            Shards = new()
            {
                [0] = new FakeShard { Writable = false }.Add("p", random.Next(0, 12), random.Next(1, 4)),
                [1] = new FakeShard { EndKey = "80" },
                [2] = new FakeShard { BeginKey = "80" },
            },
        };
        var faults = true;
        // An answer can be lost before the call took effect or a process killed after it: both end as an exception here.
        cloud.Before = _ =>
        {
            if (faults && random.Next(12) == 0)
            {
                throw new IOException("a fault");
            }
        };
        var sink = new RuledSink(mark =>
            mark.EndsWith("-2", StringComparison.Ordinal) ? new RecordOutcome.Reject("never")
            : faults && random.Next(6) == 0 ? new RecordOutcome.Retry("not now")
            : RecordOutcome.Accepted.Value
        )
        {
            // Slow at times, so that reading runs ahead of sending or waits for it.
            Before = async () =>
            {
                for (var turns = random.Next(0, 6); turns > 0; turns--)
                {
                    await Task.Yield();
                }
            },
        };

        for (var round = 0; round < 12; round++)
        {
            cloud.Shards![1].Add("l", random.Next(0, 4), random.Next(1, 4));
            cloud.Shards[2].Add("r", random.Next(0, 4), random.Next(1, 4));
            await Sweep(cloud, sink, time, random);
            AssertCheckpointsAreCovered(cloud, sink);
        }

        faults = false;
        await Sweep(cloud, sink, time, random);
        var last = await Sweep(cloud, sink, time, random);

        Assert.True(last.Succeeded && last.Totals.Read == 0, string.Join('\n', last.Problems));
        AssertCheckpointsAreCovered(cloud, sink);
        var all = cloud.Shards!.Values.Sum(shard => shard.Groups.Sum(group => group.Logs.Count));
        var totals = cloud
            .Rows(Ledger.Logstore)
            .Select(row => LedgerRow.Parse(row)!)
            .GroupBy(row => row.Key)
            .Select(rows => StatusReader.Sum(rows))
            .Aggregate(default(RecordCounts), (sum, counts) => sum + counts);
        Assert.True(totals.Balances);
        Assert.Equal(all, totals.Read);
        Assert.Equal(all, totals.Delivered + totals.DeadLettered);
    }

    // Everything before a checkpoint is accepted or a dead letter, and resent records carry the id that they had.
    private static void AssertCheckpointsAreCovered(FakeCloud cloud, RuledSink sink)
    {
        var taken = sink.Accepted.Select(record => record.Mark).ToHashSet(StringComparer.Ordinal);
        var dead = string.Concat(cloud.Rows(DeadLetters.Logstore).Select(row => row["record"]));
        foreach (var (shard, number) in cloud.Saved)
        {
            var found = cloud.Shards![shard];
            var before = found.Groups.Take((int)(number - found.First)).SelectMany(group => group.Logs);
            foreach (var mark in before.Select(log => System.Text.Encoding.UTF8.GetString(log.Fields[0].Value)))
            {
                Assert.True(
                    taken.Contains(mark) || dead.Contains($"\"{mark}\"", StringComparison.Ordinal),
                    $"{mark} is lost"
                );
            }
        }

        Assert.All(
            sink.Accepted.GroupBy(record => record.Mark, StringComparer.Ordinal),
            same => Assert.Single(same.Select(record => record.Id).Distinct(StringComparer.Ordinal))
        );
    }

    // Each sweep is a process of its own: nothing but the cloud's state survives it.
    private static Task<SyncReport> Sweep(FakeCloud cloud, RuledSink sink, InstantTime time, SharedDice random)
    {
        var options = new SyncOptions
        {
            MaxBatchRecords = random.Next(1, 9),
            PullCount = random.Next(1, 5),
            Backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), random.Next(1, 4)),
        };
        var engine = new SyncEngine(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            [new Destination("d0", sink, new Json(), [])],
            options,
            time,
            NullLogger<SyncEngine>.Instance
        );
        return engine.SweepAsync([Target], Deadline.None, CancellationToken.None);
    }

    /// <summary>Random numbers for several threads.</summary>
    private sealed class SharedDice(int seed)
    {
        private readonly Random random = new(seed);

        public int Next(int below) => Next(0, below);

        public int Next(int from, int below)
        {
            lock (random)
            {
                return random.Next(from, below);
            }
        }
    }
}
