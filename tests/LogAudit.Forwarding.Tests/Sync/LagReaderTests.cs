using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sync;

public sealed class LagReaderTests
{
    private static readonly LogTarget Target = Normalised.Target("test_log");

    private readonly FakeCloud cloud = new();
    private readonly InstantTime time = new();

    [Fact]
    public async Task Backlog_of_every_destination_is_counted_in_one_reading()
    {
        cloud.Shards![0].Add("a", groups: 10, perGroup: 3);
        await StandAsync("far", 1_002);
        await StandAsync("near", 1_009);
        await StandAsync("done", 1_010);

        var lags = await ReadAsync("far", "near", "done", "new");

        Assert.Equal([24, 3, 0, 30], lags.Select(lag => lag.Records));
        Assert.All(lags, lag => Assert.False(lag.IsLeast));
        Assert.Equal([false, false, true, false], lags.Select(lag => lag == Lag.None));
        Assert.Single(cloud.Calls, call => call == "PullLogs");
    }

    [Fact]
    public async Task Backlog_without_end_is_told_as_at_least()
    {
        cloud.Shards![0].Add("a", groups: (LagReader.MostPulls * 1_000) + 1, perGroup: 1);

        var lag = Assert.Single(await ReadAsync("new"));

        Assert.Equal((LagReader.MostPulls * 1_000L, true), (lag.Records, lag.IsLeast));
    }

    [Fact]
    public async Task Destination_that_wants_nothing_of_a_logstore_has_no_lag_there()
    {
        cloud.Shards![0].Add("a", 1, 1);
        var destination = new Destination("d", new RuledSink(), new Json(), ["other"]);
        var mappings = Normalised.Catalogue(Normalised.Mapping());

        var lags = await new LagReader(cloud, [destination], mappings, time).ReadAsync(
            [Target],
            CancellationToken.None
        );

        Assert.Empty(lags);
    }

    private async Task StandAsync(string name, long at)
    {
        var group = $"logaudit-{name}-test_log";
        await cloud.CreateGroupAsync(Target, group, CancellationToken.None);
        cloud.SetCheckpoint(group, 0, at);
    }

    private async Task<List<Lag>> ReadAsync(params string[] names)
    {
        var destinations = names.Select(name => new Destination(name, new RuledSink(), new Json(), [])).ToList();
        var lags = await new LagReader(cloud, destinations, new MappingCatalogue([]), time).ReadAsync(
            [Target],
            CancellationToken.None
        );
        return [.. names.Select(name => lags.Single(lag => lag.Key.Destination == name).Value)];
    }
}
