using LogAudit.Forwarding.Tests.Records;
using LogAudit.Sls;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Forwarding.Tests.Sync;

/// <summary>Pulling and encoding run while a batch is on its way, one batch ahead and no further; order and cursor law stand.</summary>
public sealed class BatchLaneTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();

    [Fact]
    public async Task Next_batch_is_read_while_one_is_on_its_way_and_no_more_than_that()
    {
        cloud.Shards![0].Add("a", groups: 20, perGroup: 1);
        var receiver = new HeldReceiver();
        var running = SweepAsync(receiver.Sink, batch: 2);

        await receiver.EnteredAsync();
        await UntilAsync(() => Pulls() == 4);
        var pullsWhileHeld = Pulls();
        receiver.Open();
        var report = await running;

        // Two groups are on their way, two wait in the open batch.
        Assert.Equal(4, pullsWhileHeld);
        Assert.Equal(20, report.Totals.Delivered);
        Assert.Equal(Enumerable.Range(0, 20).Select(group => $"a-{group}-0"), Marks(receiver.Sink));
        Assert.Equal(cloud.Saved.Select(saved => saved.Number).Order(), cloud.Saved.Select(saved => saved.Number));
    }

    [Fact]
    public async Task Batch_behind_one_that_stays_pending_is_not_sent()
    {
        cloud.Shards![0].Add("a", groups: 6, perGroup: 1);
        var receiver = new HeldReceiver(mark =>
            mark == "a-1-0" ? new RecordOutcome.Retry("not now") : RecordOutcome.Accepted.Value
        );
        var running = SweepAsync(receiver.Sink, batch: 2);

        await receiver.EnteredAsync();
        await UntilAsync(() => Pulls() == 4);
        receiver.Open();
        var report = await running;

        Assert.Equal(ShardEnd.Pending, Assert.Single(report.Shards).End);
        Assert.Equal(["a-0-0"], Marks(receiver.Sink));
        Assert.Equal((2, 1, 1), (report.Totals.Read, report.Totals.Delivered, report.Totals.Pending));
        Assert.Equal(1_001, cloud.Saved[^1].Number);
    }

    [Fact]
    public async Task Read_that_fails_leaves_the_batch_on_its_way_to_be_settled()
    {
        cloud.Shards![0].Add("a", groups: 6, perGroup: 1);
        var receiver = new HeldReceiver();
        cloud.Before = call =>
        {
            if (call == "PullLogs" && Pulls() == 4)
            {
                receiver.Open();
                throw new IOException("the network is down");
            }
        };

        var report = await SweepAsync(receiver.Sink, batch: 2);

        Assert.Equal(ShardEnd.Failed, Assert.Single(report.Shards).End);
        Assert.Equal(["a-0-0", "a-1-0"], Marks(receiver.Sink));
        Assert.Equal(1_002, cloud.Saved[^1].Number);
        Assert.Equal("2", Assert.Single(cloud.Rows(Ledger.Logstore))["delivered"]);
    }

    [Fact]
    public async Task Answer_that_jumps_over_expired_groups_is_a_gap_that_is_told()
    {
        cloud.Shards![0].Add("a", groups: 9, perGroup: 1);
        cloud.Shards[0].JumpsOverExpired = true;
        // The first four groups expire between the look at the begin and the pull of the third.
        cloud.Before = call =>
            cloud.Shards[0].Expired = call == "PullLogs" && Pulls() == 3 ? 4 : cloud.Shards[0].Expired;
        var sink = new RuledSink();

        var report = await SweepAsync(sink, batch: 100);

        var row = Assert.Single(cloud.Rows(Ledger.Logstore), row => row["kind"] == "expired");
        Assert.Equal((Cursor.Of(1_002).Value, Cursor.Of(1_004).Value), (row["from"], row["to"]));
        Assert.Equal(["a-0-0", "a-1-0", "a-4-0", "a-5-0", "a-6-0", "a-7-0", "a-8-0"], Marks(sink));
        Assert.Single(report.Problems);
    }

    [Fact]
    public async Task Batch_that_the_rate_holds_back_at_the_end_of_a_turn_is_read_again_when_the_turn_is_carried_on()
    {
        cloud.Shards![0].Add("a", groups: 4, perGroup: 1);
        await cloud.CreateGroupAsync(Target, "logaudit-d0-test_log", CancellationToken.None);
        using var enough = new CancellationTokenSource();
        cloud.Before = call =>
        {
            if (call == "PullLogs" && Pulls() == 4)
            {
                enough.Cancel();
            }
        };
        var (clock, sink) = (new FakeTimeProvider(), new RuledSink());
        var limits = DestinationLimits.None with { RecordsPerSecond = 2 };
        var turn = new Turn(
            new Destination("d0", sink, new Json(), []) { Limits = limits, Pace = new Pace(limits, clock) },
            Target,
            cloud.Shards[0].ToShard(0),
            new MappingCatalogue([]).For(Target.Logstore),
            checkpoint: null
        )
        {
            Enough = enough.Token,
        };
        var worker = new ShardWorker(
            cloud,
            new Ledger(cloud, TimeProvider.System),
            new DeadLetters(cloud, TimeProvider.System),
            new SyncOptions
            {
                MaxBatchRecords = 2,
                PullCount = 1,
                MaxBatchAge = TimeSpan.FromHours(1),
            },
            TimeProvider.System,
            NullLogger.Instance
        );

        var held = await worker.RunAsync(turn, Deadline.None, CancellationToken.None);
        var before = Marks(sink).ToList();
        clock.Advance(TimeSpan.FromMinutes(1));
        turn.Enough = CancellationToken.None;
        var end = await worker.RunAsync(turn, Deadline.None, CancellationToken.None);

        Assert.Equal((ShardEnd.More, ShardEnd.UpToDate), (held, end));
        Assert.Equal(["a-0-0", "a-1-0"], before);
        Assert.Equal(["a-0-0", "a-1-0", "a-2-0", "a-3-0"], Marks(sink));
        Assert.Equal(1_004, cloud.Saved[^1].Number);
    }

    private static IEnumerable<string> Marks(RuledSink sink) => sink.Accepted.Select(record => record.Mark);

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, "waited in vain");
            await Task.Yield();
        }
    }

    private int Pulls()
    {
        lock (cloud.Calls)
        {
            return cloud.Calls.Count(call => call == "PullLogs");
        }
    }

    private Task<SyncReport> SweepAsync(RuledSink sink, int batch)
    {
        var time = new InstantTime();
        var engine = new SyncEngine(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            [new Destination("d0", sink, new Json(), [])],
            new SyncOptions
            {
                MaxBatchRecords = batch,
                PullCount = 1,
                Backoff = new Backoff(TimeSpan.Zero, TimeSpan.Zero, Attempts: 1),
            },
            time,
            NullLogger<SyncEngine>.Instance
        );
        return engine.SweepAsync([Target], Deadline.None, CancellationToken.None);
    }

    /// <summary>A receiver that keeps its first batch until it is opened.</summary>
    private sealed class HeldReceiver
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldReceiver(Func<string, RecordOutcome>? rule = null) =>
            Sink = new RuledSink(rule ?? (_ => RecordOutcome.Accepted.Value))
            {
                Before = () =>
                {
                    entered.TrySetResult();
                    return open.Task;
                },
            };

        public RuledSink Sink { get; }

        public Task EnteredAsync() => entered.Task;

        public void Open() => open.TrySetResult();
    }
}
