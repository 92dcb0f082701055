using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>How far one destination is on one shard.</summary>
/// <param name="Key">Destination and shard.</param>
/// <param name="Counts">Records since the ledger's oldest row; repeated rows count once.</param>
/// <param name="ExpiredRanges">Ranges that were lost before they could be read.</param>
/// <param name="Lag">How far it is behind; null when the Logstore is gone.</param>
/// <param name="LastError">Why records are pending or were lost last; empty when nothing is wrong.</param>
public sealed record SyncStatus(LedgerKey Key, RecordCounts Counts, int ExpiredRanges, Lag? Lag, string LastError);

/// <summary>Reads ledger and checkpoints for <c>logaudit status</c>. Knows what the ledger's retention still holds.</summary>
public sealed class StatusReader(
    ILogSource source,
    IStateStore store,
    IReadOnlyList<Destination> destinations,
    MappingCatalogue mappings,
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

        var lags = await new LagReader(source, destinations, mappings, time).ReadAsync(targets, cancel);
        return
        [
            .. rows
                .Keys.Union(lags.Keys)
                .Select(key => Status(key, rows.GetValueOrDefault(key, []), lags.GetValueOrDefault(key)))
                .OrderBy(status => status.Key.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>The sum of a reader's rows, in which a repeated or overtaken range counts once.</summary>
    /// <remarks>
    /// A worker that died between ledger and checkpoint leaves a row whose range the next worker begins anew, perhaps in other steps:
    /// a row therefore takes the place of every earlier row that begins at or behind its own beginning. After an expired range a
    /// reader begins a new count, since a Logstore made anew numbers anew; old rows are dropped only where the new count has read their range again.
    /// </remarks>
    internal static RecordCounts Sum(IEnumerable<LedgerRow> rows)
    {
        var readings = new List<List<LedgerRow>> { new() };
        foreach (var row in rows.OrderBy(row => row.Time))
        {
            if (row.Kind == LedgerKind.Expired)
            {
                readings.Add([]);
            }
            else if (row.Kind == LedgerKind.Batch)
            {
                readings[^1].RemoveAll(before => before.From.Number >= row.From.Number);
                readings[^1].Add(row);
            }
        }

        return readings
            .SelectMany(
                (reading, number) => reading.Where(row => !readings.Skip(number + 1).Any(later => Covers(later, row)))
            )
            .Aggregate(default(RecordCounts), (sum, row) => sum + row.Counts);
    }

    // A replayed letter is a dead letter no more. One whose batch the ledger holds no more changes nothing.
    private static RecordCounts Replay(RecordCounts counts, List<LedgerRow> rows)
    {
        foreach (
            var letter in rows.Where(row => row.Kind == LedgerKind.Replayed).DistinctBy(row => (row.From, row.Index))
        )
        {
            if (counts.DeadLettered >= letter.Counts.Read)
            {
                counts += letter.Counts with { Read = 0, DeadLettered = -letter.Counts.Read };
            }
        }

        return counts;
    }

    private static bool Covers(List<LedgerRow> reading, LedgerRow row) =>
        reading.Count > 0 && reading[0].From.Number <= row.From.Number && row.To.Number <= reading[^1].To.Number;

    private static SyncStatus Status(LedgerKey key, List<LedgerRow> rows, Lag? lag)
    {
        var counts = Replay(Sum(rows), rows);
        var open = rows.Where(row => row.Kind == LedgerKind.Pending).MaxBy(row => row.Time);
        var isOpen =
            open is not null
            && !rows.Exists(row => row.IsPosition && row.Time > open.Time && row.To.Number > open.From.Number);
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
}
