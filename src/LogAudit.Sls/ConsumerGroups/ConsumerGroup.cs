using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>A consumer group: checkpoints of a Logstore's shards under one name.</summary>
/// <param name="Name">Its name, unique in the Logstore.</param>
/// <param name="Timeout">A consumer that sends no heartbeat for so long loses its shards; whole seconds.</param>
/// <param name="Ordered">Whether the service holds children of a split shard back until their parent is read.</param>
/// <remarks>Source: SLS CreateConsumerGroup, ListConsumerGroup. At most 30 for a Logstore.</remarks>
public sealed record ConsumerGroup(string Name, TimeSpan Timeout, bool Ordered)
{
    internal static ConsumerGroup From(JsonObject json) =>
        new(json.Text("name"), TimeSpan.FromSeconds(json.Whole("timeout")), json.FlagOr("order", false));
}

/// <summary>How far a consumer group has read one shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Cursor">Where reading goes on; null when nothing was saved.</param>
/// <param name="Updated">When it was saved; null when it never was.</param>
/// <param name="Consumer">Who holds the shard; empty when nobody does.</param>
/// <remarks>Source: SLS GetCheckPoint.</remarks>
public sealed record ShardCheckpoint(int Shard, Cursor? Cursor, DateTimeOffset? Updated, string Consumer)
{
    internal static ShardCheckpoint From(JsonObject json)
    {
        var micros = json.LongOr("updateTime", 0);
        return new(
            json.Whole("shard"),
            json.TextOr("checkpoint", "").Length == 0 ? null : json.Cursor("checkpoint"),
            micros == 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond),
            json.TextOr("consumer", "")
        );
    }
}
