namespace LogAudit.Forwarding;

/// <summary>What one invocation did on one shard for one destination.</summary>
/// <param name="Key">Destination and shard.</param>
/// <param name="End">How it ended.</param>
/// <param name="Counts">Records of this invocation.</param>
/// <param name="Expired">Ranges that can no longer be read, each with its reason.</param>
/// <param name="Problem">Why records stay pending or what failed; empty when all is well.</param>
public sealed record ShardReport(
    LedgerKey Key,
    ShardEnd End,
    RecordCounts Counts,
    IReadOnlyList<string> Expired,
    string Problem
);

/// <summary>What one invocation did.</summary>
/// <param name="Shards">By destination and shard.</param>
public sealed record SyncReport(IReadOnlyList<ShardReport> Shards)
{
    /// <summary>Records in all.</summary>
    public RecordCounts Totals => Shards.Aggregate(default(RecordCounts), (sum, shard) => sum + shard.Counts);

    /// <summary>Whether time ran out before everything was forwarded.</summary>
    public bool More => Shards.Any(shard => shard.End is ShardEnd.More or ShardEnd.WaitsForParent);

    /// <summary>Whether every record that was read is accepted or a dead letter, and nothing failed.</summary>
    public bool Succeeded =>
        !Shards.Any(shard => shard.End is ShardEnd.Pending or ShardEnd.Failed or ShardEnd.NoLogstore);

    /// <summary>What went wrong, one line each.</summary>
    public IEnumerable<string> Problems =>
        Shards.SelectMany(shard =>
            shard.Problem.Length > 0 ? shard.Expired.Append($"{shard.Key}: {shard.Problem}") : shard.Expired
        );
}
