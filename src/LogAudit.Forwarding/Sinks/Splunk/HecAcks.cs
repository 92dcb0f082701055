using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>Asks Splunk which requests its indexers have stored.</summary>
/// <remarks>
/// The collector's 200 says only that the events look valid; they may be lost until an indexer has them. A status is given as true once and forgotten then;
/// false means not yet, or unknown. Source: Splunk, "About HTTP Event Collector Indexer Acknowledgment".
/// </remarks>
internal sealed class HecAcks(SplunkHecOptions options, Guid channel, HttpExchange exchange, TimeProvider time)
{
    private const int MostAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostPause = TimeSpan.FromSeconds(5);

    private readonly Uri address = options.At($"services/collector/ack?channel={channel}");

    /// <summary>Finds out, before any record is sent, whether the token gives acknowledgements: without them every try would store the records once more.</summary>
    /// <returns>Why records cannot be sent; null when they can.</returns>
    public async Task<RecordOutcome.Retry?> TryAsync(CancellationToken cancel)
    {
        using var request = Request([0]);
        var exchanged = await exchange.SendAsync(
            request,
            async (answer, limit) =>
            {
                var reply = await HecReply.ReadAsync(answer, limit);
                return reply.AsksForSettings ? reply.For(answer, count: 0, options, exchange) : null;
            },
            cancel
        );
        return exchanged.Failure ?? (exchanged.Result as RunOutcome.Whole)?.Outcome as RecordOutcome.Retry;
    }

    /// <summary>Waits until every request is acknowledged or the time for it is over.</summary>
    /// <param name="open">Numbers of the requests; on return those that were not acknowledged.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task WaitAsync(HashSet<long> open, CancellationToken cancel)
    {
        var end = time.GetUtcNow() + options.AckTimeout;
        for (var pause = FirstPause; ; pause = pause * 2 < MostPause ? pause * 2 : MostPause)
        {
            await AskAsync(open, cancel);
            if (open.Count == 0 || time.GetUtcNow() + pause > end)
            {
                return;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    // An answer that fails or cannot be read acknowledges nothing; the next one may.
    private async Task AskAsync(HashSet<long> open, CancellationToken cancel)
    {
        using var request = Request(open);
        var exchanged = await exchange.SendAsync(
            request,
            (answer, limit) => JsonAnswer.ReadAsync(answer, MostAnswerBytes, limit),
            cancel
        );
        using var json = exchanged.Result;
        if (
            json is null
            || json.RootElement.ValueKind != JsonValueKind.Object
            || !json.RootElement.TryGetProperty("acks", out var acks)
            || acks.ValueKind != JsonValueKind.Object
        )
        {
            return;
        }

        foreach (var ack in acks.EnumerateObject())
        {
            if (
                ack.Value.ValueKind == JsonValueKind.True
                && long.TryParse(ack.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
            {
                open.Remove(number);
            }
        }
    }

    private HttpRequestMessage Request(IEnumerable<long> numbers)
    {
        var list = string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes($"{{\"acks\":[{list}]}}")),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        options.Authorize(request.Headers, channel);
        return request;
    }
}
