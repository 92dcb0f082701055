using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>What a Metricstore is set to.</summary>
/// <remarks>Source: SLS CreateMetricStore.</remarks>
public sealed record MetricstoreConfig
{
    /// <summary>Its name.</summary>
    public required LogstoreName Name { get; init; }

    /// <summary>Days that samples are kept.</summary>
    /// <value>1–3650.</value>
    public required int TtlDays { get; init; }

    /// <summary>Shards at creation. Default 2.</summary>
    public int ShardCount { get; init; } = 2;

    /// <summary>Whether the service splits shards under load. Default true.</summary>
    public bool AutoSplit { get; init; } = true;

    /// <summary>Most shards that automatic splitting makes. Default 64.</summary>
    public int MaxSplitShard { get; init; } = 64;

    internal static MetricstoreConfig From(JsonObject json) =>
        new()
        {
            Name = new LogstoreName(json.Text("name")),
            TtlDays = json.Whole("ttl"),
            ShardCount = json.WholeOr("shardCount", 0),
            AutoSplit = json.FlagOr("autoSplit", false),
            MaxSplitShard = json.WholeOr("maxSplitShard", 0),
        };

    internal JsonObject Over(JsonObject json)
    {
        json["name"] = Name.Value;
        json["ttl"] = TtlDays;
        json["shardCount"] = ShardCount;
        json["autoSplit"] = AutoSplit;
        json["metricType"] = "prometheus";
        if (AutoSplit)
        {
            json["maxSplitShard"] = MaxSplitShard;
        }

        return json;
    }
}
