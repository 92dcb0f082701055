using LogAudit.Forwarding.Tests.Records;
using LogAudit.Forwarding.Tests.Sync;
using LogAudit.Sls;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace LogAudit.Forwarding.Tests.Resending;

public sealed class BackfillTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();
    private readonly InstantTime time = new();

    [Fact]
    public async Task Span_is_sent_again_with_the_same_ids_and_live_checkpoints_stand()
    {
        var sink = new RuledSink();
        cloud.Shards![0].Add("a", 10, 2);
        await LiveAsync(sink);
        var (live, saved) = (sink.Accepted.ToList(), cloud.Saved.Count);
        cloud.Calls.Clear();

        // The fake service receives one group a second.
        var report = await BackfillAsync(Span(3, 7), sink);

        Assert.Equal(new RecordCounts(8, 8, 0, 0, 0, 0), report.Totals);
        Assert.Equal(live[6..14], sink.Accepted.Skip(20));
        Assert.Equal(saved, cloud.Saved.Count);
        Assert.DoesNotContain("CreateConsumerGroup", cloud.Calls);
        Assert.All(Rows("backfill"), row => Assert.Equal(Span(3, 7).ToString(), row.Why));
        Assert.Equal(0, (await LiveAsync(sink)).Totals.Read);
    }

    [Fact]
    public async Task Status_counts_the_live_road_only()
    {
        var sink = new RuledSink();
        cloud.Shards![0].Add("a", 4, 1);
        await LiveAsync(sink);

        await BackfillAsync(Span(0, 100), sink);

        Assert.Equal(4, StatusReader.Sum(cloud.Rows(Ledger.Logstore).Select(row => LedgerRow.Parse(row)!)).Delivered);
        Assert.Equal(4, Rows("backfill").Sum(row => row.Counts.Delivered));
    }

    [Fact]
    public async Task Interrupted_backfill_goes_on_where_it_ended_when_it_is_told_to()
    {
        cloud.Shards![0].Add("a", 6, 1);
        var down = true;
        var flaky = new RuledSink(mark =>
            down && mark is "a-3-0" ? new RecordOutcome.Retry("down") : RecordOutcome.Accepted.Value
        );

        var first = await BackfillAsync(Span(0, 100), flaky);
        down = false;
        var second = await BackfillAsync(Span(0, 100), flaky, resume: true);
        var again = await BackfillAsync(Span(0, 100), flaky);

        Assert.False(first.Succeeded);
        Assert.Equal(3, first.Totals.Delivered);
        Assert.Equal((3L, true), (second.Totals.Delivered, second.Succeeded));
        Assert.Equal(6, again.Totals.Delivered);
    }

    [Fact]
    public async Task Lost_consumer_group_stays_lost_for_the_live_road()
    {
        var sink = new RuledSink();
        // A backfill must not make the live reader believe that it was never here, or stood elsewhere.
        cloud.Shards![0].Add("a", 3, 1);
        await LiveAsync(sink);
        await BackfillAsync(Span(0, 1), sink);
        cloud.DeleteGroups();

        await LiveAsync(sink);

        Assert.Equal(
            Cursor.Of(1_003).Value,
            Assert.Single(cloud.Rows(Ledger.Logstore), row => row["kind"] == "expired")["from"]
        );
    }

    private static BackfillSpan Span(int from, int to) =>
        new(DateTimeOffset.UnixEpoch.AddSeconds(from), DateTimeOffset.UnixEpoch.AddSeconds(to));

    private IEnumerable<LedgerRow> Rows(string kind) =>
        cloud.Rows(Ledger.Logstore).Where(row => row["kind"] == kind).Select(row => LedgerRow.Parse(row)!);

    private Task<SyncReport> LiveAsync(RuledSink sink) =>
        new SyncEngine(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            [new Destination("d", sink, new Json(), [])],
            new SyncOptions(),
            time,
            new FakeLogger<SyncEngine>()
        ).SweepAsync([Target], Deadline.None, CancellationToken.None);

    private Task<SyncReport> BackfillAsync(BackfillSpan span, RuledSink to, bool resume = false) =>
        new Backfill(
            cloud,
            cloud,
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            new SyncOptions(),
            time,
            new FakeLogger<SyncEngine>()
        ).RunAsync(
            [Target],
            [new Destination("d", to, new Json(), [])],
            span,
            resume,
            (_, _) => { },
            CancellationToken.None
        );
}
