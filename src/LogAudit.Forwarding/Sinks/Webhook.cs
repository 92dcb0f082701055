using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>webhook</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Where batches are posted. 500 records and 1,000,000 bytes at most by default; packed only on wish, because not every receiver unpacks.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>Signs every request; null sends without a signature. <c>whsec_</c> and Base64, or any text.</summary>
    public Secret? SigningSecret { get; init; }

    /// <summary>Value of the <c>Authorization</c> header; null for none.</summary>
    public Secret? Authorization { get; init; }

    /// <summary>Whether the body is one record per line (<c>ndjson</c>) instead of a JSON array.</summary>
    public bool Lines { get; init; }

    /// <summary>Reads the options of a destination.</summary>
    public static WebhookOptions From(OptionReader options) =>
        new()
        {
            Target = HttpTarget.From(options, new HttpTarget(new Uri("https://soc.example.com/logs"))),
            SigningSecret = options.Secret("secret"),
            Authorization = options.Secret("authorization"),
            Lines = string.Equals(
                options.Text("body", "array", text => text is "array" or "ndjson", "array or ndjson", "array"),
                "ndjson",
                StringComparison.Ordinal
            ),
        };
}

/// <summary>Sink <c>webhook</c>: posts batches of JSON records, signed after Standard Webhooks.</summary>
/// <remarks>
/// Headers <c>webhook-id</c> (the same on every retry of the same records), <c>webhook-timestamp</c> (Unix seconds of this try) and
/// <c>webhook-signature</c> (<c>v1,</c> and Base64 of HMAC-SHA256 over <c>id.timestamp.body</c>, the body before it is packed: most frameworks unpack before the handler sees it). Source: standardwebhooks.com.
/// Of the answer only the status is read: see <see cref="HttpExchange.ByStatus"/>. A refused batch is halved until the one bad record is alone.
/// </remarks>
public sealed class Webhook : ISink, IHttpDialect
{
    private readonly WebhookOptions options;
    private readonly TimeProvider time;
    private readonly byte[] key;
    private readonly HttpExchange exchange;
    private readonly HttpDelivery delivery;

    /// <summary>Takes checked options.</summary>
    public Webhook(WebhookOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        key = SigningKey(options.SigningSecret);
        exchange = new HttpExchange(options.Target, time);
        delivery = new HttpDelivery(options.Target, exchange);
    }

    /// <summary>Formats that a webhook carries.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json", "ocsf", "raw"];

    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    string IHttpDialect.ContentType => options.Lines ? "application/x-ndjson" : "application/json";

    /// <inheritdoc/>
    public Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel) =>
        delivery.SendAsync(batch, this, cancel);

    /// <inheritdoc/>
    public void Dispose() => exchange.Dispose();

    ValueTask<RunOutcome> IHttpDialect.ReadAsync(BatchRun run, HttpResponseMessage answer, CancellationToken cancel) =>
        ValueTask.FromResult<RunOutcome>(new RunOutcome.Whole(exchange.ByStatus(answer, run.Count)));

    void IHttpDialect.WriteBody(BatchRun run, PooledBuffer body)
    {
        if (!options.Lines)
        {
            body.Append((byte)'[');
        }

        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            if (index > run.Start && !options.Lines)
            {
                body.Append((byte)',');
            }

            body.Append(run.Batch.Body(index).Span);
            if (options.Lines)
            {
                body.Append((byte)'\n');
            }
        }

        if (!options.Lines)
        {
            body.Append((byte)']');
        }
    }

    void IHttpDialect.AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers)
    {
        var id = BatchId(run.Batch, run.Start, run.Count);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        headers.Add("webhook-id", id);
        headers.Add("webhook-timestamp", timestamp);
        if (options.Authorization is { } authorization)
        {
            headers.TryAddWithoutValidation("Authorization", authorization.Reveal());
        }

        if (options.SigningSecret is not null)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(Encoding.ASCII.GetBytes($"{id}.{timestamp}."));
            hmac.AppendData(body);
            headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}");
        }
    }

    // From the ids of its records: the same records give the same id on every try, in this process or the next.
    private static string BatchId(EncodedBatch batch, int start, int count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var index = start; index < start + count; index++)
        {
            hash.AppendData(batch.Id(index));
            hash.AppendData("\n"u8);
        }

        return $"batch_{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}";
    }

    private static byte[] SigningKey(Secret? secret)
    {
        var text = secret?.Reveal() ?? "";
        var encoded = text.StartsWith("whsec_", StringComparison.Ordinal) ? text["whsec_".Length..] : "";
        var key = new byte[encoded.Length];
        return encoded.Length > 0 && Convert.TryFromBase64String(encoded, key, out var length)
            ? key[..length]
            : Encoding.UTF8.GetBytes(text);
    }
}
