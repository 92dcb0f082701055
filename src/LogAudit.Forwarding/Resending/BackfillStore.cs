namespace LogAudit.Forwarding;

/// <summary>The ledger of a backfill: its batches are rows of their own kind, so that they move nothing and count beside the live ones.</summary>
internal sealed class BackfillStore(IStateStore store, BackfillSpan span) : IStateStore
{
    /// <inheritdoc/>
    public async Task AppendAsync(LogstoreName logstore, IReadOnlyList<StateRow> rows, CancellationToken cancel)
    {
        // What is pending or expired in a backfill is told by its report; the live ledger knows nothing of it.
        var batches = rows.Select(LedgerRow.Parse)
            .OfType<LedgerRow>()
            .Where(row => row.Kind == LedgerKind.Batch)
            .Select(row => (row with { Kind = LedgerKind.Backfill, Why = span.ToString() }).ToState())
            .ToList();
        if (batches.Count > 0)
        {
            await store.AppendAsync(logstore, batches, cancel);
        }
    }

    /// <summary>Nothing: a backfill begins with its span, not where the live reader stands.</summary>
    public IAsyncEnumerable<StateRow> ReadAsync(LogstoreName logstore, CancellationToken cancel) =>
        AsyncEnumerable.Empty<StateRow>();

    /// <inheritdoc cref="ReadAsync"/>
    public IAsyncEnumerable<StateRow> ReadSinceAsync(
        LogstoreName logstore,
        DateTimeOffset since,
        CancellationToken cancel
    ) => AsyncEnumerable.Empty<StateRow>();

    /// <summary>How far an earlier, interrupted backfill of the same span came.</summary>
    public async Task<IReadOnlyDictionary<LedgerKey, Sls.Cursor>> DoneAsync(CancellationToken cancel)
    {
        var done = new Dictionary<LedgerKey, Sls.Cursor>();
        await foreach (var state in store.ReadAsync(Ledger.Logstore, cancel))
        {
            if (
                LedgerRow.Parse(state) is { Kind: LedgerKind.Backfill } row
                && string.Equals(row.Why, span.ToString(), StringComparison.Ordinal)
                && (!done.TryGetValue(row.Key, out var before) || before.Number < row.To.Number)
            )
            {
                done[row.Key] = row.To;
            }
        }

        return done;
    }
}
