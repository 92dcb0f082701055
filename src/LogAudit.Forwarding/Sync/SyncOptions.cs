namespace LogAudit.Forwarding;

/// <summary>Bounds of the forwarding engine.</summary>
public sealed record SyncOptions
{
    /// <summary>Records after which a batch is sent. Default 5,000. A batch ends with a group, so it may hold one group more.</summary>
    /// <value>1–100,000.</value>
    public int MaxBatchRecords { get; init; } = 5_000;

    /// <summary>Encoded bytes after which a batch is sent. Default 4 MiB.</summary>
    /// <value>64 KiB–64 MiB.</value>
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Age of its first record, counted from reading, after which a batch is sent although more could be read. Default 1 s: with a trigger every 3 s a record is delivered well within 6 s.</summary>
    public TimeSpan MaxBatchAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Groups of one pull. Default 100: with the service's 10 MB per answer it bounds memory.</summary>
    /// <value>1–1000.</value>
    public int PullCount { get; init; } = 100;

    /// <summary>Shards that one destination reads at a time. Default 2.</summary>
    /// <value>1–64.</value>
    public int WorkersPerDestination { get; init; } = 2;

    /// <summary>Deployments that share the shards: this one takes those whose number modulo <see cref="Partitions"/> is <see cref="Partition"/>.</summary>
    /// <value>1–100. Default 1.</value>
    public int Partitions { get; init; } = 1;

    /// <summary>Which share is ours.</summary>
    /// <value>0 to <see cref="Partitions"/> − 1.</value>
    public int Partition { get; init; }

    /// <summary>How a destination that does not take a batch is tried again within an invocation.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>Bounds for <see cref="Consumer"/>: more shards at a time, and batches that do not wait to grow old.</summary>
    public static SyncOptions ForConsumer { get; } =
        new() { WorkersPerDestination = 8, MaxBatchAge = TimeSpan.FromMilliseconds(500) };

    /// <summary>Whether a shard is ours.</summary>
    public bool Owns(int shard) => shard % Partitions == Partition;
}
