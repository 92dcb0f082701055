using System.Collections.Concurrent;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>A log source that begins and ends with a span, and keeps checkpoints in memory: no consumer group is made or moved.</summary>
/// <param name="source">Reads.</param>
/// <param name="span">The span.</param>
/// <param name="done">Where an interrupted backfill of the same span goes on.</param>
/// <param name="moved">Told after every batch how far a destination is on a shard.</param>
internal sealed class BackfillSource(
    ILogSource source,
    BackfillSpan span,
    IReadOnlyDictionary<LedgerKey, Cursor> done,
    Action<LedgerKey, Cursor> moved
) : ILogSource
{
    private readonly ConcurrentDictionary<(string Group, ShardAddress Shard), Cursor> positions = [];
    private readonly ConcurrentDictionary<ShardAddress, Cursor> ends = [];
    private readonly ConcurrentDictionary<string, string> destinations = new(StringComparer.Ordinal);

    /// <summary>Makes the group of a destination known.</summary>
    public void Know(Destination destination, LogTarget target) =>
        destinations[destination.GroupOn(target.Logstore)] = destination.Name;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Shard>?> ShardsAsync(LogTarget target, CancellationToken cancel) =>
        source.ShardsAsync(target, cancel);

    /// <inheritdoc/>
    public async Task<Cursor> CursorAsync(LogTarget target, int shard, CursorFrom from, CancellationToken cancel)
    {
        if (from != CursorFrom.End)
        {
            return await source.CursorAsync(target, shard, from, cancel);
        }

        // Asked once, so that a span that reaches to now comes to an end on a busy shard.
        var address = new ShardAddress(target, shard);
        return ends.TryGetValue(address, out var known)
            ? known
            : ends.GetOrAdd(address, await source.CursorAsync(target, shard, CursorFrom.ReceivedAt(span.To), cancel));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<int, Cursor>?> CheckpointsAsync(
        LogTarget target,
        string group,
        CancellationToken cancel
    )
    {
        var found = new Dictionary<int, Cursor>();
        foreach (var shard in await source.ShardsAsync(target, cancel) ?? [])
        {
            var address = new ShardAddress(target, shard.Id);
            if (!positions.TryGetValue((group, address), out var at))
            {
                at = done.TryGetValue(new LedgerKey(destinations[group], address), out var reached)
                    ? reached
                    : await source.CursorAsync(target, shard.Id, CursorFrom.ReceivedAt(span.From), cancel);
                at = positions.GetOrAdd((group, address), at);
            }

            found.Add(shard.Id, at);
        }

        return found;
    }

    /// <inheritdoc/>
    public Task CreateGroupAsync(LogTarget target, string group, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task SaveCheckpointAsync(LogTarget target, string group, int shard, Cursor cursor, CancellationToken cancel)
    {
        var address = new ShardAddress(target, shard);
        positions[(group, address)] = cursor;
        moved(new LedgerKey(destinations[group], address), cursor);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<PulledLogs> PullAsync(
        LogTarget target,
        int shard,
        Cursor cursor,
        int count,
        CancellationToken cancel
    )
    {
        var end = await CursorAsync(target, shard, CursorFrom.End, cancel);
        if (cursor.Number >= end.Number)
        {
            return Nothing(target, shard, cursor);
        }

        var pulled = await source.PullAsync(target, shard, cursor, count, cancel);
        var inside = 0;
        while (inside < pulled.GroupCount && pulled.GroupCursor(inside).Number < end.Number)
        {
            inside++;
        }

        if (inside == pulled.GroupCount)
        {
            return pulled;
        }

        // The last pull reaches past the span: only what is inside is asked for again.
        pulled.Dispose();
        return inside == 0
            ? Nothing(target, shard, cursor)
            : await source.PullAsync(target, shard, cursor, inside, cancel);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> CursorTimeAsync(LogTarget target, int shard, Cursor cursor, CancellationToken cancel) =>
        source.CursorTimeAsync(target, shard, cursor, cancel);

    private static PulledLogs Nothing(LogTarget target, int shard, Cursor at) =>
        PulledLogs.Decode(
            new PullSource(target.Project, target.Logstore, shard, at),
            new PullHeaders(at, GroupCount: 0, RawSize: 0, LogCompression.None, LastRead: null, RequestId: ""),
            ReadOnlyMemory<byte>.Empty,
            maxBytes: 0
        );
}
