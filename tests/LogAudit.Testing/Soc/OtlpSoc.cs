using System.Collections.Concurrent;
using Google.Protobuf;
using LogAudit.Testing.Otlp;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A strict receiver of OTLP logs over HTTP, protobuf and JSON: reads every request with Google's own parser and refuses what is unknown.</summary>
/// <remarks>Written from the OTLP specification.</remarks>
public sealed class OtlpSoc : IAsyncDisposable
{
    private static readonly JsonParser Json = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));

    private readonly HttpSoc http;
    private readonly Func<SocRequest, ExportLogsServiceRequest, SocAnswer?>? mood;
    private readonly Action<LogRecord> stored;

    /// <summary>Starts listening.</summary>
    /// <param name="mood">Decides on a request; null lets it through.</param>
    /// <param name="stored">Gets what is stored, which is not kept then; null keeps it in <see cref="Records"/>.</param>
    /// <param name="tls">For TLS; null for TCP.</param>
    /// <param name="port">Where; 0 takes any free one.</param>
    public OtlpSoc(
        Func<SocRequest, ExportLogsServiceRequest, SocAnswer?>? mood = null,
        Action<LogRecord>? stored = null,
        SocTls? tls = null,
        int port = 0
    )
    {
        this.mood = mood;
        this.stored = stored ?? Records.Enqueue;
        http = new HttpSoc(Answer, tls, port) { Keeps = stored is null };
    }

    public Uri Address => new(http.Address.GetLeftPart(UriPartial.Authority));

    /// <summary>What listens, to be disturbed.</summary>
    public SocListener Listener => http.Listener;

    public IReadOnlyCollection<SocRequest> Requests => http.Requests;

    /// <summary>What was taken, in order.</summary>
    public ConcurrentQueue<LogRecord> Records { get; } = new();

    /// <summary>Attribute of a record; null where it has none.</summary>
    public static string? Attribute(LogRecord record, string key) =>
        record.Attributes.SingleOrDefault(one => one.Key == key)?.Value.StringValue;

    /// <summary>Reads a request with Google's parser.</summary>
    public static ExportLogsServiceRequest Read(SocRequest request) =>
        request.Headers["Content-Type"] == "application/json"
            ? Json.Parse<ExportLogsServiceRequest>(request.Text)
            : ExportLogsServiceRequest.Parser.ParseFrom(request.Content);

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private SocAnswer Answer(SocRequest request)
    {
        if (request.Path != "/v1/logs")
        {
            return new SocAnswer(404);
        }

        var export = Read(request);
        if (mood?.Invoke(request, export) is { } moody)
        {
            return moody;
        }

        foreach (var record in export.ResourceLogs.SelectMany(one => one.ScopeLogs).SelectMany(one => one.LogRecords))
        {
            Assert.NotEqual(0UL, record.TimeUnixNano);
            Assert.NotEmpty(Attribute(record, "log.record.uid")!);
            stored(record);
        }

        // A full success is an empty message: of no bytes in protobuf, of two in JSON.
        var type = request.Headers["Content-Type"];
        return new SocAnswer(200, $"Content-Type: {type}") { Body = type == "application/json" ? "{}" : "" };
    }
}
