namespace LogAudit.Forwarding;

/// <summary>Every sink, by its name in the settings. A new sink is one file and one line here.</summary>
public static class SinkCatalogue
{
    private static readonly Dictionary<string, Maker> Makers = new(StringComparer.Ordinal)
    {
        ["elasticsearch"] = new(
            Elasticsearch.Formats,
            (options, time) => new Elasticsearch(ElasticsearchOptions.From(options), time)
        ),
        ["file"] = new(LineFile.Formats, (options, time) => new LineFile(LineFileOptions.From(options), time)),
        ["kafka"] = new(Kafka.Formats, (options, time) => new Kafka(KafkaOptions.From(options), time)),
        ["otlp"] = new(Otlp.Formats, (options, time) => new Otlp(OtlpOptions.From(options), time)),
        ["relp"] = new(Relp.Formats, (options, time) => new Relp(RelpOptions.From(options), time)),
        ["secops"] = new(SecOps.Formats, (options, time) => new SecOps(SecOpsOptions.From(options), time)),
        ["sentinel"] = new(Sentinel.Formats, (options, time) => new Sentinel(SentinelOptions.From(options), time)),
        ["oss"] = new(Oss.Formats, (options, _) => new Oss(OssOptions.From(options), options.Cloud.Objects)),
        ["splunk-hec"] = new(SplunkHec.Formats, (options, time) => new SplunkHec(SplunkHecOptions.From(options), time)),
        ["stdout"] = new(StandardOutput.Formats, StandardOutput.From),
        ["syslog"] = new(Syslog.Formats, (options, time) => new Syslog(SyslogOptions.From(options), time)),
        ["webhook"] = new(Webhook.Formats, (options, time) => new Webhook(WebhookOptions.From(options), time)),
    };

    /// <summary>Names that settings may use.</summary>
    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Formats that a sink carries; null when the sink is unknown.</summary>
    public static IReadOnlyList<string>? FormatsOf(string sink) =>
        Makers.TryGetValue(sink, out var maker) ? maker.Formats : null;

    /// <summary>Makes a sink. Mistakes in its options are noted in the reader; the caller checks before using the sink.</summary>
    public static ISink? Make(string sink, OptionReader options, TimeProvider time) =>
        Makers.TryGetValue(sink, out var maker) ? maker.Make(options, time) : null;

    private sealed record Maker(IReadOnlyList<string> Formats, Func<OptionReader, TimeProvider, ISink> Make);
}
