using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LogAudit.Testing;

/// <summary>A message handler that answers from rules instead of the network, and remembers what was asked.</summary>
/// <remarks>The rule given last is tried first, so that a test states the normal case and then its exception. A request that no rule answers fails
/// with a message that names it. Thread-safe.</remarks>
public sealed class Exchanges : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];
    private readonly List<SeenRequest> seen = [];

    /// <summary>Every request so far, in order.</summary>
    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (gate)
            {
                return [.. seen];
            }
        }
    }

    /// <summary>Answers an OpenAPI action with JSON.</summary>
    /// <param name="action">For example <c>DescribeLoadBalancers</c>.</param>
    /// <param name="json">The body.</param>
    /// <param name="with">Parameters that must have these values; none for any.</param>
    public Exchanges Answer(string action, string json, params (string Name, string Value)[] with) =>
        On(action, _ => Reply.Json(json), with);

    /// <summary>Answers an OpenAPI action with an error.</summary>
    public Exchanges Fail(string action, int status, string code, string message = "made for a test") =>
        On(action, _ => Reply.Error(status, code, message));

    /// <summary>Answers an OpenAPI action as the test says.</summary>
    public Exchanges On(string action, Func<SeenRequest, Reply> reply, params (string Name, string Value)[] with) =>
        When(
            request =>
                string.Equals(request.Action, action, StringComparison.Ordinal)
                && with.All(pair => string.Equals(request[pair.Name], pair.Value, StringComparison.Ordinal)),
            reply
        );

    /// <summary>Answers every request that fits.</summary>
    public Exchanges When(Func<SeenRequest, bool> fits, Func<SeenRequest, Reply> reply)
    {
        lock (gate)
        {
            rules.Add(new Rule(fits, reply));
        }

        return this;
    }

    /// <summary>Answers only the next request for an action as the test says, then the rules before it go on.</summary>
    public Exchanges Once(string action, Func<SeenRequest, Reply> reply)
    {
        var used = 0;
        return When(
            request =>
                string.Equals(request.Action, action, StringComparison.Ordinal)
                && Interlocked.Exchange(ref used, 1) == 0,
            reply
        );
    }

    /// <summary>Adds the exchanges of a file: <c>{"made-from": "…", "exchanges": [{"action", "with", "status", "answer"}]}</c>; <c>recorded</c> with a date instead of <c>made-from</c>.</summary>
    public Exchanges Load(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var root = document.RootElement;
        if (!root.TryGetProperty("made-from", out _) && !root.TryGetProperty("recorded", out _))
        {
            throw new InvalidDataException($"{file} says neither made-from nor recorded");
        }

        foreach (var exchange in root.GetProperty("exchanges").EnumerateArray())
        {
            var body = exchange.GetProperty("answer").GetRawText();
            var status = exchange.TryGetProperty("status", out var number) ? number.GetInt32() : 200;
            var with = exchange.TryGetProperty("with", out var members)
                ? members.EnumerateObject().Select(member => (member.Name, member.Value.GetString() ?? "")).ToArray()
                : [];
            On(exchange.GetProperty("action").GetString() ?? "", _ => Reply.Json(body, status), with);
        }

        return this;
    }

    /// <summary>How often an action was called.</summary>
    public int Count(string action) =>
        Seen.Count(request => string.Equals(request.Action, action, StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var asked = await SeenRequest.OfAsync(request, cancellationToken);
        Func<SeenRequest, Reply>? reply;
        lock (gate)
        {
            seen.Add(asked);
            reply = rules.AsEnumerable().Reverse().FirstOrDefault(rule => rule.Fits(asked))?.Answer;
        }

        if (reply is null)
        {
            throw new InvalidOperationException($"no exchange answers {asked}");
        }

        return reply(asked).ToMessage(request);
    }

    private sealed record Rule(Func<SeenRequest, bool> Fits, Func<SeenRequest, Reply> Answer);
}

/// <summary>A request as it went out.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Host">The name in the Host header.</param>
/// <param name="Path">Path, not decoded.</param>
/// <param name="Action">OpenAPI action; empty for another protocol.</param>
/// <param name="Version">OpenAPI version; empty for another protocol.</param>
/// <param name="Parameters">Query and form, decoded.</param>
/// <param name="Headers">Headers, compared without case.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record SeenRequest(
    string Method,
    string Host,
    string Path,
    string Action,
    string Version,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    /// <summary>Names of the parameters that stood in the form body and not in the query.</summary>
    public IReadOnlySet<string> InForm { get; init; } = new HashSet<string>();

    /// <summary>A parameter; empty when it was not sent.</summary>
    public string this[string parameter] => Parameters.GetValueOrDefault(parameter, "");

    /// <summary>A parameter as a whole number.</summary>
    public int Number(string parameter) => int.Parse(this[parameter], CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Method} {Host}{Path} {Action} {string.Join('&', Parameters.Select(pair => $"{pair.Key}={pair.Value}"))}";

    internal static async Task<SeenRequest> OfAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []))
        {
            headers[name] = string.Join(',', values);
        }

        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancel);
        var uri = request.RequestUri ?? throw new InvalidOperationException("a request without an address");
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        AddPairs(uri.Query.TrimStart('?'), parameters);
        if (
            headers.GetValueOrDefault("Content-Type", "").StartsWith("application/x-www-form", StringComparison.Ordinal)
        )
        {
            AddPairs(Encoding.UTF8.GetString(body), form);
            AddPairs(Encoding.UTF8.GetString(body), parameters);
        }

        return new SeenRequest(
            request.Method.Method,
            headers.GetValueOrDefault("Host", uri.Host),
            uri.AbsolutePath,
            headers.GetValueOrDefault("x-acs-action", ""),
            headers.GetValueOrDefault("x-acs-version", ""),
            parameters,
            headers,
            body
        )
        {
            InForm = form.Keys.ToHashSet(StringComparer.Ordinal),
        };
    }

    private static void AddPairs(string text, Dictionary<string, string> to)
    {
        foreach (var pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (pair, "") : (pair[..at], pair[(at + 1)..]);
            to[WebUtility.UrlDecode(name)] = WebUtility.UrlDecode(value);
        }
    }
}

/// <summary>An answer, or the lack of one.</summary>
public sealed record Reply(int Status, byte[] Body, string ContentType)
{
    /// <summary>Headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The connection breaks: nobody knows whether the request arrived.</summary>
    public static Reply Cut { get; } = new(0, [], "");

    /// <summary>A JSON answer.</summary>
    public static Reply Json(string json, int status = 200) =>
        new(status, Encoding.UTF8.GetBytes(json), "application/json");

    /// <summary>An XML answer.</summary>
    public static Reply Xml(string xml, int status = 200) =>
        new(status, Encoding.UTF8.GetBytes(xml), "application/xml");

    /// <summary>An error of an RPC product.</summary>
    public static Reply Error(int status, string code, string message = "made for a test") =>
        Json(
            $$"""{"RequestId":"REQ-TEST","HostId":"test","Code":{{JsonSerializer.Serialize(code)}},"Message":{{JsonSerializer.Serialize(message)}}}""",
            status
        );

    internal HttpResponseMessage ToMessage(HttpRequestMessage request)
    {
        if (Status == 0)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was cut");
        }

        var message = new HttpResponseMessage((HttpStatusCode)Status)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(Body),
        };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
