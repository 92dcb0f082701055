using System.Threading.Channels;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>This consumer's part in one consumer group: one destination and one Logstore.</summary>
/// <remarks>
/// The heartbeat tells which shards to hold. A shard that is no longer in the answer is released, and stays in the heartbeat until its
/// open batch is accepted and its checkpoint saved: only then does the service give it to another. When no heartbeat comes through
/// for the group's time-out, everything is abandoned, because the service has given the shards away by then.
/// Source: the algorithm of the official consumer.
/// </remarks>
internal sealed partial class Membership(
    HoldingParts parts,
    IConsumerGroups groups,
    Destination destination,
    LogTarget target,
    LogstoreMappings mappings,
    ILogger logger
)
{
    private readonly Dictionary<int, HeldShard> held = [];
    private readonly Dictionary<int, ShardReport> ended = [];
    private readonly Lock gate = new();
    private readonly string group = destination.GroupOn(target.Logstore);
    private volatile IReadOnlyList<Shard> shards = [];
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private volatile bool settled;
    private bool ensured;
    private bool exists;
    private long lastBeat;

    /// <summary>Whether there is nothing to do: the Logstore does not exist, or every shard that it holds is read to its end.</summary>
    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return settled
                    && wake.Reader.Count == 0
                    && held.Values.All(shard => shard.Report.End is ShardEnd.UpToDate or ShardEnd.Drained);
            }
        }
    }

    /// <summary>What was done on every shard that it holds or held.</summary>
    public IReadOnlyList<ShardReport> Report
    {
        get
        {
            lock (gate)
            {
                return
                [
                    .. ended
                        .Values.Concat(held.Values.Select(shard => shard.Report))
                        .GroupBy(report => report.Key)
                        .Select(same => same.Aggregate(Add)),
                ];
            }
        }
    }

    /// <summary>Works until it is told to stop, then until every open batch is accepted.</summary>
    /// <param name="stop">Ends it in order.</param>
    /// <param name="abandon">Ends it at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        lastBeat = parts.Time.GetTimestamp();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await BeatAsync(mayTake: true, abandon);
                await WaitAsync(exists ? parts.Options.HeartbeatInterval : parts.Options.DiscoveryInterval, stop);
            }

            Each(shard => shard.Release());
            while (Reap() > 0)
            {
                await BeatAsync(mayTake: false, abandon);
                await WaitAsync(parts.Options.HeartbeatInterval, abandon);
            }
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            // What is open is sent again by the next holder.
        }
        finally
        {
            await EndAsync();
        }
    }

    private async Task BeatAsync(bool mayTake, CancellationToken abandon)
    {
        settled = false;
        wake.Reader.TryRead(out _);
        var left = parts.Options.GroupTimeout - parts.Time.GetElapsedTime(lastBeat);
        if (left <= TimeSpan.Zero)
        {
            await LoseAsync("no heartbeat came through in time");
            left = parts.Options.GroupTimeout;
        }

        using var limit = new CancellationTokenSource(left, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abandon);
        try
        {
            await AskAsync(mayTake, either.Token);
            settled = true;
        }
        catch (ShardLostException lost)
        {
            ensured = false;
            await LoseAsync(lost.Message);
            Wake();
        }
        catch (OperationCanceledException) when (!abandon.IsCancellationRequested)
        {
            await LoseAsync("no heartbeat came through in time");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogNoHeartbeat(group, fault);
        }
    }

    private async Task AskAsync(bool mayTake, CancellationToken cancel)
    {
        if (await parts.Source.ShardsAsync(target, cancel) is not { } listed)
        {
            exists = ensured = false;
            await LoseAsync("the Logstore does not exist");
            lastBeat = parts.Time.GetTimestamp();
            return;
        }

        (shards, exists) = (listed, true);
        if (!ensured)
        {
            await groups.EnsureAsync(target, group, parts.Options.GroupTimeout, cancel);
            ensured = true;
        }

        Reap();
        var asked = parts.Time.GetTimestamp();
        var answer = await groups.HeartbeatAsync(target, group, parts.Options.Name, [.. held.Keys], cancel);
        // Counted from the question: the service may have counted from then on.
        lastBeat = asked;
        foreach (var (id, shard) in held)
        {
            if (!answer.Contains(id))
            {
                shard.Release();
            }
        }

        foreach (var id in mayTake ? answer.Where(id => !held.ContainsKey(id)) : [])
        {
            Take(id);
        }

        if (answer.Any(id => listed.All(shard => shard.Id != id)))
        {
            // A shard that was made since they were listed.
            Wake();
        }
    }

    private void Take(int id)
    {
        var shard = new HeldShard(parts, destination, target, mappings, () => shards, id, logger);
        lock (gate)
        {
            held.Add(id, shard);
        }

        LogTaken(destination.Name, new ShardAddress(target, id).ToString());
        shard.Start(Wake);
    }

    // Gives up everything at once: another consumer may be at work on it.
    private async Task LoseAsync(string why)
    {
        if (held.Count > 0)
        {
            LogLease(group, held.Count, why);
            await EndAsync();
        }
    }

    private async Task EndAsync()
    {
        Each(shard => shard.Abandon());
        await Task.WhenAll(held.Values.Select(shard => shard.Work));
        Reap();
    }

    private void Each(Action<HeldShard> act)
    {
        foreach (var shard in held.Values)
        {
            act(shard);
        }
    }

    // Takes out the shards whose work has ended: the next heartbeat does not name them any more.
    private int Reap()
    {
        lock (gate)
        {
            foreach (var (id, shard) in held.Where(pair => pair.Value.HasEnded).ToList())
            {
                held.Remove(id);
                ended[id] = ended.TryGetValue(id, out var before) ? Add(before, shard.Report) : shard.Report;
                shard.Dispose();
            }

            return held.Count;
        }
    }

    private void Wake() => wake.Writer.TryWrite(true);

    private async Task WaitAsync(TimeSpan pause, CancellationToken until)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(until);
        await Task.WhenAny(wake.Reader.WaitToReadAsync(over.Token).AsTask(), Task.Delay(pause, parts.Time, over.Token));
        await over.CancelAsync();
    }

    private static ShardReport Add(ShardReport one, ShardReport other) =>
        other with
        {
            Counts = one.Counts with { Read = one.Counts.Read - one.Counts.Pending, Pending = 0 } + other.Counts,
            Expired = [.. one.Expired, .. other.Expired],
        };

    [LoggerMessage(6033, LogLevel.Information, "Holds {Shard} for destination {Destination}")]
    private partial void LogTaken(string destination, string shard);

    [LoggerMessage(
        6034,
        LogLevel.Warning,
        "All {Shards} shards of consumer group {Group} are given up: {Why}. They are asked for again"
    )]
    private partial void LogLease(string group, int shards, string why);

    [LoggerMessage(6035, LogLevel.Warning, "The heartbeat of consumer group {Group} failed; it is sent again")]
    private partial void LogNoHeartbeat(string group, Exception fault);
}
