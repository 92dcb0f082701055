using System.Net;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>sentinel</c>.</summary>
public sealed record SentinelOptions
{
    /// <summary>Most bytes of one call, packed or not.</summary>
    /// <remarks>Source: Azure Monitor service limits, Logs Ingestion API: 1 MB a call.</remarks>
    public const int MostBytes = 1_000_000;

    /// <summary>The data collection endpoint, or the logs endpoint of the rule. 1,000 records, 1,000,000 bytes and 30 s at most by default, packed.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>Immutable id of the data collection rule: <c>dcr-</c> and hex digits.</summary>
    public required string Rule { get; init; }

    /// <summary>Stream of the rule: <c>Custom-…</c> or <c>Microsoft-…</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>Application (client) id of the app registration.</summary>
    public required string Client { get; init; }

    /// <summary>Secret of the app registration.</summary>
    public required Secret ClientSecret { get; init; }

    /// <summary>Token endpoint of the tenant.</summary>
    public required Uri TokenAddress { get; init; }

    /// <summary>Scope of the token.</summary>
    public required string Scope { get; init; }

    /// <summary>Reads the options of a destination.</summary>
    /// <remarks>Assumed: the addresses of the Chinese cloud, login.partner.microsoftonline.cn and monitor.azure.cn.</remarks>
    public static SentinelOptions From(OptionReader options)
    {
        var china = options.Choice("cloud", "global", "china");
        var target = HttpTarget.From(
            options,
            new HttpTarget(new Uri("https://logaudit-x1y2.westeurope-1.ingest.monitor.azure.com"))
            {
                MaxRecords = 1_000,
                MostBytes = MostBytes,
                Gzip = true,
            }
        );
        var tenant = options.Required("tenant", IsName, "id or domain of the tenant", "contoso.example.com");
        var authority = china ? "https://login.partner.microsoftonline.cn" : "https://login.microsoftonline.com";
        return new SentinelOptions
        {
            Target = target,
            Rule = options.Required("rule", IsName, "immutable id of the rule", "dcr-000a00a000a00000a000000aa000a0aa"),
            Stream = options.Required(
                "stream",
                text => IsName(text) && text.Contains('-', StringComparison.Ordinal),
                "Custom-TABLE or Microsoft-TABLE",
                "Custom-AliyunAudit_CL"
            ),
            Client = options.Required(
                "client",
                IsName,
                "application (client) id",
                "00000000-0000-0000-0000-000000000000"
            ),
            ClientSecret = options.RequiredSecret("client-secret"),
            TokenAddress = options.Address(
                "token-address",
                new Uri($"{authority}/{tenant}/oauth2/v2.0/token"),
                HttpTarget.IsAllowed,
                HttpTarget.AllowedAddress
            ),
            Scope = options.Text(
                "scope",
                china ? "https://monitor.azure.cn/.default" : "https://monitor.azure.com/.default",
                text => text.Length <= 200,
                "up to 200 characters",
                "https://monitor.azure.com/.default"
            ),
        };
    }

    // What stands in a path without escaping.
    private static bool IsName(string text) =>
        text.Length <= 128 && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.');
}

/// <summary>Sink <c>sentinel</c>: Microsoft Sentinel through the Logs Ingestion API of Azure Monitor.</summary>
/// <remarks>
/// A stream has columns: <c>TimeGenerated</c> (datetime), <c>EventId</c>, <c>Account</c>, <c>Product</c>, <c>LogKind</c> (string) and <c>Record</c>
/// (dynamic, the record). The service cuts a field behind 64 KB without a word: such a record is refused here. It removes no duplicates: query with
/// <c>summarize take_any(*) by EventId</c>. Source: Microsoft, Logs Ingestion API in Azure Monitor.
/// </remarks>
public sealed class Sentinel : ISink, IHttpDialect
{
    // Assumed: counted in bytes.
    private const int MostFieldBytes = 64 * 1024;

    private readonly HttpExchange exchange;
    private readonly AccessTokens tokens;
    private readonly HttpDelivery delivery;

    /// <summary>Takes checked options.</summary>
    public Sentinel(SentinelOptions options, TimeProvider time)
    {
        var root = options.Target.Address.AbsoluteUri.TrimEnd('/');
        var target = options.Target with
        {
            Address = new Uri(
                $"{root}/dataCollectionRules/{options.Rule}/streams/{options.Stream}?api-version=2023-01-01"
            ),
            BytesBesideRecord = RecordId.MostLength + 256,
            MaxRecordBytes = MostFieldBytes,
        };
        KeyValuePair<string, string>[] grant =
        [
            new("grant_type", "client_credentials"),
            new("client_id", options.Client),
            new("client_secret", options.ClientSecret.Reveal()),
            new("scope", options.Scope),
        ];
        exchange = new HttpExchange(target, time);
        tokens = new AccessTokens(options.Target with { Address = options.TokenAddress }, _ => grant, time);
        delivery = new HttpDelivery(target, exchange, tokens);
    }

    /// <summary>Formats that a stream carries.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json", "ocsf", "raw"];

    /// <inheritdoc/>
    public string Name => "sentinel";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    string IHttpDialect.ContentType => "application/json";

    /// <inheritdoc/>
    public Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel) =>
        delivery.SendAsync(batch, this, cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        exchange.Dispose();
        tokens.Dispose();
    }

    void IHttpDialect.WriteBody(BatchRun run, PooledBuffer body)
    {
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            var facts = run.Batch.Facts(index);
            body.Append(index == run.Start ? "[{\"TimeGenerated\":\""u8 : ",{\"TimeGenerated\":\""u8);
            body.Advance(Timestamps.Write(facts.TimeNanos, body.GetSpan(Timestamps.MostLength), mostDigits: 6));
            body.Append("\",\"EventId\":\""u8);
            body.Append(run.Batch.Id(index));
            body.Append("\",\"Account\":\""u8);
            body.AppendEscaped(run.Batch.Account(index));
            body.Append("\",\"Product\":\""u8);
            body.AppendEscaped(facts.Mapping.ProductName);
            body.Append("\",\"LogKind\":\""u8);
            body.AppendEscaped(facts.Mapping.LogKind);
            body.Append("\",\"Record\":"u8);
            body.Append(run.Batch.Body(index).Span);
            body.Append((byte)'}');
        }

        body.Append((byte)']');
    }

    void IHttpDialect.AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers) { }

    ValueTask<RunOutcome> IHttpDialect.ReadAsync(BatchRun run, HttpResponseMessage answer, CancellationToken cancel) =>
        ValueTask.FromResult<RunOutcome>(
            new RunOutcome.Whole(
                answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.NoContent
                    ? exchange.Again("it answered 2xx but not 204, which is how the API accepts", after: null)
                    : exchange.ByStatus(answer, run.Count)
            )
        );
}
