using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LogAudit.Sls;

/// <summary>What is signed: a request with its headers, names in lower case.</summary>
internal sealed record SignedRequest(
    string Method,
    string Path,
    IReadOnlyList<(string Name, string Value)> Query,
    IReadOnlyDictionary<string, string> Headers
)
{
    /// <summary>The headers that every scheme signs.</summary>
    public IEnumerable<KeyValuePair<string, string>> ServiceHeaders =>
        Headers.Where(header =>
            header.Key.StartsWith("x-log-", StringComparison.Ordinal)
            || header.Key.StartsWith("x-acs-", StringComparison.Ordinal)
        );

    public string HeaderOr(string name, string otherwise) => Headers.GetValueOrDefault(name, otherwise);
}

/// <summary>Signature version 4, <c>SLS4-HMAC-SHA256</c>.</summary>
/// <remarks>The list of signed headers is not sent: the service derives it, so every <c>x-log-</c> and <c>x-acs-</c> header that is sent is signed.</remarks>
internal static class SignatureV4
{
    /// <summary>SHA-256 of no bytes.</summary>
    public const string EmptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public static string Authorization(Credentials credentials, RegionId region, SignedRequest request)
    {
        var date = request.Headers["x-log-date"];
        var scope = $"{date[..8]}/{region}/sls/aliyun_v4_request";
        var text = $"SLS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Utf8(Canonical(request))))}";
        var key = Hmac(Utf8("aliyun_v4" + credentials.AccessKeySecret.Reveal()), date[..8]);
        key = Hmac(Hmac(Hmac(key, region.Value), "sls"), "aliyun_v4_request");
        return $"SLS4-HMAC-SHA256 Credential={credentials.AccessKeyId}/{scope},Signature={Hex(Hmac(key, text))}";
    }

    public static string Date(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    internal static string Canonical(SignedRequest request)
    {
        var headers = request
            .ServiceHeaders.Concat(request.Headers.Where(header => header.Key is "host" or "content-type"))
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .ToList();
        var text = new StringBuilder()
            .Append(request.Method)
            .Append('\n')
            .Append(request.Path)
            .Append('\n')
            .AppendJoin(
                '&',
                request
                    .Query.OrderBy(one => one.Name, StringComparer.Ordinal)
                    .Select(one => one.Value.Length == 0 ? one.Name : $"{one.Name}={Uri.EscapeDataString(one.Value)}")
            )
            .Append('\n');
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }

        return text.Append('\n')
            .AppendJoin(';', headers.Select(header => header.Key))
            .Append('\n')
            .Append(request.Headers["x-log-content-sha256"])
            .ToString();
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Utf8(text));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>Signature version 1, <c>LOG</c>, with the digest that <c>x-log-signaturemethod</c> names.</summary>
internal static class SignatureV1
{
    public static string Authorization(Credentials credentials, SignedRequest request)
    {
        var key = Encoding.UTF8.GetBytes(credentials.AccessKeySecret.Reveal());
        var text = Encoding.UTF8.GetBytes(StringToSign(request));
        var digest = request.Headers["x-log-signaturemethod"] switch
        {
            "hmac-sha256" => HMACSHA256.HashData(key, text),
#pragma warning disable CA5350 // The scheme's own digest; version 4 is the default.
            "hmac-sha1" => HMACSHA1.HashData(key, text),
#pragma warning restore CA5350
            var other => throw new ArgumentException(
                $"'{other}' is not a signature method: hmac-sha1 and hmac-sha256 are."
            ),
        };
        return $"LOG {credentials.AccessKeyId}:{Convert.ToBase64String(digest)}";
    }

    /// <summary>Upper-case hexadecimal MD5 of the bytes on the wire.</summary>
    public static string ContentMd5(ReadOnlySpan<byte> body) =>
#pragma warning disable CA5351 // The header that the scheme asks for.
        Convert.ToHexString(MD5.HashData(body));
#pragma warning restore CA5351

    public static string Date(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);

    internal static string StringToSign(SignedRequest request)
    {
        var text = new StringBuilder()
            .Append(request.Method)
            .Append('\n')
            .Append(request.HeaderOr("content-md5", ""))
            .Append('\n')
            .Append(request.HeaderOr("content-type", ""))
            .Append('\n')
            .Append(request.HeaderOr("date", ""))
            .Append('\n');
        foreach (var (name, value) in request.ServiceHeaders.OrderBy(header => header.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(':').Append(value.Trim()).Append('\n');
        }

        text.Append(request.Path);
        return request.Query.Count == 0
            ? text.ToString()
            : text.Append('?')
                .AppendJoin(
                    '&',
                    request
                        .Query.OrderBy(one => one.Name, StringComparer.Ordinal)
                        .Select(one => $"{one.Name}={one.Value}")
                )
                .ToString();
    }
}
