namespace LogAudit.Forwarding;

/// <summary>Bounds of the long-lived consumer.</summary>
public sealed record ConsumerOptions
{
    /// <summary>Name of this consumer. Two that run at once need two names; one that starts anew under its old name has its shards back at once.</summary>
    public required string Name { get; init; }

    /// <summary>Pause between heartbeats. Default 10 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which the service gives this consumer's shards to others, and after which it stops by itself. Default 30 s.</summary>
    /// <value>Whole seconds, more than <see cref="HeartbeatInterval"/>.</value>
    /// <remarks>The official consumer takes three heartbeats.</remarks>
    public TimeSpan GroupTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before a shard is read again that had nothing more. It doubles up to <see cref="IdleInterval"/> while nothing comes. Default 200 ms.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest pause between two looks at a shard on which nothing happens. Default 1 s.</summary>
    public TimeSpan IdleInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before looking again for a Logstore that does not exist yet. Default 30 s.</summary>
    public TimeSpan DiscoveryInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest turn on one shard while others wait. Default 5 s.</summary>
    public TimeSpan TurnTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a shard is read on from memory before checkpoint, begin and end are compared again. Default 10 s.</summary>
    public TimeSpan RecheckInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that open batches have to be accepted once the consumer is told to stop. Default 20 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pauses after a turn that failed or whose destination took nothing.</summary>
    public Backoff Pauses { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), int.MaxValue);
}
