using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>What a Logstore is set to.</summary>
/// <remarks>Source: SLS CreateLogStore, GetLogStore, UpdateLogStore.</remarks>
public sealed record LogstoreConfig
{
    /// <summary>Its name.</summary>
    public required LogstoreName Name { get; init; }

    /// <summary>Days that logs are kept (<c>ttl</c>).</summary>
    /// <value>1–3650; 3650 keeps them for good.</value>
    public required int TtlDays { get; init; }

    /// <summary>Shards at creation (<c>shardCount</c>); later only splitting and merging change it. Default 2.</summary>
    public int ShardCount { get; init; } = 2;

    /// <summary>Whether the service splits shards under load (<c>autoSplit</c>). Default true.</summary>
    public bool AutoSplit { get; init; } = true;

    /// <summary>Most shards that automatic splitting makes (<c>maxSplitShard</c>).</summary>
    /// <value>1–256. Default 64.</value>
    public int MaxSplitShard { get; init; } = 64;

    /// <summary><c>standard</c> or <c>query</c> (<c>mode</c>). Default <c>standard</c>; SQL needs it.</summary>
    public string Mode { get; init; } = "standard";

    /// <summary>Empty for logs, <c>Metrics</c> for a Metricstore (<c>telemetryType</c>).</summary>
    public string TelemetryType { get; init; } = "";

    /// <summary>Whether the service adds client address and receive time as tags (<c>appendMeta</c>). Default true.</summary>
    public bool AppendMeta { get; init; } = true;

    /// <summary>Days in hot storage (<c>hot_ttl</c>); 0 when the service does not tell or is not to be told.</summary>
    public int HotTtlDays { get; init; }

    /// <summary>When it was made, as the service tells; null in a wanted configuration.</summary>
    /// <remarks>A Logstore that was deleted and made again under its name shows here.</remarks>
    public DateTimeOffset? Created { get; init; }

    internal static LogstoreConfig From(JsonObject json) =>
        new()
        {
            Name = new LogstoreName(json.Text("logstoreName")),
            TtlDays = json.Whole("ttl"),
            ShardCount = json.WholeOr("shardCount", 0),
            AutoSplit = json.FlagOr("autoSplit", false),
            MaxSplitShard = json.WholeOr("maxSplitShard", 0),
            Mode = json.TextOr("mode", "standard"),
            TelemetryType =
                json.TextOr("telemetryType", "") is var kind && kind is "None" ? "" : json.TextOr("telemetryType", ""),
            AppendMeta = json.FlagOr("appendMeta", false),
            HotTtlDays = json.WholeOr("hot_ttl", 0),
            Created = json.TimeOr("createTime"),
        };

    /// <summary>Lays this over an object of the service (or an empty one), so that members we do not know stay as they are.</summary>
    internal JsonObject Over(JsonObject json)
    {
        json["logstoreName"] = Name.Value;
        json["ttl"] = TtlDays;
        json["shardCount"] = ShardCount;
        json["autoSplit"] = AutoSplit;
        json["mode"] = Mode;
        json["appendMeta"] = AppendMeta;
        if (AutoSplit)
        {
            json["maxSplitShard"] = MaxSplitShard;
        }

        if (TelemetryType.Length > 0)
        {
            json["telemetryType"] = TelemetryType;
        }

        if (HotTtlDays != 0)
        {
            json["hot_ttl"] = HotTtlDays;
        }

        return json;
    }
}
