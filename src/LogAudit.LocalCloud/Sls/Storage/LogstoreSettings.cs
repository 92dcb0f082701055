using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>The settings of a Logstore or Metricstore. Source: SLS CreateLogStore, CreateMetricStore.</summary>
internal sealed partial record LogstoreSettings(string Name, int TtlDays, int ShardCount)
{
    public bool AutoSplit { get; init; }
    public int MaxSplitShard { get; init; }
    public string Mode { get; init; } = "standard";
    public string TelemetryType { get; init; } = "";
    public int HotTtl { get; init; } = -1;
    public int InfrequentAccessTtl { get; init; } = -1;
    public bool AppendMeta { get; init; }
    public bool EnableTracking { get; init; }
    public string ProcessorId { get; init; } = "";
    public string ProductType { get; init; } = "";
    public JObject? EncryptConf { get; init; }
    public long LastModifyTime { get; init; }

    public bool IsMetricstore => TelemetryType == "Metrics";

    public static bool IsName(string name) => Pattern().IsMatch(name);

    /// <summary>Reads the body of CreateLogStore.</summary>
    public static LogstoreSettings ForCreate(JObject body) =>
        Read(
            body,
            "logstoreName",
            body.Number("shardCount") ?? throw SlsRefusal.Logstore("shardCount is required"),
            null
        );

    /// <summary>Reads the body of CreateMetricStore.</summary>
    public static LogstoreSettings ForMetrics(JObject body)
    {
        // Only Prometheus metrics exist. Source: CreateMetricStore, metricType.
        if (body.Text("metricType") is not (null or "" or "prometheus"))
            throw SlsRefusal.Parameter("metricType must be prometheus");
        var shards = body.Number("shardCount") ?? throw SlsRefusal.Logstore("shardCount is required");
        return Read(body, "name", shards, null) with { TelemetryType = "Metrics" };
    }

    /// <summary>Reads the body of an update: the whole object, but the shards change only by split and merge.</summary>
    public LogstoreSettings Updated(JObject body)
    {
        var nameKey = body["logstoreName"] is null ? "name" : "logstoreName";
        if (body.Text(nameKey) is { Length: > 0 } name && name != Name)
            throw SlsRefusal.Logstore($"logstore name {name} is not the name in the path");
        if (body.Text("telemetryType") is { Length: > 0 } telemetry && (telemetry == "Metrics") != IsMetricstore)
            throw SlsRefusal.Logstore("telemetryType cannot be changed");
        var read = Read(body, nameKey, ShardCount, Name);
        return read with
        {
            TelemetryType = TelemetryType,
            ProductType = ProductType,
            ProcessorId = body["processorId"] is null ? ProcessorId : read.ProcessorId,
            // Sending -1 keeps the old value. Source: Java functional tests.
            InfrequentAccessTtl = read.InfrequentAccessTtl < 0 ? InfrequentAccessTtl : read.InfrequentAccessTtl,
        };
    }

    public JObject ToJson(DateTimeOffset created) =>
        new()
        {
            ["logstoreName"] = Name,
            ["ttl"] = TtlDays,
            ["shardCount"] = ShardCount,
            ["autoSplit"] = AutoSplit,
            ["maxSplitShard"] = MaxSplitShard,
            ["mode"] = Mode,
            ["telemetryType"] = TelemetryType,
            ["hot_ttl"] = HotTtl,
            ["infrequentAccessTTL"] = InfrequentAccessTtl,
            ["appendMeta"] = AppendMeta,
            ["enable_tracking"] = EnableTracking,
            ["processorId"] = ProcessorId,
            ["productType"] = ProductType,
            ["encrypt_conf"] = EncryptConf?.DeepClone() ?? new JObject(),
            ["createTime"] = created.ToUnixTimeSeconds(),
            ["lastModifyTime"] = LastModifyTime == 0 ? created.ToUnixTimeSeconds() : LastModifyTime,
        };

    public JObject ToMetricJson(DateTimeOffset created)
    {
        var json = ToJson(created);
        json["name"] = Name;
        json["metricType"] = "prometheus";
        foreach (
            var key in (string[])["logstoreName", "telemetryType", "appendMeta", "enable_tracking", "encrypt_conf"]
        )
            json.Remove(key);
        return json;
    }

    private static LogstoreSettings Read(JObject body, string nameKey, int shards, string? known)
    {
        var name = body.Text(nameKey) ?? known ?? "";
        if (!IsName(name))
            throw SlsRefusal.Logstore($"logstore name {name} is invalid");
        var ttl = body.Number("ttl") ?? throw SlsRefusal.Logstore("ttl is required");
        if (ttl is < 1 or > 3650)
            throw SlsRefusal.Logstore("ttl must be within range [1, 3650]");
        if (known is null && shards is < 1 or > 100)
            throw SlsRefusal.Logstore("shardCount must be within range [1, 100]");
        var autoSplit = body.Flag("autoSplit") ?? false;
        var maxSplit = body.Number("maxSplitShard");
        // The range is checked whenever the number matters. Source: Java functional tests.
        if (autoSplit && maxSplit is not (>= 1 and <= 256))
            throw SlsRefusal.Logstore("maxSplitShard must be within range [1, 256]");
        var mode = body.Text("mode") is { Length: > 0 } said ? said : "standard";
        if (mode is not ("standard" or "query" or "lite"))
            throw SlsRefusal.Logstore($"mode {mode} is invalid");
        var telemetry = body.Text("telemetryType") ?? "";
        if (telemetry is not ("" or "None" or "Metrics"))
            throw SlsRefusal.Logstore($"telemetryType {telemetry} is invalid");
        var hot = body.Number("hot_ttl") ?? -1;
        if (hot is not (-1 or 0) && (hot < 7 || hot > ttl))
            throw SlsRefusal.Logstore("hot_ttl must be -1 or within range [7, ttl]");
        var infrequent = body.Number("infrequentAccessTTL") ?? -1;
        if (infrequent is not (-1 or 0) && infrequent < 30)
            throw SlsRefusal.Logstore("infrequentAccessTTL must large than 30");
        if (infrequent > 0 && ttl - Math.Max(hot, 0) - infrequent is not (0 or >= 60))
            throw SlsRefusal.Logstore("archiveTTL must large than 60");
        return new LogstoreSettings(name, ttl, shards)
        {
            AutoSplit = autoSplit,
            MaxSplitShard = maxSplit ?? 0,
            Mode = mode,
            TelemetryType = telemetry == "None" ? "" : telemetry,
            HotTtl = hot is 0 ? -1 : hot,
            InfrequentAccessTtl = infrequent is 0 ? -1 : infrequent,
            AppendMeta = body.Flag("appendMeta") ?? false,
            EnableTracking = body.Flag("enable_tracking") ?? false,
            ProcessorId = body.Text("processorId") ?? "",
            EncryptConf = body.Part("encrypt_conf"),
        };
    }

    [GeneratedRegex(
        "^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
