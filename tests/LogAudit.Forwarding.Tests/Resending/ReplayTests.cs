using LogAudit.Forwarding.Tests.Masking;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Forwarding.Tests.Sync;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace LogAudit.Forwarding.Tests.Resending;

public sealed class ReplayTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();
    private readonly InstantTime time = new();

    [Fact]
    public async Task Refused_records_are_read_from_their_source_after_a_fix_and_only_once()
    {
        cloud.Shards![0].Add("a", 3, 4);
        await RefuseAsync(mark => mark.EndsWith("-2", StringComparison.Ordinal));
        var sink = new RuledSink();

        var first = await ReplayAsync(sink);
        var second = await ReplayAsync(sink);

        Assert.All(first, letter => Assert.Equal((ReplayEnd.Source, ""), (letter.End, letter.Why)));
        Assert.Equal(["a-0-2", "a-1-2", "a-2-2"], sink.Accepted.Select(record => record.Mark));
        Assert.Equal(first.Select(letter => letter.Id), sink.Accepted.Select(record => record.Id));
        Assert.Empty(second);
    }

    [Fact]
    public async Task Masked_copy_is_sent_where_the_source_has_expired_and_the_answer_says_which()
    {
        cloud.Shards![0].Add("a", 2, 1);
        var mask = RecordMask.Make([MaskedRecords.Pattern(MaskAction.Replace, "a-")], MaskedRecords.NoOptions("json"));
        await RefuseAsync(_ => true, mask);
        cloud.Shards[0].Expired = 1;
        var sink = new RuledSink();

        var letters = await ReplayAsync(sink);

        Assert.Equal([ReplayEnd.Source, ReplayEnd.Copy], letters.Select(letter => letter.End));
        // Read again, the record has today's masking: none. The copy has that of its day.
        Assert.Equal(["a-1-0", "***0-0"], sink.Accepted.Select(record => record.Mark));
        Assert.Equal(letters.Select(letter => letter.Id), sink.Accepted.Select(record => record.Id));
        Assert.Empty(await ReplayAsync(sink));
    }

    [Fact]
    public async Task Record_in_the_place_of_another_is_not_sent_for_it()
    {
        cloud.Shards![0].Add("a", 1, 1);
        await RefuseAsync(_ => true);
        cloud.Shards[0].Groups.Clear();
        cloud
            .Shards[0]
            .Groups.Add(
                new TestGroup("topic", [TestLog.Of(1, ("mark", "other"))]) { Tags = [("logaudit_id", "another-id")] }
            );
        var sink = new RuledSink();

        var letter = Assert.Single(await ReplayAsync(sink));

        Assert.Equal(ReplayEnd.Copy, letter.End);
        Assert.Equal("a-0-0", Assert.Single(sink.Accepted).Mark);
    }

    [Fact]
    public async Task Letter_that_is_refused_again_or_not_taken_stays_and_says_why()
    {
        cloud.Shards![0].Add("a", 2, 1);
        await RefuseAsync(_ => true);
        RecordOutcome Rule(string mark) =>
            mark is "a-0-0" ? new RecordOutcome.Reject("still bad") : new RecordOutcome.Retry("down");

        var letters = await ReplayAsync(new RuledSink(Rule));

        Assert.Equal(
            [(ReplayEnd.Refused, "still bad"), (ReplayEnd.Pending, "down")],
            letters.Select(letter => (letter.End, letter.Why))
        );
        Assert.Equal(2, (await ReplayAsync(new RuledSink())).Count);
    }

    [Fact]
    public async Task Letter_that_the_filter_leaves_out_by_now_is_settled()
    {
        cloud.Shards![0].Add("a", 1, 2);
        await RefuseAsync(_ => true);
        var filter = new RecordFilter(PolicyExpression.Parse("keep mark == \"*-1\""));

        var letters = await ReplayAsync(new RuledSink(), filter);

        Assert.Equal([ReplayEnd.Filtered, ReplayEnd.Source], letters.Select(letter => letter.End));
        Assert.Empty(await ReplayAsync(new RuledSink()));
    }

    [Fact]
    public async Task Unreadable_group_stays_until_it_can_be_read_and_then_gives_all_its_records()
    {
        cloud.Shards![0].Groups.Add(new TestGroup("topic", []) { Raw = [0x0A, 0x7F] });
        await RefuseAsync(_ => false);
        var sink = new RuledSink();

        var before = Assert.Single(await ReplayAsync(sink));
        cloud.Shards[0].Groups.Clear();
        cloud.Shards[0].Add("mended", 1, 2);
        var after = Assert.Single(await ReplayAsync(sink));

        Assert.Equal((ReplayEnd.Unreadable, ReplayEnd.Source), (before.End, after.End));
        Assert.NotEqual("", before.Why);
        Assert.Equal(["mended-0-0", "mended-0-1"], sink.Accepted.Select(record => record.Mark));
    }

    [Fact]
    public async Task Letters_of_a_destination_that_is_no_more_are_kept_and_told()
    {
        cloud.Shards![0].Add("a", 1, 1);
        await RefuseAsync(_ => true);

        var letters = await ReplayAsync([new Destination("other", new RuledSink(), new Json(), [])]);

        Assert.Equal(ReplayEnd.NoDestination, Assert.Single(letters).End);
    }

    [Fact]
    public async Task Status_counts_a_replayed_letter_as_delivered_and_dead_no_more()
    {
        cloud.Shards![0].Add("a", 3, 1);
        await RefuseAsync(mark => mark is not "a-0-0");
        await ReplayAsync(
            new RuledSink(mark => mark is "a-1-0" ? RecordOutcome.Accepted.Value : new RecordOutcome.Reject("no"))
        );

        var destination = new Destination("d", new RuledSink(), new Json(), []);
        var status = Assert.Single(
            await new StatusReader(cloud, cloud, [destination], new MappingCatalogue([]), time).ReadAsync(
                [Target],
                CancellationToken.None
            )
        );

        Assert.Equal(new RecordCounts(3, 2, 0, 0, 1, 0), status.Counts);
        Assert.True(status.Counts.Balances);
    }

    private async Task RefuseAsync(Func<string, bool> refuses, RecordMask? mask = null)
    {
        var sink = new RuledSink(mark =>
            refuses(mark) ? new RecordOutcome.Reject("bad") : RecordOutcome.Accepted.Value
        );
        var engine = new SyncEngine(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, time),
            new MappingCatalogue([]),
            [new Destination("d", sink, new Json(), []) { Mask = mask ?? RecordMask.None }],
            new SyncOptions(),
            time,
            new FakeLogger<SyncEngine>()
        );
        Assert.True((await engine.SweepAsync([Target], Deadline.None, CancellationToken.None)).Succeeded);
    }

    private Task<List<ReplayedLetter>> ReplayAsync(RuledSink sink, RecordFilter? filter = null) =>
        ReplayAsync([
            new Destination("d", sink, new Json(), [])
            {
                Filter = filter ?? new RecordFilter(PolicyExpression.Everything),
            },
        ]);

    private async Task<List<ReplayedLetter>> ReplayAsync(IReadOnlyList<Destination> destinations)
    {
        var central = new CentralSettings
        {
            Account = Target.Account,
            Region = Target.Region,
            Project = Target.Project,
        };
        var replay = new Replay(
            cloud,
            cloud,
            new MappingCatalogue([]),
            central,
            new SyncOptions(),
            time,
            new FakeLogger<SyncEngine>()
        );
        var letters = new List<ReplayedLetter>();
        await foreach (var letter in replay.RunAsync(destinations, [], CancellationToken.None))
        {
            letters.Add(letter);
        }

        return letters;
    }
}
