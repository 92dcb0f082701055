using LogAudit.Forwarding;
using LogAudit.OpenApi;
using LogAudit.Sls;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>One consumer with clients and state of its own, as a process has them; it can be killed.</summary>
internal sealed class ConsumerProcess : IAsyncDisposable
{
    /// <summary>The least that the service takes in whole seconds; what a killed process held is free after it.</summary>
    public static readonly TimeSpan GroupTimeout = TimeSpan.FromSeconds(2);

    private readonly MortalHandler network = new(OpenApiRegistration.CreateHandler());
    private readonly CancellationTokenSource stop = new();
    private readonly Consumer consumer;
    private readonly Ledger ledger;
    private readonly Task<ConsumerEnd> running;

    public ConsumerProcess(FunctionCloud cloud, SharedReceiver receiver, string name)
    {
        Name = name;
        var clients = cloud.ClientsOver(network);
        var state = new SlsStateStore(clients, FunctionCloud.CentralSide, TimeProvider.System);
        ledger = new Ledger(state, TimeProvider.System);
        consumer = new Consumer(
            new SlsLogSource(clients),
            new SlsConsumerGroups(clients),
            ledger,
            new DeadLetters(state, TimeProvider.System),
            new MappingCatalogue([]),
            [new Destination("soc", receiver.Connect(network), new Json(), [])],
            SyncOptions.ForConsumer with
            {
                MaxBatchRecords = 40,
                PullCount = 5,
                WorkersPerDestination = 3,
                Backoff = new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), 2),
            },
            new ConsumerOptions
            {
                Name = name,
                HeartbeatInterval = TimeSpan.FromMilliseconds(250),
                GroupTimeout = GroupTimeout,
                PollInterval = TimeSpan.FromMilliseconds(10),
                IdleInterval = TimeSpan.FromMilliseconds(50),
                DiscoveryInterval = TimeSpan.FromMilliseconds(250),
                RecheckInterval = TimeSpan.FromSeconds(1),
                DrainTime = TimeSpan.FromSeconds(10),
                Pauses = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), int.MaxValue),
            },
            TimeProvider.System,
            Log
        );
        running = consumer.RunAsync([.. FunctionCloud.Logstores.Select(FunctionCloud.Target)], stop.Token);
    }

    public string Name { get; }

    public FakeLogger<Consumer> Log { get; } = new();

    /// <summary>Shards that were worked on.</summary>
    public SyncReport Report => consumer.Report;

    public bool IsKilled => network.IsKilled;

    /// <summary>Kills it at a point: nothing of it reaches anybody from then on. Null takes an order back.</summary>
    public void Kill(KillPoint? at)
    {
        network.Armed = at;
        network.Pass(KillPoint.Now);
    }

    /// <summary>Lets its heartbeats through or not.</summary>
    public void PassHeartbeats(bool pass) => network.HeartbeatsPass = pass;

    /// <summary>Ends it in order.</summary>
    public async Task<ConsumerEnd> StopAsync()
    {
        await stop.CancelAsync();
        return await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        network.Dispose();
        stop.Dispose();
        ledger.Dispose();
    }
}
