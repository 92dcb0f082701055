using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>The long-lived form of <see cref="SyncEngine"/>: holds shards by heartbeat and forwards what comes, until it is told to stop.</summary>
/// <remarks>
/// For every destination and Logstore it takes part in a consumer group; several processes share the shards. The checkpoints are those
/// of <see cref="SyncEngine"/>, so that either goes on where the other stood; both at once would send records twice.
/// </remarks>
public sealed partial class Consumer(
    ILogSource source,
    IConsumerGroups groups,
    Ledger ledger,
    DeadLetters deadLetters,
    MappingCatalogue mappings,
    IReadOnlyList<Destination> destinations,
    SyncOptions sync,
    ConsumerOptions options,
    TimeProvider time,
    ILogger<Consumer> logger
)
{
    private volatile IReadOnlyList<Membership> memberships = [];

    /// <summary>What was done so far, by destination and shard.</summary>
    public SyncReport Report => new([.. memberships.SelectMany(membership => membership.Report)]);

    /// <summary>Whether everything that this consumer holds is read to its end.</summary>
    public bool IsIdle => memberships.All(membership => membership.IsIdle);

    /// <summary>Forwards until it is told to stop.</summary>
    /// <param name="targets">The Logstores; one that does not exist yet is waited for.</param>
    /// <param name="stop">Ends it in order: open batches are accepted and checkpoints saved, within <see cref="ConsumerOptions.DrainTime"/>.</param>
    /// <returns>What it did. Nothing is lost where it did not end in order; it is sent again.</returns>
    public async Task<ConsumerEnd> RunAsync(IReadOnlyList<LogTarget> targets, CancellationToken stop)
    {
        using var abandon = new CancellationTokenSource();
        var gates = destinations.Select(_ => new SemaphoreSlim(sync.WorkersPerDestination)).ToList();
        var held = new HeldLogSource(source, groups, options.Name);
        var worker = new ShardWorker(held, ledger, deadLetters, sync, time, logger);
        memberships =
        [
            .. destinations.SelectMany(
                (destination, index) =>
                    targets
                        .Select(target => (Target: target, Mappings: mappings.For(target.Logstore)))
                        .Where(one => destination.Reads(one.Mappings))
                        .Select(one => new Membership(
                            new HoldingParts(held, worker, gates[index], options, time),
                            groups,
                            destination,
                            one.Target,
                            one.Mappings,
                            logger
                        ))
            ),
        ];
        LogStarted(options.Name, destinations.Count, targets.Count);
        var all = Task.WhenAll(memberships.Select(membership => membership.RunAsync(stop, abandon.Token)));
        await Task.WhenAny(all, Stopped(stop));
        var inOrder = await Task.WhenAny(all, Task.Delay(options.DrainTime, time, CancellationToken.None)) == all;
        if (!inOrder)
        {
            LogCutOff(options.DrainTime);
            await abandon.CancelAsync();
        }

        await all;
        gates.ForEach(gate => gate.Dispose());
        return new ConsumerEnd(Report, inOrder);
    }

    private static Task Stopped(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.UnsafeRegister(one => ((TaskCompletionSource)one!).TrySetResult(), stopped);
        return stopped.Task;
    }

    [LoggerMessage(
        6030,
        LogLevel.Information,
        "Consumer {Consumer} forwards {Logstores} Logstores to {Destinations} destinations"
    )]
    private partial void LogStarted(string consumer, int destinations, int logstores);

    [LoggerMessage(
        6036,
        LogLevel.Warning,
        "Open batches were not accepted within {DrainTime} of the stop; they stay pending and are sent again"
    )]
    private partial void LogCutOff(TimeSpan drainTime);
}

/// <summary>How a consumer ended.</summary>
/// <param name="Report">What it did.</param>
/// <param name="InOrder">Whether every open batch was accepted before the end.</param>
public sealed record ConsumerEnd(SyncReport Report, bool InOrder);
