using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Records of a batch that go in one request.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Start">First record.</param>
/// <param name="Count">Records.</param>
internal readonly record struct BatchRun(EncodedBatch Batch, int Start, int Count);

/// <summary>What a receiver said of a run.</summary>
internal abstract record RunOutcome
{
    private RunOutcome() { }

    /// <summary>The same of every record. A refused run of several records goes again in halves, until the bad one is alone.</summary>
    public sealed record Whole(RecordOutcome Outcome) : RunOutcome;

    /// <summary>One outcome for each record, in order.</summary>
    public sealed record Each(IReadOnlyList<RecordOutcome> Outcomes) : RunOutcome;
}

/// <summary>How a receiver is spoken to: what a request holds, and what an answer means.</summary>
internal interface IHttpDialect
{
    /// <summary>MIME type of a body.</summary>
    string ContentType { get; }

    /// <summary>Writes the body of a run.</summary>
    void WriteBody(BatchRun run, PooledBuffer body);

    /// <summary>Sets the headers of a try.</summary>
    void AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers);

    /// <summary>Reads an answer, whatever its status.</summary>
    ValueTask<RunOutcome> ReadAsync(BatchRun run, HttpResponseMessage answer, CancellationToken cancel);
}

/// <summary>Where and within which limits requests are sent.</summary>
internal sealed record HttpTarget(Uri Address, TlsTrust Trust, TimeSpan Timeout, int MaxRecords, int MaxBytes)
{
    /// <summary>Bytes that a dialect adds to each record.</summary>
    public int BytesBesideRecord { get; init; } = 1;

    /// <summary>Reads <c>address</c>: an <c>https://</c> one, <c>http://</c> only on this machine, and never the address at which machines get their credentials.</summary>
    public static Uri AddressFrom(OptionReader options, string example) =>
        options.Address(
            "address",
            uri =>
                (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
                && uri.UserInfo.Length == 0
                && !string.Equals(uri.Host, "100.100.100.200", StringComparison.Ordinal),
            "an https:// address without user name (http:// only on a loopback address)",
            example
        ) ?? new Uri("https://invalid/");
}

/// <summary>Posts batches: in runs within the limits, one after the other, until a run is not accepted.</summary>
internal sealed class HttpDelivery : IDisposable
{
    private readonly HttpTarget target;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public HttpDelivery(HttpTarget target, TimeProvider time)
    {
        (this.target, this.time) = (target, time);
        // Redirects are not followed: they would carry secrets and records elsewhere.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = target.Trust.Options(target.Address.Host),
        };
        http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a batch.</summary>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, IHttpDialect dialect, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        // Runs still to send, the next on top; a run that the receiver refuses goes back in halves.
        var runs = new Stack<BatchRun>();
        for (var start = 0; start < batch.Count; )
        {
            var fitting = Fitting(batch, start);
            runs.Push(fitting);
            start += fitting.Count;
            while (runs.TryPop(out var run))
            {
                var outcome = await PostAsync(run, dialect, cancel);
                if (outcome is RunOutcome.Whole { Outcome: RecordOutcome.Reject } && run.Count > 1)
                {
                    var half = run.Count / 2;
                    runs.Push(run with { Start = run.Start + half, Count = run.Count - half });
                    runs.Push(run with { Count = half });
                    continue;
                }

                if (Note(report, run, outcome) is { } again)
                {
                    // What follows would meet the same receiver; it counts as not accepted for the same reason.
                    report.Set(run.Start + run.Count, batch.Count - run.Start - run.Count, again);
                    return report;
                }
            }
        }

        return report;
    }

    /// <summary>What a status means that says nothing of single records.</summary>
    /// <remarks>
    /// <list type="table">
    /// <item><term>2xx</term><description>accepted</description></item>
    /// <item><term>401, 403, 404, 405, 407, 408, 410, 421, 425, 426, 429</term><description>about us or the moment, not about the record: sent again</description></item>
    /// <item><term>another 4xx</term><description>refused</description></item>
    /// <item><term>3xx, 5xx</term><description>sent again, Retry-After honoured</description></item>
    /// </list>
    /// </remarks>
    public RecordOutcome ByStatus(HttpResponseMessage answer, int count)
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
                $"The receiver {target.Address.Host} refused {count} record(s) with HTTP {status}."
            )
        );
    }

    /// <summary>An outcome for records that are sent again.</summary>
    public RecordOutcome.Retry Again(string said, TimeSpan? after) =>
        new(
            $"Posting to {target.Address.Host}:{target.Address.Port} failed: {said}. Check the address, the secret and the receiver.",
            after
        );

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    /// <summary>Notes an outcome; gives the reason to stop where a record of the run is to be sent again.</summary>
    private static RecordOutcome.Retry? Note(DeliveryReport report, BatchRun run, RunOutcome outcome)
    {
        if (outcome is RunOutcome.Whole whole)
        {
            report.Set(run.Start, run.Count, whole.Outcome);
            return whole.Outcome as RecordOutcome.Retry;
        }

        var each = ((RunOutcome.Each)outcome).Outcomes;
        for (var index = 0; index < run.Count; index++)
        {
            report[run.Start + index] = each[index];
        }

        return each.OfType<RecordOutcome.Retry>().FirstOrDefault();
    }

    private BatchRun Fitting(EncodedBatch batch, int start)
    {
        var (count, bytes) = (0, 2);
        while (start + count < batch.Count && count < target.MaxRecords)
        {
            bytes += batch.Body(start + count).Length + target.BytesBesideRecord;
            if (count > 0 && bytes > target.MaxBytes)
            {
                break;
            }

            count++;
        }

        return new BatchRun(batch, start, count);
    }

    private async Task<RunOutcome> PostAsync(BatchRun run, IHttpDialect dialect, CancellationToken cancel)
    {
        using var body = new PooledBuffer(Math.Min(target.MaxBytes, 64 * 1024));
        dialect.WriteBody(run, body);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address)
        {
            Content = new ReadOnlyMemoryContent(body.Memory),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(dialect.ContentType);
        dialect.AddHeaders(run, body.Written, request.Headers);
        using var limit = new CancellationTokenSource(target.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await dialect.ReadAsync(run, answer, either.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return new RunOutcome.Whole(
                Again($"{fault.Message} {fault.InnerException?.Message}".TrimEnd(), after: null)
            );
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new RunOutcome.Whole(
                Again(
                    string.Create(CultureInfo.InvariantCulture, $"no answer within {target.Timeout.TotalSeconds:0} s"),
                    after: null
                )
            );
        }
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

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var after = header?.Delta ?? header?.Date - time.GetUtcNow();
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }
}
