using System.Text.Json;

namespace LogAudit.Testing;

/// <summary>A signed request that an official client sent, or that official documentation shows.</summary>
/// <param name="Id">Its name in <c>protocol-vectors.json</c>.</param>
/// <param name="Scheme">Signature scheme, for example <c>ACS3-HMAC-SHA256</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Headers">Headers as sent; names as sent.</param>
/// <param name="Body">Body as sent.</param>
/// <param name="Key">Made-up key that signed; with the token only where the request carries one.</param>
/// <param name="CanonicalRequest">The canonical request; empty for schemes without one.</param>
/// <param name="StringToSign">The string to sign.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Authorization">The header; empty for schemes that sign in a parameter.</param>
public sealed record SignatureVector(
    string Id,
    string Scheme,
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    Credentials Key,
    string CanonicalRequest,
    string StringToSign,
    string Signature,
    string Authorization
)
{
    private static readonly Lazy<IReadOnlyList<SignatureVector>> Read = new(ReadAll);

    /// <summary>All vectors of a scheme; at least one.</summary>
    public static IReadOnlyList<SignatureVector> Of(string scheme)
    {
        var found = Read.Value.Where(vector => vector.Scheme == scheme).ToList();
        return found.Count > 0 ? found : throw new ArgumentException($"no vector has the scheme {scheme}");
    }

    /// <summary>One vector.</summary>
    public static SignatureVector Named(string id) => Read.Value.Single(vector => vector.Id == id);

    /// <summary>The whole document, for the vectors that are no signatures.</summary>
    public static JsonDocument Document()
    {
        using var stream = typeof(SignatureVector).Assembly.GetManifestResourceStream("protocol-vectors.json")!;
        return JsonDocument.Parse(stream);
    }

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static List<SignatureVector> ReadAll()
    {
        using var document = Document();
        var shared = document.RootElement.GetProperty("credentials");
        return
        [
            .. document
                .RootElement.GetProperty("vectors")
                .EnumerateArray()
                .Where(vector => vector.TryGetProperty("request", out _))
                .Select(vector => From(vector, shared)),
        ];
    }

    private static SignatureVector From(JsonElement vector, JsonElement shared)
    {
        var request = vector.GetProperty("request");
        var key = vector.TryGetProperty("credentials", out var own) ? own : shared;
        var headers = request
            .GetProperty("headers")
            .EnumerateObject()
            .ToDictionary(header => header.Name, header => header.Value.GetString()!, StringComparer.OrdinalIgnoreCase);
        var token = headers
            .FirstOrDefault(header => header.Key.EndsWith("-security-token", StringComparison.OrdinalIgnoreCase))
            .Value;
        return new(
            Text(vector, "id"),
            Text(vector, "scheme"),
            Text(request, "method"),
            Text(request, "target"),
            headers,
            Convert.FromBase64String(Text(request, "bodyBase64")),
            new(
                Text(key, "accessKeyId"),
                new Secret(Text(key, "accessKeySecret")),
                token is null ? null : new Secret(token),
                Expires: null
            ),
            Text(vector, "canonicalRequest"),
            Text(vector, "stringToSign"),
            Text(vector, "signature"),
            Text(vector, "authorization")
        );
    }

    private static string Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
