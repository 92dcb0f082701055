using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>Forwards what every destination has not yet acknowledged. Reads and writes nothing but checkpoints, ledger and dead letters in the cloud.</summary>
/// <remarks>
/// One worker per destination, Logstore and shard; a second call for the same finds it running, tells it to look again and returns.
/// Destinations do not wait for each other. Parents of a split or merged shard are drained before their children.
/// </remarks>
public sealed partial class SyncEngine(
    ILogSource source,
    Ledger ledger,
    DeadLetters deadLetters,
    MappingCatalogue mappings,
    IReadOnlyList<Destination> destinations,
    SyncOptions options,
    TimeProvider time,
    ILogger<SyncEngine> logger
)
{
    private readonly ShardWorker worker = new(source, ledger, deadLetters, options, time, logger);
    private readonly RunningWorkers running = new();

    /// <summary>Forwards one shard to every destination that wants it: a doorbell rang.</summary>
    /// <param name="target">The Logstore. One that does not exist is a problem in the report.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="deadline">No new work begins after it.</param>
    /// <param name="cancel">Gives up at once.</param>
    public Task<SyncReport> RunShardAsync(LogTarget target, int shard, Deadline deadline, CancellationToken cancel) =>
        RunAsync([target], shard, deadline, cancel);

    /// <summary>Forwards every shard of some Logstores to every destination: the sweep.</summary>
    /// <param name="targets">The Logstores. One that does not exist (yet) is passed over.</param>
    /// <param name="deadline">No new work begins after it.</param>
    /// <param name="cancel">Gives up at once.</param>
    public Task<SyncReport> SweepAsync(IReadOnlyList<LogTarget> targets, Deadline deadline, CancellationToken cancel) =>
        RunAsync(targets, onlyShard: null, deadline, cancel);

    private async Task<SyncReport> RunAsync(
        IReadOnlyList<LogTarget> targets,
        int? onlyShard,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var started = time.GetTimestamp();
        var runs = destinations.Select(destination =>
            RunDestinationAsync(new DestinationRun(destination, options, deadline), targets, onlyShard, cancel)
        );
        var report = new SyncReport([.. (await Task.WhenAll(runs)).SelectMany(shards => shards)]);
        var totals = report.Totals;
        LogSummary(
            report.Shards.Count,
            totals.Read,
            totals.Delivered + totals.Sent,
            totals.DeadLettered,
            totals.Pending,
            report.Shards.Sum(shard => shard.Expired.Count),
            report.More,
            (long)time.GetElapsedTime(started).TotalMilliseconds
        );
        return report;
    }

    private async Task<IReadOnlyList<ShardReport>> RunDestinationAsync(
        DestinationRun run,
        IReadOnlyList<LogTarget> targets,
        int? onlyShard,
        CancellationToken cancel
    )
    {
        using (run)
        {
            var reports = await Task.WhenAll(
                targets.Select(target => RunLogstoreAsync(run, target, onlyShard, cancel))
            );
            return [.. reports.SelectMany(shards => shards)];
        }
    }

    private async Task<IReadOnlyList<ShardReport>> RunLogstoreAsync(
        DestinationRun run,
        LogTarget target,
        int? onlyShard,
        CancellationToken cancel
    )
    {
        var found = mappings.For(target.Logstore);
        if (!run.Destination.Reads(found))
        {
            return [];
        }

        try
        {
            var shards = await source.ShardsAsync(target, cancel);
            if (shards is null)
            {
                return onlyShard is null ? [] : [NoLogstore(run, target, onlyShard.Value)];
            }

            var logstore = new LogstoreRun(run, target, found, shards);
            var ours = shards.Where(shard => options.Owns(shard.Id) && (onlyShard is null || shard.Id == onlyShard));
            var reports = new List<ShardReport>();
            foreach (var shard in ours.Where(shard => !shard.Writable).OrderBy(shard => shard.Id))
            {
                reports.Add(await RunInOrderAsync(logstore, shard, cancel));
            }

            reports.AddRange(
                await Task.WhenAll(
                    ours.Where(shard => shard.Writable).Select(shard => RunInOrderAsync(logstore, shard, cancel))
                )
            );
            return reports;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return [Failed(new LedgerKey(run.Destination.Name, new ShardAddress(target, onlyShard ?? 0)), fault)];
        }
    }

    // Parents first: a child shard may hold later records of the same source than its parent.
    private async Task<ShardReport> RunInOrderAsync(LogstoreRun logstore, Shard shard, CancellationToken cancel)
    {
        var key = logstore.Key(shard);
        try
        {
            foreach (var parent in logstore.Shards.Where(shard.Follows).OrderBy(parent => parent.Id))
            {
                if (await IsDrainedAsync(logstore, parent, cancel))
                {
                    continue;
                }

                var before = options.Owns(parent.Id) ? await RunInOrderAsync(logstore, parent, cancel) : null;
                if (before?.End != ShardEnd.Drained)
                {
                    return new ShardReport(
                        key,
                        before?.End is ShardEnd.Pending or ShardEnd.Failed ? before.End : ShardEnd.WaitsForParent,
                        default,
                        [],
                        before?.Problem ?? ""
                    );
                }
            }

            return await RunAloneAsync(logstore, shard, key, cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return Failed(key, fault);
        }
    }

    private async Task<ShardReport> RunAloneAsync(
        LogstoreRun logstore,
        Shard shard,
        LedgerKey key,
        CancellationToken cancel
    )
    {
        if (!running.TryStart(key))
        {
            return new ShardReport(key, ShardEnd.Busy, default, [], "");
        }

        var run = logstore.Run;
        var (counts, expired, stopped) = (default(RecordCounts), new List<string>(), false);
        try
        {
            await run.Gate.WaitAsync(cancel);
            try
            {
                while (true)
                {
                    if (run.Problem.Length > 0)
                    {
                        return new ShardReport(key, ShardEnd.Pending, counts, expired, run.Problem);
                    }

                    var turn = await TurnAsync(logstore, shard, cancel);
                    ShardEnd end;
                    try
                    {
                        end = await worker.RunAsync(turn, run.Deadline, cancel);
                    }
                    finally
                    {
                        counts += turn.Counts;
                        expired.AddRange(turn.Expired);
                    }

                    if (end == ShardEnd.Pending)
                    {
                        run.Problem = turn.Problem;
                    }
                    else if (end == ShardEnd.Drained)
                    {
                        run.Drained.TryAdd(key, true);
                    }

                    stopped = end == ShardEnd.UpToDate && !running.TakeAgain(key);
                    if (stopped || end != ShardEnd.UpToDate)
                    {
                        return new ShardReport(key, end, counts, expired, turn.Problem);
                    }
                }
            }
            finally
            {
                run.Gate.Release();
            }
        }
        finally
        {
            if (!stopped)
            {
                running.Stop(key);
            }
        }
    }

    private async Task<Turn> TurnAsync(LogstoreRun logstore, Shard shard, CancellationToken cancel)
    {
        var group = logstore.Run.Destination.GroupOn(logstore.Target.Logstore);
        var checkpoints = await source.CheckpointsAsync(logstore.Target, group, cancel);
        if (checkpoints is null)
        {
            await source.CreateGroupAsync(logstore.Target, group, cancel);
        }

        Cursor? checkpoint = checkpoints is not null && checkpoints.TryGetValue(shard.Id, out var saved) ? saved : null;
        return new Turn(logstore.Run.Destination, logstore.Target, shard, logstore.Mappings, checkpoint);
    }

    private async Task<bool> IsDrainedAsync(LogstoreRun logstore, Shard parent, CancellationToken cancel)
    {
        if (logstore.Run.Drained.ContainsKey(logstore.Key(parent)))
        {
            return true;
        }

        return await source.IsDrainedAsync(
            logstore.Target,
            logstore.Run.Destination.GroupOn(logstore.Target.Logstore),
            parent.Id,
            cancel
        );
    }

    private ShardReport NoLogstore(DestinationRun run, LogTarget target, int shard)
    {
        LogNoLogstore(target.ToString());
        return new ShardReport(
            new LedgerKey(run.Destination.Name, new ShardAddress(target, shard)),
            ShardEnd.NoLogstore,
            default,
            [],
            $"The Logstore {target} does not exist. Remove its trigger, or run bootstrap to create it again."
        );
    }

    private ShardReport Failed(LedgerKey key, Exception fault)
    {
        LogFailed(key.Destination, key.Shard.ToString(), fault);
        return new ShardReport(key, ShardEnd.Failed, default, [], fault.Message);
    }

    [LoggerMessage(
        6001,
        LogLevel.Information,
        "Forwarded {Shards} shards: {Read} read, {Delivered} delivered, {DeadLettered} dead letters, {Pending} pending, {Expired} expired ranges, more: {More}, {ElapsedMs} ms"
    )]
    private partial void LogSummary(
        int shards,
        long read,
        long delivered,
        long deadLettered,
        long pending,
        int expired,
        bool more,
        long elapsedMs
    );

    [LoggerMessage(6005, LogLevel.Error, "Forwarding {Shard} to {Destination} failed; its checkpoint stands")]
    private partial void LogFailed(string destination, string shard, Exception fault);

    [LoggerMessage(6007, LogLevel.Warning, "A trigger fired for {Logstore}, which does not exist")]
    private partial void LogNoLogstore(string logstore);
}
