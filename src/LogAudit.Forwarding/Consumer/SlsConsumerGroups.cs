using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>The consumer groups of SLS.</summary>
/// <remarks>Source: SLS ConsumerGroupHeartBeat, ConsumerGroupUpdateCheckPoint, and the algorithm of the official consumer.</remarks>
public sealed class SlsConsumerGroups(SlsClients clients) : IConsumerGroups
{
    /// <inheritdoc/>
    public async Task EnsureAsync(LogTarget target, string group, TimeSpan timeout, CancellationToken cancel)
    {
        var client = Client(target);
        var wanted = new ConsumerGroup(group, timeout, Ordered: true);
        var found = await FindAsync(client, target, group, cancel);
        if (found is null)
        {
            try
            {
                await client.CreateConsumerGroupAsync(target.Project, target.Logstore, wanted, cancel);
                return;
            }
            catch (SlsException fault)
                when (fault.ErrorCode.Equals("ConsumerGroupAlreadyExist", StringComparison.OrdinalIgnoreCase))
            {
                // Another consumer was quicker, with settings of its own perhaps.
                found = await FindAsync(client, target, group, cancel);
            }
        }

        if (found != wanted)
        {
            await client.UpdateConsumerGroupAsync(target.Project, target.Logstore, wanted, cancel);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> HeartbeatAsync(
        LogTarget target,
        string group,
        string consumer,
        IReadOnlyCollection<int> held,
        CancellationToken cancel
    )
    {
        try
        {
            return await Client(target).HeartbeatAsync(target.Project, target.Logstore, group, consumer, held, cancel);
        }
        catch (SlsException fault) when (IsGroupGone(fault))
        {
            throw new ShardLostException(fault.Message, fault);
        }
    }

    /// <inheritdoc/>
    public async Task SaveHeldAsync(
        LogTarget target,
        string group,
        string consumer,
        int shard,
        Cursor cursor,
        CancellationToken cancel
    )
    {
        try
        {
            await Client(target)
                .SaveCheckpointAsync(target.Project, target.Logstore, group, shard, cursor, consumer, cancel);
        }
        catch (SlsException fault) when (fault.IsShardLost || IsGroupGone(fault))
        {
            throw new ShardLostException(fault.Message, fault);
        }
    }

    private static bool IsGroupGone(SlsException fault) =>
        fault.ErrorCode.Equals("ConsumerGroupNotExist", StringComparison.OrdinalIgnoreCase);

    private static async Task<ConsumerGroup?> FindAsync(
        SlsClient client,
        LogTarget target,
        string group,
        CancellationToken cancel
    ) =>
        (await client.ListConsumerGroupsAsync(target.Project, target.Logstore, cancel)).FirstOrDefault(one =>
            string.Equals(one.Name, group, StringComparison.Ordinal)
        );

    private SlsClient Client(LogTarget target) => clients.For(target.Account, target.Region);
}
