using System.Net;
using System.Text;
using LogAudit.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace LogAudit.Sls.Tests.Calls;

/// <summary>Answers requests from a list, in order, and keeps what was asked. Its clock jumps over every pause.</summary>
internal sealed class ScriptedSls : HttpMessageHandler, IAccountCredentials, ICredentialSource
{
    public const string KeySecret = "PlantedSecret000000000000000001";
    public const string Token = "PlantedToken+/=0001";

    private readonly Queue<Func<HttpResponseMessage>> answers = new();

    public ScriptedSls() =>
        Client = new SlsClients(this, EndpointOverride.None, this, Time, new SlsOptions(), Logger).For(
            new AccountId("1000000000000001"),
            new RegionId("cn-hangzhou")
        );

    public JumpingClock Time { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1768465845));

    public SlsClient Client { get; }

    public CapturingLogger Logger { get; } = new();

    public List<Asked> Requests { get; } = [];

    public ScriptedSls Answer(string body, int status = 200, params (string Name, string Value)[] headers) =>
        Answer(Encoding.UTF8.GetBytes(body), status, headers);

    public ScriptedSls Answer(byte[] body, int status, params (string Name, string Value)[] headers)
    {
        answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return response;
        });
        return this;
    }

    public ScriptedSls Refuse(int status, string code, params (string Name, string Value)[] headers) =>
        Answer(
            $$"""{"errorCode":"{{code}}","errorMessage":"it says {{KeySecret}} and {{Token}}"}""",
            status,
            [("x-log-requestid", "6110E64B004C4034363CAAAA"), .. headers]
        );

    public ScriptedSls Fail(HttpRequestError error)
    {
        answers.Enqueue(() => throw new HttpRequestException(error, "scripted"));
        return this;
    }

    public ICredentialSource For(AccountId account) => this;

    public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
        new(new Credentials("LTAI5tEXAMPLEKEYID0001", new Secret(KeySecret), new Secret(Token), null));

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Requests.Add(
            new(
                request.Method.Method,
                request.Headers.Host!,
                request.RequestUri!.PathAndQuery,
                request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken),
                request
                    .Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
                    .ToDictionary(
                        header => header.Key.ToLowerInvariant(),
                        header => string.Join(", ", header.Value),
                        StringComparer.Ordinal
                    )
            )
        );
        return answers.TryDequeue(out var answer)
            ? answer()
            : throw new InvalidOperationException($"No answer is left for {request.Method} {request.RequestUri}.");
    }
}

internal sealed record Asked(
    string Method,
    string Host,
    string Target,
    byte[] Body,
    IReadOnlyDictionary<string, string> Headers
)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public override string ToString() => $"{Method} {Host}{Target}";
}

internal sealed class CapturingLogger : ILogger<SlsClients>
{
    private readonly FakeLogger inner = new();

    public IReadOnlyList<FakeLogRecord> Records => inner.Collector.GetSnapshot();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => inner.Log(logLevel, eventId, state, exception, formatter);
}
