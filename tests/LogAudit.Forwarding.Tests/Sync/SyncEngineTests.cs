using LogAudit.Forwarding.Tests.Records;
using LogAudit.Sls;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Forwarding.Tests.Sync;

public sealed class SyncEngineTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();
    private readonly FakeLogger<SyncEngine> log = new();

    [Fact]
    public async Task New_destination_starts_at_the_begin_and_receives_everything_once()
    {
        cloud.Shards![0].Add("a", groups: 7, perGroup: 3);
        var sink = new RuledSink();

        var report = await Sweep(Engine(sink));

        Assert.True(report.Succeeded);
        Assert.Equal(Marks(cloud.Shards[0]), sink.Accepted.Select(record => record.Mark));
        Assert.Equal(new RecordCounts(21, 21, 0, 0, 0, 0), report.Totals);
        Assert.Equal(21, LedgerTotals().Delivered);
    }

    [Fact]
    public async Task Second_sweep_sends_nothing_and_new_groups_are_sent_by_a_doorbell()
    {
        cloud.Shards![0].Add("a", 2, 2);
        var sink = new RuledSink();
        var engine = Engine(sink);
        await Sweep(engine);

        var nothing = await Sweep(engine);
        cloud.Shards[0].Add("b", 1, 2);
        var some = await engine.RunShardAsync(Target, 0, Deadline.None, CancellationToken.None);

        Assert.Equal(0, nothing.Totals.Read);
        Assert.Equal(2, some.Totals.Delivered);
        Assert.Equal(6, sink.Accepted.Count);
    }

    [Fact]
    public async Task Ledger_row_is_written_before_the_checkpoint_and_after_the_dead_letters()
    {
        cloud.Shards![0].Add("a", 1, 2);
        var sink = new RuledSink(mark =>
            mark.EndsWith("-1", StringComparison.Ordinal)
                ? new RecordOutcome.Reject("bad")
                : RecordOutcome.Accepted.Value
        );

        var report = await Sweep(Engine(sink));

        var order = cloud
            .Calls.Where(call => call.StartsWith("Append", StringComparison.Ordinal) || call == "SaveCheckpoint")
            .Skip(1);
        Assert.Equal(["Append logaudit_dead_letter", "Append logaudit_ledger", "SaveCheckpoint"], order);
        Assert.Equal(new RecordCounts(2, 1, 0, 0, 1, 0), report.Totals);
        var letter = Assert.Single(cloud.Rows(DeadLetters.Logstore));
        Assert.Equal(("bad", "1"), (letter["reason"], letter["index"]));
        Assert.Contains("a-0-1", letter["record"], StringComparison.Ordinal);
        Assert.Contains(letter["id"], letter["record"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_that_takes_nothing_leaves_records_pending_and_does_not_hold_the_other()
    {
        cloud.Shards![0].Add("a", 3, 2);
        var good = new RuledSink();
        var bad = new RuledSink(_ => new RecordOutcome.Retry("the receiver is down"));

        var report = await Sweep(Engine(good, bad));

        Assert.False(report.Succeeded);
        Assert.Equal(6, good.Accepted.Count);
        var pending = Assert.Single(report.Shards, shard => shard.End == ShardEnd.Pending);
        Assert.Equal(
            ("d1", 6L, "the receiver is down"),
            (pending.Key.Destination, pending.Counts.Pending, pending.Problem)
        );
        Assert.Equal(1_000, cloud.Saved.Last(saved => saved.Number < 1_003).Number);
    }

    [Fact]
    public async Task Part_that_is_settled_moves_the_checkpoint_to_its_last_whole_group()
    {
        cloud.Shards![0].Add("a", 4, 2);
        var down = true;
        var sink = new RuledSink(mark =>
            down && mark.StartsWith("a-2", StringComparison.Ordinal)
                ? new RecordOutcome.Retry("later")
                : RecordOutcome.Accepted.Value
        );
        var engine = Engine(sink);

        var first = await Sweep(engine);
        down = false;
        var second = await Sweep(engine);

        Assert.Equal((8L, 4L, 4L), (first.Totals.Read, first.Totals.Delivered, first.Totals.Pending));
        Assert.Equal(1_002, cloud.Saved[1].Number);
        Assert.Equal(4, second.Totals.Delivered);
        Assert.Equal(
            Marks(cloud.Shards[0]).Order(StringComparer.Ordinal),
            sink.Accepted.Select(record => record.Mark).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.All(
            sink.Accepted.GroupBy(record => record.Mark),
            same => Assert.Single(same.Select(record => record.Id).Distinct(StringComparer.Ordinal))
        );
        Assert.Equal(8, LedgerTotals().Delivered);
    }

    [Fact]
    public async Task Expired_data_is_a_row_an_error_and_reading_goes_on_at_the_begin()
    {
        cloud.Shards![0].Add("a", 2, 1);
        var sink = new RuledSink();
        await Sweep(Engine(sink));
        cloud.Shards[0].Add("b", 6, 1);
        cloud.Shards[0].Expired = 5;

        var report = await Sweep(Engine(sink));

        AssertGap(report, from: 1_002, to: 1_005);
        Assert.Equal(["b-5-0", "b-6-0", "b-7-0"], sink.Accepted.Skip(2).Select(record => record.Mark));
    }

    [Fact]
    public async Task Deleted_consumer_group_is_a_row_an_error_and_reading_goes_on_at_the_begin()
    {
        cloud.Shards![0].Add("a", 3, 1);
        var sink = new RuledSink();
        await Sweep(Engine(sink));
        cloud.DeleteGroups();

        var report = await Sweep(Engine(sink));

        AssertGap(report, from: 1_003, to: 1_000);
        Assert.Equal(6, sink.Accepted.Count);
        Assert.Equal(3, sink.Accepted.Select(record => record.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.True((await Sweep(Engine(sink))).Succeeded);
        Assert.Single(cloud.Rows(Ledger.Logstore), row => row["kind"] == "expired");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recreated_logstore_is_a_row_an_error_and_reading_goes_on_at_the_begin(bool groupIsGoneToo)
    {
        cloud.Shards![0].Add("a", 5, 1);
        var sink = new RuledSink();
        await Sweep(Engine(sink));
        cloud.Shards = new() { [0] = new FakeShard { First = 500 }.Add("new", 2, 1) };
        if (groupIsGoneToo)
        {
            cloud.DeleteGroups();
        }

        var report = await Sweep(Engine(sink));

        AssertGap(report, from: 1_005, to: 500);
        Assert.Equal(["new-0-0", "new-1-0"], sink.Accepted.Skip(5).Select(record => record.Mark));
    }

    [Fact]
    public async Task Doorbell_for_a_deleted_logstore_is_a_clear_problem_and_the_sweep_passes_over_it()
    {
        cloud.Shards = null;
        var engine = Engine(new RuledSink());

        var rung = await engine.RunShardAsync(Target, 0, Deadline.None, CancellationToken.None);
        var swept = await Sweep(engine);

        Assert.False(rung.Succeeded);
        Assert.Contains("does not exist", Assert.Single(rung.Problems), StringComparison.Ordinal);
        Assert.True(swept.Succeeded);
    }

    [Fact]
    public async Task Parents_of_a_split_are_drained_before_their_children()
    {
        cloud.Shards = new()
        {
            [0] = new FakeShard { Writable = false }.Add("parent", 3, 2),
            [1] = new FakeShard { EndKey = "80" }.Add("left", 2, 2),
            [2] = new FakeShard { BeginKey = "80" }.Add("right", 2, 2),
        };
        var sink = new RuledSink();

        var report = await Engine(sink).RunShardAsync(Target, 2, Deadline.None, CancellationToken.None);

        Assert.True(report.Succeeded);
        Assert.Equal(
            [.. Enumerable.Repeat("parent", 6), .. Enumerable.Repeat("right", 4)],
            sink.Accepted.Select(record => record.Mark.Split('-')[0])
        );
    }

    [Fact]
    public async Task Child_waits_for_a_parent_of_another_partition()
    {
        cloud.Shards = new()
        {
            [0] = new FakeShard { Writable = false }.Add("parent", 1, 1),
            [1] = new FakeShard().Add("child", 1, 1),
        };
        var sink = new RuledSink();

        var report = await Sweep(Engine(new SyncOptions { Partitions = 2, Partition = 1 }, sink));

        Assert.Equal(ShardEnd.WaitsForParent, Assert.Single(report.Shards).End);
        Assert.True(report.More);
        Assert.Empty(sink.Accepted);
    }

    [Fact]
    public async Task Doorbell_that_finds_its_worker_running_returns_and_the_worker_looks_again()
    {
        cloud.Shards![0].Add("a", 1, 1);
        var entered = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var sink = new RuledSink
        {
            Before = () =>
            {
                entered.TrySetResult();
                return go.Task;
            },
        };
        var engine = Engine(sink);
        var running = Sweep(engine);
        await entered.Task;

        cloud.Shards[0].Add("b", 1, 1);
        var second = await engine.RunShardAsync(Target, 0, Deadline.None, CancellationToken.None);
        go.SetResult();
        var first = await running;

        Assert.Equal(ShardEnd.Busy, Assert.Single(second.Shards).End);
        Assert.Equal(2, first.Totals.Delivered);
    }

    [Fact]
    public async Task Work_ends_before_the_deadline_and_says_that_there_is_more()
    {
        cloud.Shards![0].Add("a", 50, 1);
        var time = new FakeTimeProvider();
        var sink = new RuledSink
        {
            Before = () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return Task.CompletedTask;
            },
        };
        var engine = Engine(new SyncOptions { MaxBatchRecords = 1, PullCount = 1 }, time, sink);

        var report = await engine.SweepAsync(
            [Target],
            Deadline.After(time.GetUtcNow(), TimeSpan.FromSeconds(60)),
            CancellationToken.None
        );

        Assert.True(report.More);
        Assert.Equal(5, report.Totals.Delivered);
        Assert.Equal(1_005, cloud.Saved[^1].Number);
    }

    [Fact]
    public async Task Group_that_cannot_be_read_becomes_a_dead_letter_and_the_others_are_delivered()
    {
        var shard = cloud.Shards![0].Add("a", 2, 2);
        shard.Groups.Insert(1, new TestGroup("topic", []) { Raw = [0x0A, 0x03, 0x08, 0x01, 0x12] });
        var sink = new RuledSink();

        var report = await Sweep(Engine(sink));

        Assert.Equal(new RecordCounts(5, 4, 0, 0, 1, 0), report.Totals);
        Assert.Equal(4, sink.Accepted.Count);
        Assert.Equal(Cursor.Of(1_001).Value, Assert.Single(cloud.Rows(DeadLetters.Logstore))["cursor"]);
    }

    [Fact]
    public async Task Product_that_is_not_wanted_is_counted_as_filtered()
    {
        cloud.Shards![0].Add("a", 1, 3);
        var sink = new RuledSink();
        var engine = Engine(new SyncOptions(), new InstantTime(), [new Destination("d0", sink, new Json(), ["other"])]);

        var report = await Sweep(engine);

        Assert.Equal(new RecordCounts(3, 0, 0, 3, 0, 0), report.Totals);
        Assert.Empty(sink.Accepted);
    }

    [Fact]
    public async Task Transport_without_acknowledgement_counts_as_sent()
    {
        cloud.Shards![0].Add("a", 1, 3);

        var report = await Sweep(Engine(new RuledSink { Acknowledges = false }));

        Assert.Equal(new RecordCounts(3, 0, 3, 0, 0, 0), report.Totals);
    }

    [Fact]
    public async Task Status_shows_counts_pending_and_what_was_lost()
    {
        cloud.Shards![0].Add("a", 4, 1);
        var sink = new RuledSink(mark =>
            mark == "a-3-0" ? new RecordOutcome.Retry("down") : RecordOutcome.Accepted.Value
        );
        var destination = new Destination("d0", sink, new Json(), []);
        await Sweep(Engine(new SyncOptions(), new InstantTime(), [destination]));

        var status = Assert.Single(
            await new StatusReader(cloud, cloud, [destination], new MappingCatalogue([]), new InstantTime()).ReadAsync(
                [Target],
                CancellationToken.None
            )
        );

        Assert.Equal(new RecordCounts(4, 3, 0, 0, 0, 1), status.Counts);
        Assert.Equal("down", status.LastError);
        Assert.Equal((1L, false), (status.Lag!.Records, status.Lag.IsLeast));
        Assert.True(status.Lag.Age > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_that_got_broken_on_its_way_is_asked_for_again_and_stored_data_that_is_broken_is_a_dead_letter(
        bool isAnswerBroken
    )
    {
        cloud.Shards![0].Add("a", 3, 2);
        var sink = new RuledSink();
        var engine = Engine(sink);
        var pulls = 0;
        // As a whole, and then the first group alone.
        cloud.Before = call =>
        {
            if (call == "PullLogs" && ++pulls <= 2)
            {
                throw new SlsDataException("cannot be unpacked") { IsAnswerBroken = isAnswerBroken };
            }
        };

        var first = await Sweep(engine);
        await Sweep(engine);

        Assert.Equal(!isAnswerBroken, first.Succeeded);
        Assert.Equal(isAnswerBroken ? 0 : 1, cloud.Rows(DeadLetters.Logstore).Count());
        Assert.Equal(isAnswerBroken ? 6 : 4, sink.Accepted.Count);
    }

    private static IEnumerable<string> Marks(FakeShard shard) =>
        shard
            .Groups.SelectMany(group => group.Logs)
            .Select(one => System.Text.Encoding.UTF8.GetString(one.Fields[0].Value));

    private static Task<SyncReport> Sweep(SyncEngine engine) =>
        engine.SweepAsync([Target], Deadline.None, CancellationToken.None);

    private void AssertGap(SyncReport report, long from, long to)
    {
        var row = Assert.Single(cloud.Rows(Ledger.Logstore), row => row["kind"] == "expired");
        Assert.Equal((Cursor.Of(from).Value, Cursor.Of(to).Value), (row["from"], row["to"]));
        Assert.Single(report.Problems);
        Assert.Contains(
            log.Collector.GetSnapshot(),
            entry => entry.Id.Id == 6002 && entry.Level == Microsoft.Extensions.Logging.LogLevel.Error
        );
    }

    private RecordCounts LedgerTotals() =>
        StatusReader.Sum(cloud.Rows(Ledger.Logstore).Select(row => LedgerRow.Parse(row)!));

    private SyncEngine Engine(params RuledSink[] sinks) => Engine(new SyncOptions(), sinks);

    private SyncEngine Engine(SyncOptions options, params RuledSink[] sinks) =>
        Engine(options, new InstantTime(), sinks);

    private SyncEngine Engine(SyncOptions options, TimeProvider time, params RuledSink[] sinks) =>
        Engine(options, time, [.. sinks.Select((sink, index) => new Destination($"d{index}", sink, new Json(), []))]);

    private SyncEngine Engine(SyncOptions options, TimeProvider time, IReadOnlyList<Destination> destinations) =>
        new(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            destinations,
            options,
            time,
            log
        );
}
