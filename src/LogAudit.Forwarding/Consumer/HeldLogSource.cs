using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>A log source whose checkpoints only the holder of a shard moves: a consumer that lost its shard cannot set the next holder back.</summary>
internal sealed class HeldLogSource(ILogSource source, IConsumerGroups groups, string consumer) : ILogSource
{
    /// <inheritdoc/>
    public Task SaveCheckpointAsync(
        LogTarget target,
        string group,
        int shard,
        Cursor cursor,
        CancellationToken cancel
    ) => groups.SaveHeldAsync(target, group, consumer, shard, cursor, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Shard>?> ShardsAsync(LogTarget target, CancellationToken cancel) =>
        source.ShardsAsync(target, cancel);

    /// <inheritdoc/>
    public Task<Cursor> CursorAsync(LogTarget target, int shard, CursorFrom from, CancellationToken cancel) =>
        source.CursorAsync(target, shard, from, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<int, Cursor>?> CheckpointsAsync(
        LogTarget target,
        string group,
        CancellationToken cancel
    ) => source.CheckpointsAsync(target, group, cancel);

    /// <inheritdoc/>
    public Task CreateGroupAsync(LogTarget target, string group, CancellationToken cancel) =>
        source.CreateGroupAsync(target, group, cancel);

    /// <inheritdoc/>
    public Task<PulledLogs> PullAsync(
        LogTarget target,
        int shard,
        Cursor cursor,
        int count,
        CancellationToken cancel
    ) => source.PullAsync(target, shard, cursor, count, cancel);

    /// <inheritdoc/>
    public Task<DateTimeOffset> CursorTimeAsync(LogTarget target, int shard, Cursor cursor, CancellationToken cancel) =>
        source.CursorTimeAsync(target, shard, cursor, cancel);
}
