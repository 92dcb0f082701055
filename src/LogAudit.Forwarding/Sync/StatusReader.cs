using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>How far one destination is on one shard.</summary>
/// <param name="Key">Destination and shard.</param>
/// <param name="Counts">Records since the ledger's oldest row; repeated rows count once.</param>
/// <param name="ExpiredRanges">Ranges that were lost before they could be read.</param>
/// <param name="Lag">Age of the first record not yet forwarded; zero when there is none; null when the Logstore is gone.</param>
/// <param name="LastError">Why records are pending or were lost last; empty when nothing is wrong.</param>
public sealed record SyncStatus(LedgerKey Key, RecordCounts Counts, int ExpiredRanges, TimeSpan? Lag, string LastError);

/// <summary>Reads ledger and checkpoints for <c>logaudit status</c>. Knows what the ledger's retention still holds.</summary>
public sealed class StatusReader(
    ILogSource source,
    IStateStore store,
    IReadOnlyList<Destination> destinations,
    TimeProvider time
)
{
    /// <summary>One row per destination and shard.</summary>
    /// <param name="targets">The Logstores.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<SyncStatus>> ReadAsync(IReadOnlyList<LogTarget> targets, CancellationToken cancel)
    {
        var rows = new Dictionary<LedgerKey, List<LedgerRow>>();
        await foreach (var state in store.ReadAsync(Ledger.Logstore, cancel))
        {
            if (LedgerRow.Parse(state) is { } row)
            {
                if (!rows.TryGetValue(row.Key, out var list))
                {
                    rows[row.Key] = list = [];
                }

                list.Add(row);
            }
        }

        var lags = await LagsAsync(targets, cancel);
        return
        [
            .. rows
                .Keys.Union(lags.Keys)
                .Select(key => Status(key, rows.GetValueOrDefault(key, []), lags.GetValueOrDefault(key)))
                .OrderBy(status => status.Key.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>The sum of a reader's rows, in which a repeated or overtaken range counts once.</summary>
    /// <remarks>A worker that died between ledger and checkpoint leaves a row whose range the next worker begins anew: of rows with one start, the longest counts.</remarks>
    internal static RecordCounts Sum(IEnumerable<LedgerRow> rows) =>
        rows.Where(row => row.Kind == LedgerKind.Batch)
            .GroupBy(row => row.From.Number)
            .Select(same => same.MaxBy(row => row.To.Number)!)
            .Aggregate(default(RecordCounts), (sum, row) => sum + row.Counts);

    private static SyncStatus Status(LedgerKey key, List<LedgerRow> rows, TimeSpan? lag)
    {
        var counts = Sum(rows);
        var open = rows.Where(row => row.Kind == LedgerKind.Pending).MaxBy(row => row.Time);
        var isOpen =
            open is not null
            && !rows.Exists(row =>
                row.Kind != LedgerKind.Pending && row.Time > open.Time && row.To.Number > open.From.Number
            );
        var lost = rows.Where(row => row.Kind == LedgerKind.Expired).ToList();
        var error = isOpen ? open!.Why : lost.MaxBy(row => row.Time)?.Why ?? "";
        return new SyncStatus(
            key,
            isOpen ? counts + open!.Counts : counts,
            lost.DistinctBy(row => (row.From, row.To)).Count(),
            lag,
            error
        );
    }

    private async Task<Dictionary<LedgerKey, TimeSpan?>> LagsAsync(
        IReadOnlyList<LogTarget> targets,
        CancellationToken cancel
    )
    {
        var lags = new Dictionary<LedgerKey, TimeSpan?>();
        foreach (var target in targets)
        {
            foreach (var shard in await source.ShardsAsync(target, cancel) ?? [])
            {
                var begin = await source.CursorAsync(target, shard.Id, CursorFrom.Begin, cancel);
                var end = await source.CursorAsync(target, shard.Id, CursorFrom.End, cancel);
                foreach (var destination in destinations)
                {
                    var group = destination.GroupOn(target.Logstore);
                    var checkpoints = await source.CheckpointsAsync(target, group, cancel);
                    var at =
                        checkpoints is not null && checkpoints.TryGetValue(shard.Id, out var saved) ? saved : begin;
                    lags[new LedgerKey(destination.Name, new ShardAddress(target, shard.Id))] =
                        at.Number >= end.Number
                            ? TimeSpan.Zero
                            : time.GetUtcNow() - await source.CursorTimeAsync(target, shard.Id, at, cancel);
                }
            }
        }

        return lags;
    }
}
