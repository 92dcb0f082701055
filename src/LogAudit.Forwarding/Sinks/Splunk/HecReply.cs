using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>What Splunk's HTTP Event Collector answers.</summary>
/// <param name="Code">Its reply code; null where the answer is not one of the collector.</param>
/// <param name="AckId">Number to ask for the acknowledgement with; null where there is none.</param>
/// <param name="BadEvent">Position of the event that it could not take, from 0; null where it does not say.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HecReply(long? Code, long? AckId, long? BadEvent)
{
    private const int MostAnswerBytes = 64 * 1024;

    // Source: Splunk, "Troubleshoot HTTP Event Collector", and SplunkAdmins' table of reply codes. Assumed: 23, 26 and 27 of newer releases.
    private static readonly FrozenDictionary<long, Meaning> Meanings = new Dictionary<long, Meaning>
    {
        [0] = new(Kind.Accepted, "success"),
        [1] = new(Kind.Settings, "the token is disabled: switch it on in Splunk"),
        [2] = new(Kind.Settings, "a token is required: set token"),
        [3] = new(Kind.Settings, "the authorization is not valid: check token"),
        [4] = new(Kind.Settings, "the token is not valid: check token"),
        [5] = new(Kind.Record, "no data"),
        [6] = new(Kind.Record, "invalid data format"),
        [7] = new(Kind.Index, "incorrect index"),
        [8] = new(Kind.Busy, "internal server error"),
        [9] = new(Kind.Busy, "the server is busy"),
        [10] = new(Kind.Settings, "the channel is missing: does a proxy drop X-Splunk-Request-Channel?"),
        [11] = new(Kind.Settings, "the channel is not valid: does a proxy change X-Splunk-Request-Channel?"),
        [12] = new(Kind.Record, "the event field is required"),
        [13] = new(Kind.Record, "the event field cannot be blank"),
        [14] = new(
            Kind.Settings,
            "indexer acknowledgement is off for this token: turn it on in Splunk, or set ack: false"
        ),
        [15] = new(Kind.Record, "error in the indexed fields"),
        [16] = new(Kind.Settings, "a token in the query is not allowed: does a proxy move the header?"),
        [18] = new(Kind.Busy, "unhealthy: its queues are full"),
        [19] = new(Kind.Busy, "unhealthy: the acknowledgement service is not available"),
        [20] = new(Kind.Busy, "unhealthy: full queues, no acknowledgement service"),
        [21] = new(Kind.Settings, "the token is not valid: check token"),
        [22] = new(Kind.Settings, "the token is disabled: switch it on in Splunk"),
        [23] = new(Kind.Busy, "the server is shutting down"),
        [26] = new(Kind.Busy, "its queue is full"),
        [27] = new(Kind.Busy, "its acknowledgement channel is full"),
    }.ToFrozenDictionary();

    private enum Kind
    {
        Accepted,
        Settings,
        Busy,
        Record,
        Index,
    }

    /// <summary>Whether it says that something must be set right before anything is taken.</summary>
    public bool AsksForSettings => Code is { } code && Meanings.GetValueOrDefault(code).Kind == Kind.Settings;

    /// <summary>Reads an answer, whatever its status.</summary>
    public static async ValueTask<HecReply> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        using var json = await JsonAnswer.ReadAsync(answer, MostAnswerBytes, cancel);
        return json is null || json.RootElement.ValueKind != JsonValueKind.Object
            ? default
            : new HecReply(
                JsonAnswer.Whole(json.RootElement, "code"),
                JsonAnswer.Whole(json.RootElement, "ackId"),
                JsonAnswer.Whole(json.RootElement, "invalid-event-number")
            );
    }

    /// <summary>What it means for the records of a run. Acceptance is that of the collector, not yet of an indexer.</summary>
    /// <param name="answer">The answer that it was read from.</param>
    /// <param name="count">Records of the run.</param>
    /// <param name="options">The destination's options.</param>
    /// <param name="exchange">Words for failures.</param>
    public RunOutcome For(HttpResponseMessage answer, int count, SplunkHecOptions options, HttpExchange exchange)
    {
        if (Code is not { } code || !Meanings.TryGetValue(code, out var meaning))
        {
            // A 2xx of something that is not the collector proves nothing.
            return new RunOutcome.Whole(
                answer.IsSuccessStatusCode
                    ? exchange.Again(Said(answer, "which is not an answer of the HTTP Event Collector"), after: null)
                    : exchange.ByStatus(answer, count)
            );
        }

        var said = Said(answer, meaning.Words);
        return meaning.Kind switch
        {
            Kind.Accepted when answer.IsSuccessStatusCode => new RunOutcome.Whole(RecordOutcome.Accepted.Value),
            Kind.Record => Refused(said, count, options, exchange),
            // One index for everything is a matter of the settings; one for each product may be wrong for some of them only.
            Kind.Index when !options.Index.IsConstant => Refused(said, count, options, exchange),
            Kind.Index => new RunOutcome.Whole(
                exchange.Again(
                    $"{said}: check index '{options.Index.Text}' and the token's allowed indexes",
                    after: null
                )
            ),
            _ => new RunOutcome.Whole(exchange.Again(said, exchange.RetryAfter(answer))),
        };
    }

    // Assumed: what stands before the event that it names is indexed; with acknowledgement that counts only once it is acknowledged, and this
    // answer has no number to ask with.
    private RunOutcome Refused(string said, int count, SplunkHecOptions options, HttpExchange exchange) =>
        BadEvent is { } bad && bad >= 0 && bad < count
            ? new RunOutcome.Upto(
                (int)bad,
                options.Acknowledges ? null : RecordOutcome.Accepted.Value,
                exchange.Refused(1, said)
            )
            : new RunOutcome.Whole(exchange.Refused(count, said));

    private string Said(HttpResponseMessage answer, string words) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP {(int)answer.StatusCode}{(Code is { } code ? $", code {code}" : "")}, {words}"
        );

    private readonly record struct Meaning(Kind Kind, string Words);
}
