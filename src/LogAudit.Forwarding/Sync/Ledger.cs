using System.Collections.Concurrent;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>The forwarding ledger: one row per batch, and the last known position of every destination and shard.</summary>
/// <remarks>
/// Positions are needed only where a checkpoint is missing: then they tell a new reader from a deleted group. Reading them goes
/// through the whole ledger, so it is done once per instance and at first need.
/// </remarks>
public sealed class Ledger(IStateStore store, TimeProvider time) : IDisposable
{
    /// <summary>The Logstore.</summary>
    public static LogstoreName Logstore { get; } = new("logaudit_ledger");

    private readonly ConcurrentDictionary<LedgerKey, Cursor> positions = new();
    private readonly SemaphoreSlim reading = new(1);
    private bool wasRead;

    /// <summary>Writes a row; returns when it is acknowledged.</summary>
    public async Task WriteAsync(
        LedgerKind kind,
        LedgerKey key,
        Cursor from,
        Cursor to,
        RecordCounts counts,
        string why,
        CancellationToken cancel
    )
    {
        var row = new LedgerRow(kind, key, from, to, counts, why, time.GetUtcNow());
        await store.AppendAsync(Logstore, [row.ToState()], cancel);
        Note(row);
    }

    /// <summary>Writes arrivals of canaries beside the rows of the batches.</summary>
    internal Task WriteAsync(IReadOnlyList<CanaryArrival> arrivals, CancellationToken cancel) =>
        arrivals.Count == 0
            ? Task.CompletedTask
            : store.AppendAsync(Logstore, [.. arrivals.Select(arrival => arrival.ToState())], cancel);

    /// <summary>Where a reader stood last; null when the ledger knows nothing of it.</summary>
    public async Task<Cursor?> LastPositionAsync(LedgerKey key, CancellationToken cancel)
    {
        if (positions.TryGetValue(key, out var known))
        {
            return known;
        }

        await reading.WaitAsync(cancel);
        try
        {
            if (!wasRead)
            {
                var latest = new Dictionary<LedgerKey, LedgerRow>();
                await foreach (var state in store.ReadAsync(Logstore, cancel))
                {
                    if (
                        LedgerRow.Parse(state) is { IsPosition: true } row
                        && (!latest.TryGetValue(row.Key, out var before) || before.Time <= row.Time)
                    )
                    {
                        latest[row.Key] = row;
                    }
                }

                foreach (var (reader, row) in latest)
                {
                    // What this instance wrote meanwhile is newer.
                    positions.TryAdd(reader, row.To);
                }

                wasRead = true;
            }
        }
        finally
        {
            reading.Release();
        }

        return positions.TryGetValue(key, out var found) ? found : null;
    }

    /// <inheritdoc/>
    public void Dispose() => reading.Dispose();

    private void Note(LedgerRow row)
    {
        if (row.IsPosition)
        {
            positions[row.Key] = row.To;
        }
    }
}
