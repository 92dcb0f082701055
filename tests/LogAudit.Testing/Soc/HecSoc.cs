using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogAudit.Testing;

/// <summary>An event that Splunk's collector keeps.</summary>
/// <param name="Event">The event, or a line of <c>/raw</c>.</param>
/// <param name="Facts">Time, host, source, sourcetype, index and fields as they were sent; of a line those of its request.</param>
public sealed record HecEvent(string Event, JsonObject Facts);

/// <summary>A strict receiver of Splunk's HTTP Event Collector: tokens, channels, event by event checks, acknowledgements.</summary>
/// <remarks>Written from the description of the collector and its table of reply codes.</remarks>
public sealed class HecSoc : IAsyncDisposable
{
    private static readonly string[] Known = ["time", "host", "source", "sourcetype", "index", "event", "fields"];

    private readonly HttpSoc http;
    private readonly Func<SocRequest, SocAnswer?>? mood;
    private readonly Action<HecEvent> stored;
    private readonly ConcurrentDictionary<(string Channel, long Ack), int> asked = new();
    private readonly ConcurrentDictionary<string, long> acks = new();

    /// <summary>Starts listening.</summary>
    /// <param name="mood">Decides on a whole request; null lets it through.</param>
    /// <param name="stored">Gets what is stored, which is not kept then; null keeps it in <see cref="Events"/>.</param>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="port">Where; 0 takes any free one.</param>
    public HecSoc(
        Func<SocRequest, SocAnswer?>? mood = null,
        Action<HecEvent>? stored = null,
        SocTls? tls = null,
        int port = 0
    )
    {
        this.mood = mood;
        this.stored = stored ?? Events.Enqueue;
        http = new HttpSoc(Answer, tls, port) { Keeps = stored is null };
    }

    /// <summary>The token that is valid.</summary>
    public required string Token { get; init; }

    /// <summary>Whether the token is switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whether the token gives acknowledgements, and so asks for channels.</summary>
    public bool GivesAcks { get; init; }

    /// <summary>Indexes that the token may write; null for any.</summary>
    public string[]? Indexes { get; init; }

    /// <summary>Code with which an event is refused that passed every check; 0 takes it.</summary>
    public Func<string, int> Judge { get; init; } = _ => 0;

    /// <summary>Whether refusals name the first bad event.</summary>
    public bool NamesBadEvent { get; init; } = true;

    /// <summary>How many times an acknowledgement is asked for before an indexer has the events; less than 0 means never.</summary>
    public Func<long, int> AsksUntilIndexed { get; init; } = _ => 2;

    public Uri Address => new(http.Address.GetLeftPart(UriPartial.Authority));

    /// <summary>What listens, to be disturbed.</summary>
    public SocListener Listener => http.Listener;

    public IReadOnlyCollection<SocRequest> Requests => http.Requests;

    /// <summary>What the collector took, in order.</summary>
    public ConcurrentQueue<HecEvent> Events { get; } = new();

    public ValueTask DisposeAsync() => http.DisposeAsync();

    /// <summary>An answer of the collector.</summary>
    public static SocAnswer Says(int status, int code, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject { ["text"] = "said by the collector", ["code"] = code };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return new SocAnswer(status) { Body = body.ToJsonString() };
    }

    private SocAnswer Answer(SocRequest request) =>
        Refusal(request) is { } refused ? refused
        : mood?.Invoke(request) is { } moody ? moody
        : request.Path.Split('?')[0] switch
        {
            "/services/collector/event" => Take(request, Read(request.Text)),
            "/services/collector/raw" => Take(request, Lines(request)),
            "/services/collector/ack" => Acknowledge(request),
            _ => new SocAnswer(404)
            {
                Body = """{"text":"The requested URL was not found on this server.","code":404}""",
            },
        };

    private SocAnswer? Refusal(SocRequest request)
    {
        if (request.Path.Contains("token=", StringComparison.Ordinal))
        {
            return Says(400, 16);
        }

        if (!request.Headers.TryGetValue("Authorization", out var authorization))
        {
            return Says(401, 2);
        }

        if (!authorization.StartsWith("Splunk ", StringComparison.Ordinal))
        {
            return Says(401, 3);
        }

        return authorization["Splunk ".Length..] != Token ? Says(403, 4)
            : Disabled ? Says(403, 1)
            : null;
    }

