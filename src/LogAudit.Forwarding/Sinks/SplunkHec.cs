using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>splunk-hec</c>.</summary>
public sealed record SplunkHecOptions
{
    /// <summary>The collector, without path. 500 records, 1,000,000 bytes and 30 s at most by default, packed.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>Token of the collector.</summary>
    public required Secret Token { get; init; }

    /// <summary>Whether records go to <c>/raw</c>, where one set of metadata stands for a request, instead of <c>/event</c>.</summary>
    public bool Raw { get; init; }

    /// <summary>Whether records count once an indexer has stored them. The token must give acknowledgements; Splunk Enterprise only.</summary>
    public bool Acknowledges { get; init; }

    /// <summary>How long acknowledgements are waited for. Default 60 s.</summary>
    /// <value>1–600 s.</value>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Index; empty for the token's own.</summary>
    internal RecordTemplate Index { get; init; } = new("");

    /// <summary>Source type. Default <c>aliyun:{product}</c>; <c>aliyun:audit</c> for <c>/raw</c>.</summary>
    internal RecordTemplate SourceType { get; init; } = new("aliyun:{product}");

    /// <summary>Source. Default <c>logaudit:{kind}</c>; <c>logaudit</c> for <c>/raw</c>.</summary>
    internal RecordTemplate Source { get; init; } = new("logaudit:{kind}");

    /// <summary>Host. Default <c>{account}</c>; none for <c>/raw</c> and where the record names no account.</summary>
    internal RecordTemplate Host { get; init; } = new("{account}");

    /// <summary>Reads the options of a destination.</summary>
    public static SplunkHecOptions From(OptionReader options)
    {
        var raw = options.Choice("endpoint", "event", "raw");
        RecordTemplate Template(string name, string otherwise) => TemplateFrom(options, name, otherwise, raw);
        return new SplunkHecOptions
        {
            Target = HttpTarget.From(
                options,
                new HttpTarget(new Uri("https://splunk.example.com:8088")) { Gzip = true }
            ),
            Token = options.RequiredSecret("token"),
            Raw = raw,
            Acknowledges = options.Choice("ack", "false", "true"),
            AckTimeout = TimeSpan.FromSeconds(options.Whole("ack-seconds", 60, 1, 600)),
            Index = Template("index", ""),
            SourceType = Template("sourcetype", raw ? "aliyun:audit" : "aliyun:{product}"),
            Source = Template("source", raw ? "logaudit" : "logaudit:{kind}"),
            Host = Template("host", raw ? "" : "{account}"),
        };
    }

    /// <summary>An address of the collector.</summary>
    internal Uri At(string path) => new($"{Target.Address.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>Sets the headers of every request.</summary>
    internal void Authorize(HttpRequestHeaders headers, Guid channel)
    {
        headers.Authorization = new AuthenticationHeaderValue("Splunk", Token.Reveal());
        headers.Add("X-Splunk-Request-Channel", channel.ToString());
    }

    private static RecordTemplate TemplateFrom(OptionReader options, string name, string otherwise, bool raw)
    {
        var template = new RecordTemplate(
            options.Text(name, otherwise, RecordTemplate.IsValid, RecordTemplate.Allowed, "aliyun:{product}")
        );
        if (!raw || template.IsConstant)
        {
            return template;
        }

        options.Refuse(name, "has holes", "one text for all records with endpoint: raw", "aliyun:audit");
        return new RecordTemplate(otherwise);
    }
}

/// <summary>Sink <c>splunk-hec</c>: Splunk's HTTP Event Collector.</summary>
/// <remarks>
/// Without <c>ack</c> a 200 says only that the events look valid: the sink is lossy. With it a record is accepted once an indexer has it; what is not
/// acknowledged in time goes again, under the same id. Splunk removes no duplicates: search with <c>| dedup event_id</c>.
/// Source: Splunk, "Format events for HTTP Event Collector" and "About HTTP Event Collector Indexer Acknowledgment"; reply codes: <see cref="HecReply"/>.
/// </remarks>
public sealed class SplunkHec : ISink
{
    private readonly SplunkHecOptions options;

    // Of this sink alone: the numbers of acknowledgements count within a channel.
    private readonly Guid channel = Guid.NewGuid();
    private readonly HttpExchange exchange;
    private readonly HttpDelivery delivery;
    private readonly HecAcks acks;
    private bool acknowledges;

    /// <summary>Takes checked options.</summary>
    public SplunkHec(SplunkHecOptions options, TimeProvider time)
    {
        this.options = options;
        var target = options.Target with
        {
            Address = options.Raw ? RawAddress(options) : options.At("services/collector/event"),
            BytesBesideRecord = RecordId.MostLength + 256,
            Cookies = options.Acknowledges,
        };
        exchange = new HttpExchange(target, time);
        delivery = new HttpDelivery(target, exchange);
        acks = new HecAcks(options, channel, exchange, time);
    }

    /// <summary>Formats that the collector carries: JSON objects as such, every other text as a string.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json", "ocsf", "raw", "cef", "leef", "rfc5424", "rfc3164"];

    /// <inheritdoc/>
    public string Name => "splunk-hec";

    /// <inheritdoc/>
    public bool Acknowledges => options.Acknowledges;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        if (options.Acknowledges && !acknowledges && batch.Count > 0)
        {
            if (await acks.TryAsync(cancel) is { } problem)
            {
                return new DeliveryReport(batch.Count, problem);
            }

            acknowledges = true;
        }

        var taken = new HecRequests(options, channel, exchange);
        var report = await delivery.SendAsync(batch, taken, cancel);
        if (taken.Open.Count == 0)
        {
            return report;
        }

        var open = taken.Open.Keys.ToHashSet();
        await acks.WaitAsync(open, cancel);
        var late = exchange.Again(
            $"its indexers did not acknowledge within {options.AckTimeout.TotalSeconds:0} s",
            after: null
        );
        foreach (var number in open)
        {
            report.Set(taken.Open[number].Start, taken.Open[number].Count, late);
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose() => exchange.Dispose();

    private static Uri RawAddress(SplunkHecOptions options)
    {
        (string Name, RecordTemplate Value)[] facts =
        [
            ("index", options.Index),
            ("sourcetype", options.SourceType),
            ("source", options.Source),
            ("host", options.Host),
        ];
        var query = facts
            .Where(fact => fact.Value.Text.Length > 0)
            .Select(fact => $"{fact.Name}={Uri.EscapeDataString(fact.Value.Text)}");
        return options.At($"services/collector/raw?{string.Join('&', query)}");
    }
}
