using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>What the shards of one destination and Logstore share.</summary>
/// <param name="Source">Reads; its checkpoints are the holder's.</param>
/// <param name="Worker">Does a turn.</param>
/// <param name="Gate">Bounds how many shards of the destination are worked on at a time, and with it memory.</param>
/// <param name="Options">Bounds.</param>
/// <param name="Time">The clock.</param>
internal sealed record HoldingParts(
    ILogSource Source,
    ShardWorker Worker,
    SemaphoreSlim Gate,
    ConsumerOptions Options,
    TimeProvider Time
);

/// <summary>A shard that this consumer holds for one destination: turn after turn until it is released, abandoned or lost.</summary>
/// <param name="parts">What it works with.</param>
/// <param name="destination">Where its records go.</param>
/// <param name="target">Its Logstore.</param>
/// <param name="mappings">How the Logstore's records are read.</param>
/// <param name="shards">The shards as last listed.</param>
/// <param name="id">Its number.</param>
/// <param name="logger">The log.</param>
internal sealed partial class HeldShard(
    HoldingParts parts,
    Destination destination,
    LogTarget target,
    LogstoreMappings mappings,
    Func<IReadOnlyList<Shard>> shards,
    int id,
    ILogger logger
) : IDisposable
{
    private readonly CancellationTokenSource released = new();
    private readonly CancellationTokenSource abandoned = new();
    private readonly LedgerKey key = new(destination.Name, new ShardAddress(target, id));
    private readonly HoldingCount count = new();
    private Turn? turn;
    private long turnBegan;
    private bool parentsDrained;

    private volatile bool hasEnded;

    /// <summary>Ends when the shard is no longer worked on. Never fails.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>Whether the work is over. True before anybody is told of it.</summary>
    public bool HasEnded => hasEnded;

    /// <summary>What was done on it so far, and how the last turn ended.</summary>
    public ShardReport Report => count.Report(key);

    /// <summary>Begins.</summary>
    /// <param name="changed">Called when others should look: it ended, or the shard was read to its end for good.</param>
    public void Start(Action changed) => Work = WorkAsync(changed);

    /// <summary>Asks for the end: the open batch is still sent and its checkpoint saved.</summary>
    public void Release() => released.Cancel();

    /// <summary>Ends at once: the shard may be another's by now. What has no checkpoint yet is sent again by its next holder.</summary>
    public void Abandon()
    {
        released.Cancel();
        abandoned.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        released.Dispose();
        abandoned.Dispose();
    }

    private async Task WorkAsync(Action changed)
    {
        // Leaves the caller at once: a heartbeat does not wait for a first turn.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            for (var (idle, failures) = (0, 0); !released.IsCancellationRequested; )
            {
                var before = count.Read;
                var end = await TurnAsync();
                idle = count.Read == before ? idle + 1 : 0;
                failures = end is ShardEnd.Pending or ShardEnd.Failed ? failures + 1 : 0;
                if (end == ShardEnd.Drained)
                {
                    changed();
                }

                await Task.Delay(Pause(end, idle, failures), parts.Time, released.Token);
            }
        }
        catch (OperationCanceledException) when (released.IsCancellationRequested)
        {
            // Released while it waited, or abandoned.
        }
        catch (ShardLostException lost)
        {
            LogLost(destination.Name, key.Shard.ToString(), lost.Message);
        }
        finally
        {
            hasEnded = true;
            changed();
        }
    }

    private async Task<ShardEnd> TurnAsync()
    {
        await parts.Gate.WaitAsync(released.Token);
        try
        {
            if (await BegunAsync() is not { } begun)
            {
                return count.Ended(ShardEnd.WaitsForParent, "");
            }

            using var slice = new CancellationTokenSource(parts.Options.TurnTime, parts.Time);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(slice.Token, released.Token);
            begun.Enough = enough.Token;
            ShardEnd end;
            try
            {
                end = await parts.Worker.RunAsync(begun, Deadline.None, abandoned.Token);
            }
            finally
            {
                count.Take(begun);
            }

            // Only a quiet end leaves the position where the checkpoint is.
            turn = end is ShardEnd.UpToDate or ShardEnd.More ? begun : null;
            return count.Ended(end, begun.Problem);
        }
        catch (Exception fault)
            when (fault is not ShardLostException
                && (fault is not OperationCanceledException || !released.IsCancellationRequested)
            )
        {
            turn = null;
            LogFailed(destination.Name, key.Shard.ToString(), fault);
            return count.Ended(ShardEnd.Failed, fault.Message);
        }
        finally
        {
            parts.Gate.Release();
        }
    }

    // The turn that goes on, or a new one at the checkpoint; null while a parent is not read to its end.
    private async Task<Turn?> BegunAsync()
    {
        var listed = shards();
        var shard = listed.FirstOrDefault(one => one.Id == id);
        if (
            turn is not null
            && turn.Shard == shard
            && parts.Time.GetElapsedTime(turnBegan) < parts.Options.RecheckInterval
        )
        {
            return turn;
        }

        if (shard is null || !await AreParentsDrainedAsync(shard, listed, abandoned.Token))
        {
            return null;
        }

        var checkpoints =
            await parts.Source.CheckpointsAsync(target, destination.GroupOn(target.Logstore), abandoned.Token)
            ?? throw new ShardLostException($"The consumer group of {key} does not exist any more.", inner: null);
        turnBegan = parts.Time.GetTimestamp();
        return new Turn(
            destination,
            target,
            shard,
            mappings,
            checkpoints.TryGetValue(id, out var checkpoint) ? checkpoint : null
        );
    }

    // The service holds children back by itself; it is looked at here all the same, since order is a promise of ours.
    private async Task<bool> AreParentsDrainedAsync(Shard shard, IReadOnlyList<Shard> listed, CancellationToken cancel)
    {
        foreach (var parent in parentsDrained ? [] : listed.Where(shard.Follows))
        {
            if (!await parts.Source.IsDrainedAsync(target, destination.GroupOn(target.Logstore), parent.Id, cancel))
            {
                return false;
            }
        }

        return parentsDrained = true;
    }

    private TimeSpan Pause(ShardEnd end, int idle, int failures) =>
        end switch
        {
            ShardEnd.More => TimeSpan.Zero,
            // Nothing comes any more: until it is released.
            ShardEnd.Drained => Timeout.InfiniteTimeSpan,
            ShardEnd.Pending
            or ShardEnd.Failed
                when parts.Options.Pauses.Next(failures, Random.Shared.NextDouble(), null, TimeSpan.MaxValue)
                    is RetryDecision.Again(var after) => after,
            _ => Idle(idle),
        };

    private TimeSpan Idle(int looks)
    {
        var pause = parts.Options.PollInterval * Math.Pow(2, Math.Min(looks, 16));
        return pause < parts.Options.IdleInterval ? pause : parts.Options.IdleInterval;
    }

    [LoggerMessage(
        6031,
        LogLevel.Warning,
        "Shard {Shard} is no longer held for destination {Destination}; its next holder goes on at its checkpoint. {Said}"
    )]
    private partial void LogLost(string destination, string shard, string said);

    [LoggerMessage(
        6032,
        LogLevel.Error,
        "Forwarding {Shard} to {Destination} failed; its checkpoint stands and it is tried again"
    )]
    private partial void LogFailed(string destination, string shard, Exception fault);
}

