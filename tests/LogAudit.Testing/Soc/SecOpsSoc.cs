using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace LogAudit.Testing;

/// <summary>A strict receiver of the Chronicle API's <c>logs.import</c>, and Google's token endpoint, which checks the assertion of a service account.</summary>
/// <remarks>Written from Google's description of the API and of server-to-server OAuth 2.0.</remarks>
public sealed class SecOpsSoc : IAsyncDisposable
{
    public const string Parent = "projects/p-1/locations/us/instances/i-1/logTypes/ALIYUN_AUDIT";
    public const string Forwarder = "projects/p-1/locations/us/instances/i-1/forwarders/f-1";
    private const string Email = "logaudit@p-1.iam.gserviceaccount.example.com";
    private const string KeyId = "key-1";
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly RSA key = RSA.Create(2048);
    private readonly HttpSoc http;
    private readonly TimeProvider time;
    private readonly Func<SocRequest, SocAnswer?>? mood;

    /// <summary>Starts listening.</summary>
    /// <param name="tokenPrefix">What access tokens begin with.</param>
    /// <param name="mood">Decides on a whole request; null lets it through.</param>
    /// <param name="time">The clock by which assertions and tokens expire.</param>
    public SecOpsSoc(string tokenPrefix, Func<SocRequest, SocAnswer?>? mood = null, TimeProvider? time = null)
    {
        (this.mood, this.time) = (mood, time ?? TimeProvider.System);
        http = new HttpSoc(Answer);
        Tokens = new TokenSoc(Check, this.time) { Prefix = tokenPrefix };
    }

    public TokenSoc Tokens { get; }

    public Uri Address => new(http.Address.GetLeftPart(UriPartial.Authority));

    public IReadOnlyCollection<SocRequest> Requests => http.Requests;

    /// <summary>The key file of the service account.</summary>
    public string KeyFile =>
        new JsonObject
        {
            ["type"] = "service_account",
            ["client_email"] = Email,
            ["private_key_id"] = KeyId,
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["token_uri"] = Tokens.Address.AbsoluteUri,
        }.ToJsonString();

    /// <summary>Logs in the order in which they were taken: the text, and when it happened.</summary>
    public ConcurrentQueue<(string Text, DateTimeOffset Time)> Logs { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await http.DisposeAsync();
        await Tokens.DisposeAsync();
        key.Dispose();
    }

    private string? Check(IReadOnlyDictionary<string, string> form)
    {
        if (form.GetValueOrDefault("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer")
        {
            return "unsupported_grant_type";
        }

        var parts = form["assertion"].Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var signature = Base64Url.DecodeFromChars(parts[2]);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var (issued, expires) = ((long)claims["iat"]!, (long)claims["exp"]!);
        return
            (string?)header["alg"] == "RS256"
            && (string?)header["kid"] == KeyId
            && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            && (string?)claims["iss"] == Email
            && (string?)claims["aud"] == Tokens.Address.AbsoluteUri
            && (string?)claims["scope"] == Scope
            && issued <= now + 60
            && expires > now
            && expires - issued <= 3600
            ? null
            : "invalid_grant";
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

        if (request.Path != $"/v1alpha/{Parent}/logs:import")
        {
            return new SocAnswer(404);
        }

        var source = JsonNode.Parse(request.Text)!["inlineSource"]!.AsObject();
        if (source["forwarder"] is { } forwarder && (string?)forwarder != Forwarder)
        {
            return new SocAnswer(400);
        }

        foreach (var log in source["logs"]!.AsArray())
        {
            var (happened, collected) = (Time(log!["logEntryTime"]), Time(log["collectionTime"]));
            if (collected <= happened)
            {
                return new SocAnswer(400);
            }

            Logs.Enqueue((Encoding.UTF8.GetString(Convert.FromBase64String((string)log["data"]!)), happened));
        }

        return new SocAnswer(200) { Body = "{}" };
    }

    private static DateTimeOffset Time(JsonNode? text) =>
        DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture, DateTimeStyles.None);
}
