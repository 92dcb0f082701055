using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

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
    /// <item><term>401, 403, 404, 405, 407, 408, 410, 415, 421, 425, 426, 429</term><description>about us or the moment, not about the record: sent again</description></item>
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
        using var packed = target.Gzip ? Pack(body) : null;
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address)
        {
            Content = new ReadOnlyMemoryContent((packed ?? body).Memory),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(dialect.ContentType);
        if (packed is not null)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

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

    // Fastest: its time comes off the hot path.
    private static PooledBuffer Pack(PooledBuffer body)
    {
        var packed = new PooledBuffer((body.Length / 4) + 1024);
        using var gzip = new GZipStream(new BufferStream(packed), CompressionLevel.Fastest);
        gzip.Write(body.Written);
        return packed;
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
                or HttpStatusCode.UnsupportedMediaType
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
