using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>Sends a span that is still retained once more, by the same engine as the live road: the same filter, masking, format and ids.</summary>
/// <remarks>Live checkpoints and the live ledger stand; batches are ledger rows of kind <c>backfill</c>, records that are refused become dead letters like any other.</remarks>
public sealed class Backfill(
    ILogSource source,
    IStateStore store,
    DeadLetters deadLetters,
    MappingCatalogue mappings,
    SyncOptions options,
    TimeProvider time,
    ILogger<SyncEngine> logger
)
{
    /// <summary>Runs until everything in the span is sent or a destination takes no more.</summary>
    /// <param name="targets">The Logstores.</param>
    /// <param name="destinations">Where to.</param>
    /// <param name="span">What.</param>
    /// <param name="resume">Whether to go on where an interrupted backfill of the same span ended.</param>
    /// <param name="moved">Told after every batch how far a destination is on a shard.</param>
    /// <param name="cancel">Gives up at once; what is not in the ledger by then is sent again by a resumed backfill.</param>
    public async Task<SyncReport> RunAsync(
        IReadOnlyList<LogTarget> targets,
        IReadOnlyList<Destination> destinations,
        BackfillSpan span,
        bool resume,
        Action<LedgerKey, Cursor> moved,
        CancellationToken cancel
    )
    {
        var rows = new BackfillStore(store, span);
        var done = resume ? await rows.DoneAsync(cancel) : new Dictionary<LedgerKey, Cursor>();
        var spanned = new BackfillSource(source, span, done, moved);
        foreach (var target in targets)
        {
            foreach (var destination in destinations)
            {
                spanned.Know(destination, target);
            }
        }

        using var ledger = new Ledger(rows, time);
        var engine = new SyncEngine(spanned, ledger, deadLetters, mappings, destinations, options, time, logger);
        return await engine.SweepAsync(targets, Deadline.None, cancel);
    }
}
