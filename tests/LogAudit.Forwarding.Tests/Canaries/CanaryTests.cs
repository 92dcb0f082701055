using LogAudit.Forwarding.Tests.Records;
using LogAudit.Forwarding.Tests.Sync;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Forwarding.Tests.Canaries;

public sealed class CanaryTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();

    [Fact]
    public async Task Canary_passes_a_filter_that_drops_everything_and_its_arrival_stands_in_the_ledger()
    {
        cloud.Shards![0].Add("a", groups: 1, perGroup: 2);
        cloud.Shards[0].Groups.Add(new TestGroup(Canary.Topic, [TestLog.Of(1_700_000_000, ("mark", "canary-1"))]));
        var sink = new RuledSink();

        var report = await SweepAsync(sink, filter: "drop \"*\"");

        Assert.Equal((3, 1, 2), (report.Totals.Read, report.Totals.Delivered, report.Totals.Filtered));
        var (id, mark) = Assert.Single(sink.Accepted);
        Assert.Equal("canary-1", mark);
        var arrival = Assert.Single(Arrivals());
        Assert.Equal(
            (CanaryStage.Accepted, "d0", Target.Logstore, id),
            (arrival.Stage, arrival.Destination, arrival.Logstore, arrival.Id)
        );
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), arrival.Written);
    }

    [Fact]
    public async Task Canary_that_is_refused_or_pending_has_not_arrived()
    {
        cloud.Shards![0].Groups.Add(new TestGroup(Canary.Topic, [TestLog.Of(1, ("mark", "canary-1"))]));
        cloud.Shards[0].Groups.Add(new TestGroup(Canary.Topic, [TestLog.Of(2, ("mark", "canary-2"))]));
        var sink = new RuledSink(mark =>
            mark == "canary-1" ? new RecordOutcome.Reject("bad") : new RecordOutcome.Retry("later")
        );

        await SweepAsync(sink, filter: "accept \"*\"");

        Assert.Empty(Arrivals());
    }

    [Fact]
    public async Task Rows_of_canaries_are_no_rows_of_batches()
    {
        cloud.Shards![0].Groups.Add(new TestGroup(Canary.Topic, [TestLog.Of(1, ("mark", "canary-1"))]));

        await SweepAsync(new RuledSink(), filter: "accept \"*\"");

        var rows = cloud.Rows(Ledger.Logstore).ToList();
        Assert.Equal(2, rows.Count);
        var batch = Assert.Single(rows.Select(LedgerRow.Parse).OfType<LedgerRow>());
        Assert.Equal(new RecordCounts(1, 1, 0, 0, 0, 0), batch.Counts);
    }

    private IEnumerable<CanaryArrival> Arrivals() =>
        cloud.Rows(Ledger.Logstore).Select(CanaryArrival.Parse).OfType<CanaryArrival>();

    private Task<SyncReport> SweepAsync(RuledSink sink, string filter)
    {
        var time = new InstantTime();
        var engine = new SyncEngine(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            [
                new Destination("d0", sink, new Json(), [])
                {
                    Filter = new RecordFilter(PolicyExpression.Parse(filter, out _)!),
                },
            ],
            new SyncOptions { Backoff = new Backoff(TimeSpan.Zero, TimeSpan.Zero, Attempts: 1) },
            time,
            NullLogger<SyncEngine>.Instance
        );
        return engine.SweepAsync([Target], Deadline.None, CancellationToken.None);
    }
}
