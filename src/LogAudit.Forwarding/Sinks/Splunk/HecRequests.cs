using System.Globalization;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>The requests of one batch to Splunk's HTTP Event Collector, and the acknowledgements that they wait for.</summary>
internal sealed class HecRequests(SplunkHecOptions options, Guid channel, HttpExchange exchange) : IHttpDialect
{
    /// <summary>Requests that the collector took and that no indexer has acknowledged yet, by the number to ask with.</summary>
    public Dictionary<long, BatchRun> Open { get; } = [];

    public string ContentType => options.Raw ? "text/plain" : "application/json";

    public void AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers) =>
        options.Authorize(headers, channel);

    public void WriteBody(BatchRun run, PooledBuffer body)
    {
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            if (options.Raw)
            {
                body.Append(run.Batch.Body(index).Span);
            }
            else
            {
                WriteEvent(run.Batch, index, body);
            }

            body.Append((byte)'\n');
        }
    }

    public async ValueTask<RunOutcome> ReadAsync(BatchRun run, HttpResponseMessage answer, CancellationToken cancel)
    {
        var reply = await HecReply.ReadAsync(answer, cancel);
        var outcome = reply.For(answer, run.Count, options, exchange);
        if (!options.Acknowledges || outcome is not RunOutcome.Whole { Outcome: RecordOutcome.Accepted })
        {
            return outcome;
        }

        if (reply.AckId is not { } number)
        {
            return new RunOutcome.Whole(exchange.Again("its answer has no ackId to ask with", after: null));
        }

        // A number that comes twice within a channel can stand for one request only: the other one is not proven.
        return Open.TryAdd(number, run)
            ? outcome
            : new RunOutcome.Whole(exchange.Again("it gave one ackId twice", after: null));
    }

    private void WriteEvent(EncodedBatch batch, int index, PooledBuffer body)
    {
        body.Append("{\"time\":"u8);
        WriteSeconds(batch.Facts(index).TimeNanos, body);
        WriteText("host"u8, options.Host, batch, index, body);
        WriteText("source"u8, options.Source, batch, index, body);
        WriteText("sourcetype"u8, options.SourceType, batch, index, body);
        WriteText("index"u8, options.Index, batch, index, body);
        body.Append(",\"event\":"u8);
        var record = batch.Body(index).Span;
        if (record is [(byte)'{', ..])
        {
            body.Append(record);
        }
        else
        {
            body.Append((byte)'"');
            body.AppendEscaped(record);
            body.Append((byte)'"');
        }

        // Indexed, so that | dedup event_id and a search for an account need not read the event.
        body.Append(",\"fields\":{\"event_id\":\""u8);
        body.Append(batch.Id(index));
        if (!batch.Account(index).IsEmpty)
        {
            body.Append("\",\"account\":\""u8);
            body.AppendEscaped(batch.Account(index));
        }

        body.Append("\"}}"u8);
    }

    private static void WriteText(
        ReadOnlySpan<byte> name,
        RecordTemplate template,
        EncodedBatch batch,
        int index,
        PooledBuffer body
    )
    {
        if (template.IsEmptyFor(batch, index))
        {
            return;
        }

        body.Append(",\""u8);
        body.Append(name);
        body.Append("\":\""u8);
        template.Write(batch, index, body);
        body.Append((byte)'"');
    }

    // Seconds since 1970 with milliseconds, as Splunk keeps them.
    private static void WriteSeconds(long nanos, PooledBuffer body)
    {
        var millis = Math.Max(nanos, 0) / 1_000_000;
        var span = body.GetSpan(32);
        (millis / 1000).TryFormat(span, out var whole, provider: CultureInfo.InvariantCulture);
        span[whole] = (byte)'.';
        (millis % 1000).TryFormat(span[(whole + 1)..], out var rest, "D3", CultureInfo.InvariantCulture);
        body.Advance(whole + 1 + rest);
    }
}
