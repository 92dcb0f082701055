using System.Collections.Concurrent;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Which workers run, and which were told to look again meanwhile.</summary>
internal sealed class RunningWorkers
{
    private readonly Dictionary<LedgerKey, bool> again = [];
    private readonly Lock gate = new();

    /// <summary>Starts a worker. False: one runs already, and will look again.</summary>
    public bool TryStart(LedgerKey key)
    {
        lock (gate)
        {
            if (again.TryAdd(key, false))
            {
                return true;
            }

            again[key] = true;
            return false;
        }
    }

    /// <summary>Whether a worker that has come to the end must look again. When not, it is stopped in the same step, so that no doorbell falls between.</summary>
    public bool TakeAgain(LedgerKey key)
    {
        lock (gate)
        {
            if (again[key])
            {
                again[key] = false;
                return true;
            }

            again.Remove(key);
            return false;
        }
    }

    /// <summary>Stops a worker that ended otherwise than by <see cref="TakeAgain"/>.</summary>
    public void Stop(LedgerKey key)
    {
        lock (gate)
        {
            again.Remove(key);
        }
    }
}

/// <summary>One invocation's work for one destination.</summary>
internal sealed class DestinationRun(Destination destination, SyncOptions options, Deadline deadline) : IDisposable
{
    public Destination Destination { get; } = destination;
    public Deadline Deadline { get; } = deadline;

    /// <summary>Bounds how many shards are worked on at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(options.WorkersPerDestination);

    /// <summary>Shards known to be read to their end for good.</summary>
    public ConcurrentDictionary<LedgerKey, bool> Drained { get; } = new();

    /// <summary>Why the destination takes nothing at the moment; other shards then do not try it again in this invocation.</summary>
    public string Problem { get; set; } = "";

    public void Dispose() => Gate.Dispose();
}

/// <summary>One invocation's work on one Logstore for one destination.</summary>
internal sealed record LogstoreRun(
    DestinationRun Run,
    LogTarget Target,
    LogstoreMappings Mappings,
    IReadOnlyList<Shard> Shards
)
{
    public LedgerKey Key(Shard shard) => new(Run.Destination.Name, new ShardAddress(Target, shard.Id));
}