    private SocAnswer Take(SocRequest request, List<(JsonNode? Event, int Problem)> events)
    {
        var channel = request.Headers.GetValueOrDefault("X-Splunk-Request-Channel", "");
        if (GivesAcks && !Guid.TryParse(channel, out _))
        {
            return Says(400, channel.Length == 0 ? 10 : 11);
        }

        if (events.Count == 0)
        {
            return Says(400, 5);
        }

        for (var index = 0; index < events.Count; index++)
        {
            if (events[index].Problem != 0)
            {
                return NamesBadEvent
                    ? Says(400, events[index].Problem, ("invalid-event-number", index))
                    : Says(400, events[index].Problem);
            }

            var facts = events[index].Event!.AsObject();
            var one = facts["event"]!;
            stored(new HecEvent(one is JsonValue ? (string)one! : one.ToJsonString(), facts));
        }

        if (!GivesAcks)
        {
            return Says(200, 0);
        }

        var ack = acks.AddOrUpdate(channel, 0, (_, last) => last + 1);
        asked[(channel, ack)] = 0;
        return Says(200, 0, ("ackId", ack));
    }

    private SocAnswer Acknowledge(SocRequest request)
    {
        if (!GivesAcks)
        {
            return Says(400, 14);
        }

        var channel = request.Path.Split("channel=")[1];
        var answer = new JsonObject();
        foreach (var number in JsonNode.Parse(request.Text)!["acks"]!.AsArray().Select(one => (long)one!))
        {
            // Told once as true, and forgotten then.
            var indexed =
                asked.TryGetValue((channel, number), out var asks)
                && AsksUntilIndexed(number) is var needed and >= 0
                && asks + 1 >= needed;
            if (indexed)
            {
                asked.TryRemove((channel, number), out _);
            }
            else if (asked.ContainsKey((channel, number)))
            {
                asked[(channel, number)] = asks + 1;
            }

            answer[number.ToString(CultureInfo.InvariantCulture)] = indexed;
        }

        return new SocAnswer(200) { Body = new JsonObject { ["acks"] = answer }.ToJsonString() };
    }

    private static List<(JsonNode? Event, int Problem)> Lines(SocRequest request)
    {
        var facts = request
            .Path.Split('?')[1]
            .Split('&')
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        return
        [
            .. request
                .Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                {
                    var one = new JsonObject { ["event"] = line };
                    foreach (var (name, value) in facts)
                    {
                        one[name] = value;
                    }

                    return ((JsonNode?)one, 0);
                }),
        ];
    }

    // Objects one behind the other; reading ends at the first that cannot be taken.
    private List<(JsonNode? Event, int Problem)> Read(string text)
    {
        var events = new List<(JsonNode? Event, int Problem)>();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length; )
        {
            if (bytes[at] is (byte)'\n' or (byte)' ')
            {
                at++;
                continue;
            }

            var reader = new Utf8JsonReader(bytes.AsSpan(at));
            try
            {
                var one = JsonNode.Parse(ref reader);
                at += (int)reader.BytesConsumed;
                events.Add((one, Problem(one)));
            }
            catch (JsonException)
            {
                events.Add((null, 6));
                return events;
            }
        }

        return events;
    }

    private int Problem(JsonNode? node)
    {
        if (
            node is not JsonObject one
            || one.Any(member => !Known.Contains(member.Key))
            || one["time"] is not JsonValue time
            || time.GetValueKind() != JsonValueKind.Number
        )
        {
            return 6;
        }

        return !one.ContainsKey("event") ? 12
            : one["event"] is null || (one["event"] is JsonValue text && text.ToString().Length == 0) ? 13
            : one["index"] is { } index && Indexes is not null && !Indexes.Contains(index.ToString()) ? 7
            : one["fields"] is { } fields && !IsFlat(fields) ? 15
            : Judge(one["event"]!.ToJsonString());
    }

    private static bool IsFlat(JsonNode fields) =>
        fields is JsonObject members
        && members.All(member => member.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String);
}