/// <summary>Adds up the turns of a holding. Records that a turn left pending count once, as long as they are.</summary>
internal sealed class HoldingCount
{
    private readonly Lock gate = new();
    private readonly List<string> expired = [];
    private RecordCounts settled;
    private long pending;
    private ShardEnd end = ShardEnd.More;
    private string problem = "";

    /// <summary>Records that are settled.</summary>
    public long Read
    {
        get
        {
            lock (gate)
            {
                return settled.Read;
            }
        }
    }

    /// <summary>Takes over what a turn counted since the last time.</summary>
    public void Take(Turn turn)
    {
        lock (gate)
        {
            var counts = turn.Counts;
            settled += counts with { Read = counts.Read - counts.Pending, Pending = 0 };
            pending = counts.Pending;
            expired.AddRange(turn.Expired);
            turn.Counts = default;
            turn.Expired.Clear();
        }
    }

    /// <summary>Takes note of how a turn ended.</summary>
    public ShardEnd Ended(ShardEnd how, string why)
    {
        lock (gate)
        {
            (end, problem) = (how, why);
            return how;
        }
    }

    /// <summary>The sum.</summary>
    public ShardReport Report(LedgerKey key)
    {
        lock (gate)
        {
            return new ShardReport(
                key,
                end,
                settled with
                {
                    Read = settled.Read + pending,
                    Pending = pending,
                },
                [.. expired],
                problem
            );
        }
    }
}
