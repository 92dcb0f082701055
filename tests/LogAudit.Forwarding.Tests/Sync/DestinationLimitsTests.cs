using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace LogAudit.Forwarding.Tests.Sync;

public sealed class DestinationLimitsTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();
    private readonly InstantTime time = new();

    [Fact]
    public async Task Rate_is_kept_over_all_shards_of_a_destination_and_the_other_runs_free()
    {
        cloud.Shards = new() { [0] = new FakeShard().Add("a", 60, 10), [1] = new FakeShard().Add("b", 60, 10) };
        var began = time.GetUtcNow();
        var (paced, free) = (new RuledSink(), new RuledSink());
        var report = await Engine(
                Limited("paced", paced, new DestinationLimits { RecordsPerSecond = 100 }),
                new Destination("free", free, new Json(), [])
            )
            .SweepAsync([Target], Deadline.None, CancellationToken.None);

        Assert.True(report.Succeeded);
        Assert.Equal((1_200, 1_200), (paced.Accepted.Count, free.Accepted.Count));
        // 1,200 records at 100 a second take 12 s; what the two workers sent last need not be waited for.
        Assert.True(time.GetUtcNow() - began >= TimeSpan.FromSeconds(9.5));
    }

    [Fact]
    public async Task Rate_counts_bytes_too()
    {
        cloud.Shards![0].Add("a", 40, 10);
        var began = time.GetUtcNow();
        var sink = new RuledSink();

        await Engine(Limited("paced", sink, new DestinationLimits { BytesPerSecond = 10_000 }))
            .SweepAsync([Target], Deadline.None, CancellationToken.None);

        var bytes = sink.Bodies.Sum(body => body.Length);
        Assert.True((time.GetUtcNow() - began).TotalSeconds >= (bytes / 10_000.0) - 2);
    }

    [Fact]
    public async Task Rate_that_does_not_fit_the_deadline_ends_the_work_with_more_and_without_failure()
    {
        cloud.Shards![0].Add("a", 100, 10);
        var sink = new RuledSink();
        var engine = Engine(Limited("paced", sink, new DestinationLimits { RecordsPerSecond = 50 }));
        Deadline Soon() => new(time.GetUtcNow() + TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(2));

        var first = await engine.SweepAsync([Target], Soon(), CancellationToken.None);
        var taken = sink.Accepted.Count;
        for (var more = true; more; )
        {
            more = (await engine.SweepAsync([Target], Deadline.None, CancellationToken.None)).More;
        }

        Assert.True(first is { Succeeded: true, More: true });
        Assert.InRange(taken, 1, 400);
        Assert.Equal(1_000, sink.Accepted.Select(record => record.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(sink.Accepted.Count, sink.Accepted.Select(record => record.Mark).Distinct().Count());
    }

    [Fact]
    public async Task Batch_is_as_large_as_the_destination_says()
    {
        cloud.Shards![0].Add("a", 30, 10);
        var sink = new RuledSink();

        await Engine(Limited("small", sink, new DestinationLimits { BatchRecords = 25 }))
            .SweepAsync([Target], Deadline.None, CancellationToken.None);

        Assert.Equal(Enumerable.Repeat(30, 10), sink.Sizes);
    }

    [Fact]
    public async Task Destination_that_hangs_holds_no_fresh_records_of_the_other_and_catches_up_oldest_first()
    {
        cloud.Shards![0].Add("old", 5, 2);
        var (dead, live) = (new RuledSink(), new RuledSink());
        var revived = new TaskCompletionSource();
        var hangs = new TaskCompletionSource();
        dead.Before = () =>
        {
            hangs.TrySetResult();
            return revived.Task;
        };
        var engine = Engine(
            new Destination("dead", dead, new Json(), []),
            new Destination("live", live, new Json(), [])
        );

        var sweep = engine.SweepAsync([Target], Deadline.None, CancellationToken.None);
        await hangs.Task;
        for (var round = 0; round < 3; round++)
        {
            cloud.Shards[0].Add($"fresh{round}", 1, 2);
            SyncReport report;
            do
            {
                report = await engine.RunShardAsync(Target, 0, Deadline.None, CancellationToken.None);
            } while (End(report, "live") == ShardEnd.Busy);

            Assert.Equal(ShardEnd.Busy, End(report, "dead"));
            Assert.Contains(live.Accepted, record => record.Mark.StartsWith($"fresh{round}", StringComparison.Ordinal));
        }

        Assert.Empty(dead.Accepted);
        revived.SetResult();
        await sweep;

        Assert.Equal(16, live.Accepted.Count);
        Assert.Equal(live.Accepted.Select(record => record.Mark), dead.Accepted.Select(record => record.Mark));
    }

    [Fact]
    public void Options_are_read_and_refused_out_of_range()
    {
        Assert.Equal(
            new DestinationLimits
            {
                RecordsPerSecond = 1_000,
                BytesPerSecond = 2_000_000,
                BatchRecords = 10,
                BatchBytes = 65_536,
                BatchAge = TimeSpan.FromSeconds(7),
            },
            Made(
                ("max-records-per-second", "1000"),
                ("max-bytes-per-second", "2000000"),
                ("max-batch-records", "10"),
                ("max-batch-bytes", "65536"),
                ("max-batch-age-seconds", "7")
            ).Limits
        );
        Assert.Equal(DestinationLimits.None, Made().Limits);
        var refused = Assert.Throws<SettingsException>(() =>
            Made(("max-records-per-second", "-1"), ("max-batch-records", "0"), ("max-batch-age-seconds", "900"))
        );
        Assert.Equal(3, refused.Errors.Count);
    }

    private static ShardEnd End(SyncReport report, string destination) =>
        report.Shards.Single(shard => shard.Key.Destination == destination).End;

    private static Destination Made(params (string Name, string Value)[] options) =>
        Destinations
            .Make(
                [
                    new DestinationSettings
                    {
                        Name = "soc",
                        Sink = "syslog",
                        Format = "rfc5424",
                        Options = options
                            .Append(("address", "tls://soc.example.com:6514"))
                            .ToDictionary(option => option.Item1, option => option.Item2, StringComparer.Ordinal),
                    },
                ],
                "logaudit.yaml",
                new SecretReferences(_ => null),
                TimeProvider.System
            )
            .Single();

    private Destination Limited(string name, RuledSink sink, DestinationLimits limits) =>
        new(name, sink, new Json(), []) { Limits = limits, Pace = new Pace(limits, time) };

    private SyncEngine Engine(params IReadOnlyList<Destination> destinations) =>
        new(
            cloud,
            new Ledger(cloud, time),
            new DeadLetters(cloud, TimeProvider.System),
            new MappingCatalogue([]),
            destinations,
            new SyncOptions(),
            time,
            new FakeLogger<SyncEngine>()
        );
}
