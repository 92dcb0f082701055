using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace LogAudit.Testing;

/// <summary>A strict receiver of Azure Monitor's Logs Ingestion API and the token endpoint of its tenant.</summary>
/// <remarks>Written from Microsoft's description of the API and the service limits.</remarks>
public sealed class SentinelSoc : IAsyncDisposable
{
    public const string Rule = "dcr-000a00a000a00000a000000aa000a0aa";
    public const string Stream = "Custom-AliyunAudit_CL";
    public const string Client = "client-1";
    public const string Scope = "https://monitor.azure.com/.default";

    private static readonly string[] Columns = ["TimeGenerated", "EventId", "Account", "Product", "LogKind", "Record"];

    private readonly HttpSoc http;
    private readonly Func<SocRequest, SocAnswer?>? mood;

    /// <summary>Starts listening.</summary>
    /// <param name="secret">The client secret that is right.</param>
    /// <param name="mood">Decides on a whole request; null lets it through.</param>
    /// <param name="time">The clock by which tokens expire.</param>
    public SentinelSoc(string secret, Func<SocRequest, SocAnswer?>? mood = null, TimeProvider? time = null)
    {
        this.mood = mood;
        http = new HttpSoc(Answer);
        Tokens = new TokenSoc(
            form =>
                form.GetValueOrDefault("grant_type") != "client_credentials" ? "unsupported_grant_type"
                : form.GetValueOrDefault("scope") != Scope ? "invalid_scope"
                : form.GetValueOrDefault("client_id") != Client || form.GetValueOrDefault("client_secret") != secret
                    ? "invalid_client"
                : null,
            time ?? TimeProvider.System
        )
        {
            Prefix = secret,
        };
    }

    public TokenSoc Tokens { get; }

    public Uri Address => new(http.Address.GetLeftPart(UriPartial.Authority));

    public IReadOnlyCollection<SocRequest> Requests => http.Requests;

    /// <summary>Rows in the order in which they were taken.</summary>
    public ConcurrentQueue<JsonObject> Rows { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        await Tokens.DisposeAsync();
    }

    private SocAnswer Answer(SocRequest request)
    {
        if (!Tokens.Allows(request))
        {
            return new SocAnswer(401);
        }

        if (mood?.Invoke(request) is { } moody)
        {
            return moody;
        }

        if (request.Path != $"/dataCollectionRules/{Rule}/streams/{Stream}?api-version=2023-01-01")
        {
            return new SocAnswer(404);
        }

        if (request.Content.Length > 1_048_576)
        {
            return new SocAnswer(413);
        }

        if (JsonNode.Parse(request.Text) is not JsonArray { Count: > 0 } rows || !rows.All(IsRow))
        {
            return new SocAnswer(400);
        }

        foreach (var row in rows)
        {
            Rows.Enqueue(row!.AsObject());
        }

        return new SocAnswer(204);
    }

    // The service cuts a longer field silently; here that is a mistake of the sender.
    private static bool IsRow(JsonNode? node) =>
        node is JsonObject row
        && row.Select(column => column.Key).SequenceEqual(Columns)
        && DateTimeOffset.TryParseExact(
            (string?)row["TimeGenerated"],
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        )
        && row["Record"] is JsonObject record
        && Encoding.UTF8.GetByteCount(record.ToJsonString()) <= 65_536;
}
