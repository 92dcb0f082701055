using LogAudit.Forwarding.Tests.Masking;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace LogAudit.Forwarding.Tests.Sync;

/// <summary>What each destination sees of the same shards.</summary>
public sealed class DestinationViewTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();

    [Fact]
    public async Task Each_destination_has_its_own_filter_and_what_it_leaves_out_is_counted()
    {
        cloud.Shards![0].Add("a", 2, 2).Add("b", 1, 2);
        var (some, all, none) = (new RuledSink(), new RuledSink(), new RuledSink());
        Destination Where(string name, RuledSink sink, string script) =>
            new(name, sink, new Json(), []) { Filter = new RecordFilter(PolicyExpression.Parse(script)) };

        var report = await SweepAsync([
            Where("some", some, "keep mark == \"b-*\""),
            Where("all", all, ""),
            Where("none", none, "drop \"*\""),
        ]);

        Assert.True(report.Succeeded);
        Assert.Equal(["b-2-0", "b-2-1"], some.Accepted.Select(record => record.Mark));
        Assert.Equal(6, all.Accepted.Count);
        Assert.Empty(none.Accepted);
        Assert.Equal(
            [new(6, 6, 0, 0, 0, 0), new(6, 0, 0, 6, 0, 0), new RecordCounts(6, 2, 0, 4, 0, 0)],
            report.Shards.OrderBy(shard => shard.Key.Destination).Select(shard => shard.Counts)
        );
        Assert.Equal(10, cloud.Rows(Ledger.Logstore).Sum(row => LedgerRow.Parse(row)!.Counts.Filtered));
    }

    [Fact]
    public async Task Each_destination_sees_what_its_own_masking_leaves_in_dead_letters_too()
    {
        cloud.Shards![0].Groups.Add(new TestGroup("topic", [TestLog.Of(1, ("mark", "m"), ("mail", "a@example.com"))]));
        var (open, masked) = (new RuledSink(), new RuledSink(_ => new RecordOutcome.Reject("bad")));
        var mask = RecordMask.Make([MaskedRecords.Fields(MaskAction.Remove, "mail")], MaskedRecords.NoOptions("json"));

        var report = await SweepAsync([
            new Destination("open", open, new Json(), []),
            new Destination("masked", masked, new Json(), []) { Mask = mask },
        ]);

        Assert.Equal((1L, 1L), (report.Totals.Delivered, report.Totals.DeadLettered));
        Assert.Contains("a@example.com", Assert.Single(open.Bodies), StringComparison.Ordinal);
        Assert.DoesNotContain("a@example.com", Assert.Single(masked.Bodies), StringComparison.Ordinal);
        var letter = Assert.Single(cloud.Rows(DeadLetters.Logstore));
        Assert.DoesNotContain("a@example.com", letter["record"], StringComparison.Ordinal);
        Assert.Equal(open.Accepted[0].Id, letter["id"]);
    }

    private Task<SyncReport> SweepAsync(IReadOnlyList<Destination> destinations) =>
        new SyncEngine(
            cloud,
            new Ledger(cloud, TimeProvider.System),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            destinations,
            new SyncOptions(),
            TimeProvider.System,
            new FakeLogger<SyncEngine>()
        ).SweepAsync([Target], Deadline.None, CancellationToken.None);
}
