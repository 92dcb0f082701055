using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Posts batches: in runs within the limits, one after the other, until a run is not accepted.</summary>
/// <param name="target">Where to.</param>
/// <param name="exchange">Carries the requests.</param>
/// <param name="tokens">Access tokens, where the receiver asks for one; a token that it refuses is renewed once for each request.</param>
internal sealed class HttpDelivery(HttpTarget target, HttpExchange exchange, AccessTokens? tokens = null)
{
    /// <summary>Sends a batch.</summary>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, IHttpDialect dialect, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        // Runs still to send, the next on top; a run that the receiver refuses goes back in parts.
        var runs = new Stack<BatchRun>();
        for (var start = 0; start < batch.Count; )
        {
            if (batch.Body(start).Length > target.MaxRecordBytes)
            {
                report[start] = exchange.Oversize(batch.Body(start).Length, target.MaxRecordBytes);
                start++;
                continue;
            }

            var fitting = Fitting(batch, start);
            runs.Push(fitting);
            start += fitting.Count;
            while (runs.TryPop(out var run))
            {
                var outcome = await PostAsync(run, dialect, cancel);
                if (IsDivided(report, runs, run, outcome))
                {
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

    // Puts back in parts what may be refused because of one record in it.
    private static bool IsDivided(DeliveryReport report, Stack<BatchRun> runs, BatchRun run, RunOutcome outcome)
    {
        if (outcome is RunOutcome.Upto upto)
        {
            var (before, after) = (upto.Index, run.Count - upto.Index - 1);
            report[run.Start + upto.Index] = upto.Refused;
            Push(runs, run with { Start = run.Start + upto.Index + 1, Count = after });
            if (upto.Before is { } known)
            {
                report.Set(run.Start, before, known);
            }
            else
            {
                Push(runs, run with { Count = before });
            }

            return true;
        }

        if (outcome is RunOutcome.Whole { Outcome: RecordOutcome.Reject } && run.Count > 1)
        {
            var half = run.Count / 2;
            Push(runs, run with { Start = run.Start + half, Count = run.Count - half });
            Push(runs, run with { Count = half });
            return true;
        }

        return false;
    }

    private static void Push(Stack<BatchRun> runs, BatchRun run)
    {
        if (run.Count > 0)
        {
            runs.Push(run);
        }
    }

    /// <summary>Notes an outcome; gives the reason to stop where a record of the run is to be sent again.</summary>
    private static RecordOutcome.Retry? Note(DeliveryReport report, BatchRun run, RunOutcome outcome)
    {
        if (outcome is RunOutcome.Each each)
        {
            for (var index = 0; index < run.Count; index++)
            {
                report[run.Start + index] = each.Outcomes[index];
            }

            return each.Outcomes.OfType<RecordOutcome.Retry>().FirstOrDefault();
        }

        var whole = ((RunOutcome.Whole)outcome).Outcome;
        report.Set(run.Start, run.Count, whole);
        return whole as RecordOutcome.Retry;
    }

    private BatchRun Fitting(EncodedBatch batch, int start)
    {
        var (count, bytes) = (0, target.BytesBesideRecords);
        while (start + count < batch.Count && count < target.MaxRecords)
        {
            var record = batch.Body(start + count).Length;
            bytes += target.SizeOf(record) + target.BytesBesideRecord;
            if (count > 0 && (bytes > target.MaxBytes || record > target.MaxRecordBytes))
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
        for (var renewed = false; ; renewed = true)
        {
            var token = tokens is null ? default : await tokens.GetAsync(cancel);
            if (token.Failure is { } none)
            {
                return new RunOutcome.Whole(none);
            }

            using var request = Request(run, dialect, body, packed);
            if (token.Result is { } bearer)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer.Reveal());
            }

            var mayRenew = token.Result is not null && !renewed;
            var exchanged = await exchange.SendAsync<RunOutcome?>(
                request,
                async (answer, limit) =>
                    answer.StatusCode == HttpStatusCode.Unauthorized && mayRenew
                        ? null
                        : await dialect.ReadAsync(run, answer, limit),
                cancel
            );
            if (exchanged.Failure is { } failure)
            {
                return new RunOutcome.Whole(failure);
            }

            if (exchanged.Result is { } outcome)
            {
                return outcome;
            }

            // It may have ended between our clock and theirs.
            tokens!.Forget(token.Result!);
        }
    }

    private HttpRequestMessage Request(BatchRun run, IHttpDialect dialect, PooledBuffer body, PooledBuffer? packed)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target.Address)
        {
            Content = new ReadOnlyMemoryContent((packed ?? body).Memory),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(dialect.ContentType);
        if (packed is not null)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
        }

        dialect.AddHeaders(run, body.Written, request.Headers);
        return request;
    }

    // Fastest: its time comes off the hot path.
    private static PooledBuffer Pack(PooledBuffer body)
    {
        var packed = new PooledBuffer((body.Length / 4) + 1024);
        using var gzip = new GZipStream(new BufferStream(packed), CompressionLevel.Fastest);
        gzip.Write(body.Written);
        return packed;
    }
}
