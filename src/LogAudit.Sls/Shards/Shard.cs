using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>A shard of a Logstore.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Writable">True while it takes logs; a split or merged shard is only read until its logs expire.</param>
/// <param name="BeginKey">First hash key that it takes, 32 hexadecimal digits.</param>
/// <param name="EndKey">First hash key that it takes no more.</param>
/// <param name="Created">When it was made; null when not told.</param>
/// <remarks>Source: SLS ListShards. The service names no parent: a shard follows another when their key ranges overlap and it was made later.</remarks>
public sealed record Shard(int Id, bool Writable, string BeginKey, string EndKey, DateTimeOffset? Created)
{
    /// <summary>Whether this shard took over keys of <paramref name="other"/>, which must then be read to its end first.</summary>
    public bool Follows(Shard other) =>
        !other.Writable
        && Id > other.Id
        && string.CompareOrdinal(BeginKey, other.EndKey) < 0
        && string.CompareOrdinal(other.BeginKey, EndKey) < 0;

    internal static Shard From(JsonObject json) =>
        new(
            json.Whole("shardID"),
            string.Equals(json.Text("status"), "readwrite", StringComparison.OrdinalIgnoreCase),
            json.TextOr("inclusiveBeginKey", ""),
            json.TextOr("exclusiveEndKey", ""),
            json.TimeOr("createTime")
        );
}
