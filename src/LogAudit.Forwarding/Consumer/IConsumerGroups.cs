namespace LogAudit.Forwarding;

/// <summary>How several consumers share the shards of a Logstore: the seam between the consumer and the consumer groups of SLS.</summary>
public interface IConsumerGroups
{
    /// <summary>Makes a group, or gives one that exists this time-out and the order of parents before children.</summary>
    /// <param name="target">The Logstore.</param>
    /// <param name="group">Name of the group.</param>
    /// <param name="timeout">Silence after which a consumer loses its shards; whole seconds.</param>
    /// <param name="cancel">Gives up.</param>
    Task EnsureAsync(LogTarget target, string group, TimeSpan timeout, CancellationToken cancel);

    /// <summary>Says that a consumer lives, and learns which shards it is to hold.</summary>
    /// <param name="target">The Logstore.</param>
    /// <param name="group">Name of the group.</param>
    /// <param name="consumer">Name of the consumer, its own in the group.</param>
    /// <param name="held">Shards that it works on, those that it is about to give up included.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ShardLostException">The group does not exist any more.</exception>
    Task<IReadOnlyList<int>> HeartbeatAsync(
        LogTarget target,
        string group,
        string consumer,
        IReadOnlyCollection<int> held,
        CancellationToken cancel
    );

    /// <summary>Moves a checkpoint as the holder of its shard.</summary>
    /// <exception cref="ShardLostException">The shard is another consumer's by now, or the group is gone: the checkpoint stands.</exception>
    Task SaveHeldAsync(
        LogTarget target,
        string group,
        string consumer,
        int shard,
        Sls.Cursor cursor,
        CancellationToken cancel
    );
}

/// <summary>A consumer does not hold a shard any more. What it sent since its last checkpoint is sent again by the next holder, under the same ids.</summary>
public sealed class ShardLostException(string message, Exception? inner) : Exception(message, inner);
