using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Reads from SLS, and keeps checkpoints in its consumer groups.</summary>
public sealed class SlsLogSource(SlsClients clients) : ILogSource
{
    private static readonly TimeSpan GroupTimeout = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Shard>?> ShardsAsync(LogTarget target, CancellationToken cancel)
    {
        try
        {
            return await Client(target).ListShardsAsync(target.Project, target.Logstore, cancel);
        }
        catch (SlsException fault) when (fault.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<Cursor> CursorAsync(LogTarget target, int shard, CursorFrom from, CancellationToken cancel) =>
        Client(target).GetCursorAsync(target.Project, target.Logstore, shard, from, cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<int, Cursor>?> CheckpointsAsync(
        LogTarget target,
        string group,
        CancellationToken cancel
    )
    {
        try
        {
            var rows = await Client(target).GetCheckpointsAsync(target.Project, target.Logstore, group, cancel);
            return rows.Where(row => row.Cursor is not null).ToDictionary(row => row.Shard, row => row.Cursor!.Value);
        }
        catch (SlsException fault) when (fault.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task CreateGroupAsync(LogTarget target, string group, CancellationToken cancel)
    {
        try
        {
            await Client(target)
                .CreateConsumerGroupAsync(
                    target.Project,
                    target.Logstore,
                    new ConsumerGroup(group, GroupTimeout, Ordered: true),
                    cancel
                );
        }
        catch (SlsException fault)
            when (fault.ErrorCode.Equals("ConsumerGroupAlreadyExist", StringComparison.OrdinalIgnoreCase))
        {
            // Another worker of the same destination was quicker.
        }
    }

    /// <inheritdoc/>
    public Task SaveCheckpointAsync(
        LogTarget target,
        string group,
        int shard,
        Cursor cursor,
        CancellationToken cancel
    ) =>
        Client(target)
            .SaveCheckpointAsync(target.Project, target.Logstore, group, shard, cursor, consumer: null, cancel);

    /// <inheritdoc/>
    public async Task<PulledLogs> PullAsync(
        LogTarget target,
        int shard,
        Cursor cursor,
        int count,
        CancellationToken cancel
    )
    {
        try
        {
            return await Client(target)
                .PullLogsAsync(target.Project, target.Logstore, shard, cursor, endCursor: null, count, cancel);
        }
        catch (SlsException fault) when (fault.ErrorCode.Equals("InvalidCursor", StringComparison.OrdinalIgnoreCase))
        {
            throw new CursorLostException(fault.Message, fault);
        }
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> CursorTimeAsync(LogTarget target, int shard, Cursor cursor, CancellationToken cancel) =>
        Client(target).GetCursorTimeAsync(target.Project, target.Logstore, shard, cursor, cancel);

    private SlsClient Client(LogTarget target) => clients.For(target.Account, target.Region);
}
