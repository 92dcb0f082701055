using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>webhook</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Where batches are posted. <c>https://</c>; <c>http://</c> only for a loopback address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Signs every request; null sends without a signature. <c>whsec_</c> and Base64, or any text.</summary>
    public Secret? SigningSecret { get; init; }

    /// <summary>Value of the <c>Authorization</c> header; null for none.</summary>
    public Secret? Authorization { get; init; }

    /// <summary>Trust of the TLS connection.</summary>
    public TlsTrust Trust { get; init; } = new(null, null, null);

    /// <summary>Time for one request. Default 30 s.</summary>
    /// <value>1–600 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most records of one request. Default 500.</summary>
    /// <value>1–10,000.</value>
    public int MaxRecords { get; init; } = 500;

    /// <summary>Most bytes of one request. Default 1,000,000. A single larger record is still tried, alone.</summary>
    /// <value>1,000–100,000,000.</value>
    public int MaxBytes { get; init; } = 1_000_000;

    /// <summary>Whether the body is one record per line (<c>ndjson</c>) instead of a JSON array.</summary>
    public bool Lines { get; init; }

    /// <summary>Reads the options of a destination.</summary>
    public static WebhookOptions From(OptionReader options) =>
        new()
        {
            Address =
                options.Address(
                    "address",
                    uri =>
                        (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
                        && uri.UserInfo.Length == 0
                        && !string.Equals(uri.Host, "100.100.100.200", StringComparison.Ordinal),
                    "an https:// address without user name (http:// only on a loopback address)",
                    "https://soc.example.com/logs"
                ) ?? new Uri("https://invalid/"),
            SigningSecret = options.Secret("secret"),
            Authorization = options.Secret("authorization"),
            Trust = TlsTrust.From(options),
            Timeout = TimeSpan.FromSeconds(options.Whole("timeout-seconds", 30, 1, 600)),
            MaxRecords = (int)options.Whole("max-records", 500, 1, 10_000),
            MaxBytes = (int)options.Whole("max-bytes", 1_000_000, 1_000, 100_000_000),
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
/// <c>webhook-signature</c> (<c>v1,</c> and Base64 of HMAC-SHA256 over <c>id.timestamp.body</c>). Source: standardwebhooks.com.
/// <list type="table">
/// <item><term>2xx</term><description>accepted</description></item>
/// <item><term>413, 400, 422 and other 4xx about the content</term><description>the batch is halved until the one bad record is alone; that one is rejected</description></item>
/// <item><term>401, 403, 404, 405, 407, 408, 410, 421, 425, 426, 429</term><description>about us or the moment, not about the record: sent again</description></item>
/// <item><term>3xx, 5xx, no answer</term><description>sent again, Retry-After honoured; redirects are not followed, they would carry the signature elsewhere</description></item>
/// </list>
/// </remarks>
public sealed class Webhook : ISink
{
    private readonly WebhookOptions options;
    private readonly TimeProvider time;
    private readonly byte[] key;
    private readonly HttpClient http;

    /// <summary>Takes checked options.</summary>
    public Webhook(WebhookOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        key = SigningKey(options.SigningSecret);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = options.Trust.Options(options.Address.Host),
        };
        http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Formats that a webhook carries.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json"];

    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        // Runs of records still to send, the next on top; a run that the receiver refuses goes back in halves.
        var runs = new Stack<(int Start, int Count)>();
        for (var start = 0; start < batch.Count; )
        {
            while (runs.Count == 0 && start < batch.Count)
            {
                var count = Fitting(batch, start);
                runs.Push((start, count));
                start += count;
            }

            while (runs.TryPop(out var run))
            {
                var outcome = await PostAsync(batch, run.Start, run.Count, cancel);
                if (outcome is RecordOutcome.Reject && run.Count > 1)
                {
                    var half = run.Count / 2;
                    runs.Push((run.Start + half, run.Count - half));
                    runs.Push((run.Start, half));
                    continue;
                }

                report.Set(run.Start, run.Count, outcome);
                if (outcome is RecordOutcome.Retry)
                {
                    // What follows would meet the same receiver; it counts as not accepted for the same reason.
                    report.Set(run.Start, batch.Count - run.Start, outcome);
                    return report;
                }
            }
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private int Fitting(EncodedBatch batch, int start)
    {
        var (count, bytes) = (0, 2);
        while (start + count < batch.Count && count < options.MaxRecords)
        {
            bytes += batch.Body(start + count).Length + 1;
            if (count > 0 && bytes > options.MaxBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private async Task<RecordOutcome> PostAsync(EncodedBatch batch, int start, int count, CancellationToken cancel)
    {
        using var body = new PooledBuffer(Math.Min(options.MaxBytes, 64 * 1024));
        WriteBody(batch, start, count, body);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Address)
        {
            Content = new ReadOnlyMemoryContent(body.Memory),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(
            options.Lines ? "application/x-ndjson" : "application/json"
        );
        Sign(request, BatchId(batch, start, count), body.Written);
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Outcome(answer, count);
        }
        catch (HttpRequestException fault)
        {
            return Again($"{fault.Message} {fault.InnerException?.Message}".TrimEnd(), after: null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Again(
                string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Timeout.TotalSeconds:0} s"),
                after: null
            );
        }
    }

    private RecordOutcome Outcome(HttpResponseMessage answer, int count)
    {
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
        {
            return RecordOutcome.Accepted.Value;
        }

        if (status is < 400 or >= 500 || IsAboutUs(answer.StatusCode))
        {
            return Again(
                string.Create(CultureInfo.InvariantCulture, $"it answered HTTP {status}"),
                RetryAfter(answer.Headers.RetryAfter)
            );
        }

        return new RecordOutcome.Reject(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The receiver {options.Address.Host} refused {count} record(s) with HTTP {status}."
            )
        );
    }

    private static bool IsAboutUs(HttpStatusCode status) =>
        status
            is HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.NotFound
                or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.ProxyAuthenticationRequired
                or HttpStatusCode.RequestTimeout
                or HttpStatusCode.Gone
                or HttpStatusCode.MisdirectedRequest
                or (HttpStatusCode)425
                or HttpStatusCode.UpgradeRequired
                or HttpStatusCode.TooManyRequests;

    private RecordOutcome.Retry Again(string said, TimeSpan? after) =>
        new(
            $"Posting to {options.Address.Host}:{options.Address.Port} failed: {said}. Check the address, the secret and the receiver.",
            after
        );

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var after = header?.Delta ?? header?.Date - time.GetUtcNow();
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }

    private void WriteBody(EncodedBatch batch, int start, int count, PooledBuffer body)
    {
        if (!options.Lines)
        {
            body.Append((byte)'[');
        }

        for (var index = start; index < start + count; index++)
        {
            if (index > start && !options.Lines)
            {
                body.Append((byte)',');
            }

            body.Append(batch.Body(index).Span);
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

    private void Sign(HttpRequestMessage request, string id, ReadOnlySpan<byte> body)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        if (options.Authorization is { } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization.Reveal());
        }

        if (options.SigningSecret is not null)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(Encoding.ASCII.GetBytes($"{id}.{timestamp}."));
            hmac.AppendData(body);
            request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(hmac.GetHashAndReset())}");
        }
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
