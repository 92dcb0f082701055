using System.Collections.Concurrent;
using LogAudit.Forwarding;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>Canaries on LocalCloud: written, followed, found at the far end, and missed.</summary>
public sealed class CanaryWatchTests : IAsyncLifetime, IDisposable
{
    private static readonly LogTarget[] Targets =
    [
        FunctionCloud.Target("slb_log"),
        FunctionCloud.Target("rds_log"),
        FunctionCloud.Target("a_log_that_does_not_exist"),
    ];

    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly FakeLogger<CanaryWatch> log = new();
    private readonly AskableReceiver receiver = new();
    private FunctionCloud cloud = null!;

    public async Task InitializeAsync() => cloud = await FunctionCloud.StartAsync(seed: 7);

    public async Task DisposeAsync() => await cloud.DisposeAsync();

    public void Dispose() => receiver.Dispose();

    [Fact]
    public async Task Canary_of_every_Logstore_is_followed_to_the_far_end_and_status_tells_the_delays()
    {
        var watch = Watch();

        await watch.TickAsync(Targets, default);
        var report = await ForwardAsync();
        receiver.CanBeSearched = true;
        await watch.TickAsync(Targets, default);

        Assert.Equal(2, report.Totals.Delivered);
        Assert.Equal(2, receiver.Ids.Count);
        var status = await StatusAsync();
        Assert.Equal(["rds_log", "slb_log"], status.Select(one => one.Logstore.Value).Order(StringComparer.Ordinal));
        Assert.All(status, one => Assert.False(one.Silent));
        Assert.All(status, one => Assert.Contains(one.Accepted!.Id, receiver.Ids));
        Assert.All(status, one => Assert.Equal(one.Accepted!.Id, one.Found!.Id));
        Assert.Empty(log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task Canary_is_written_again_only_when_its_interval_is_over()
    {
        var watch = Watch();

        await watch.TickAsync(Targets, default);
        time.Advance(TimeSpan.FromSeconds(30));
        await watch.TickAsync(Targets, default);
        time.Advance(TimeSpan.FromSeconds(30));
        await watch.TickAsync(Targets, default);

        Assert.Equal(4, (await ForwardAsync()).Totals.Delivered);
    }

    [Fact]
    public async Task Silence_is_an_error_in_the_log_and_shows_in_status()
    {
        var watch = Watch();
        await watch.TickAsync(Targets, default);
        await ForwardAsync();

        // The next ones are written, and nobody forwards them.
        time.Advance(TimeSpan.FromMinutes(11));
        await watch.TickAsync(Targets, default);

        var errors = log.Collector.GetSnapshot().Where(entry => entry.Id.Id == 6040).ToList();
        Assert.Equal(2, errors.Count);
        Assert.All(errors, entry => Assert.Contains("has reached destination soc for 600 s", entry.Message));
        Assert.All(await StatusAsync(), one => Assert.True(one.Silent));
    }

    private CanarySettings Settings { get; } = new() { Interval = TimeSpan.FromMinutes(1) };

    private IReadOnlyList<Destination> Destinations => [new("soc", receiver, new Json(), [])];

    private SlsStateStore State => new(cloud.Clients, FunctionCloud.CentralSide, TimeProvider.System);

    private CanaryWatch Watch() =>
        new(cloud.Clients, State, Destinations, new MappingCatalogue([]), Settings, time, log);

    private Task<IReadOnlyList<CanaryStatus>> StatusAsync() =>
        new CanaryReader(
            new SlsLogSource(cloud.Clients),
            State,
            Destinations,
            new MappingCatalogue([]),
            Settings,
            time
        ).ReadAsync(Targets, default);

    private async Task<SyncReport> ForwardAsync()
    {
        using var ledger = new Ledger(State, time);
        var engine = new SyncEngine(
            new SlsLogSource(cloud.Clients),
            ledger,
            new DeadLetters(State, TimeProvider.System),
            new MappingCatalogue([]),
            Destinations,
            new SyncOptions(),
            time,
            new FakeLogger<SyncEngine>()
        );
        return await engine.SweepAsync(Targets, Deadline.None, default);
    }

    /// <summary>A receiver that can be asked once it has indexed.</summary>
    private sealed class AskableReceiver : ISink, IFarEnd
    {
        private readonly ConcurrentDictionary<string, bool> ids = new(StringComparer.Ordinal);

        public ICollection<string> Ids => ids.Keys;

        public bool CanBeSearched { get; set; }

        public string Name => "askable";

        public bool Acknowledges => true;

        public Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
        {
            for (var index = 0; index < batch.Count; index++)
            {
                ids[System.Text.Encoding.ASCII.GetString(batch.Id(index))] = true;
            }

            return Task.FromResult(new DeliveryReport(batch.Count, RecordOutcome.Accepted.Value));
        }

        public Task<FarEndAnswer> AskAsync(string id, CancellationToken cancel) =>
            Task.FromResult<FarEndAnswer>(
                CanBeSearched && ids.ContainsKey(id) ? FarEndAnswer.Found.There : FarEndAnswer.NotYet.There
            );

        public void Dispose() { }
    }
}
