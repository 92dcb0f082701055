using System.Security.Cryptography;
using System.Text;

namespace LogAudit.OpenApi;

/// <summary>Signature <c>ACS3-HMAC-SHA256</c> of OpenAPI, the same for RPC and ROA. Pure.</summary>
/// <remarks>Source: help.aliyun.com, "V3 request structure and signature"; proved by recorded requests of the official client.</remarks>
internal static class Acs3
{
    private const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>Lower-case hex SHA-256, as <c>x-acs-content-sha256</c> wants it.</summary>
    public static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Percent-encoded path.</param>
    /// <param name="query">Percent-encoded query, sorted by name.</param>
    /// <param name="headers">Headers of the request; those that are signed are picked here.</param>
    /// <param name="key">AccessKey that signs.</param>
    public static string Authorization(
        string method,
        string path,
        string query,
        IEnumerable<KeyValuePair<string, string>> headers,
        Credentials key
    )
    {
        var (canonical, signed) = Canonical(method, path, query, headers);
        var toSign = $"{Algorithm}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.AccessKeySecret.Reveal()), Encoding.UTF8.GetBytes(toSign))
        );
        return $"{Algorithm} Credential={key.AccessKeyId},SignedHeaders={signed},Signature={signature}";
    }

    /// <summary>The canonical request and the list of signed headers.</summary>
    internal static (string Request, string SignedHeaders) Canonical(
        string method,
        string path,
        string query,
        IEnumerable<KeyValuePair<string, string>> headers
    )
    {
        var signed = headers
            .Select(header => new KeyValuePair<string, string>(header.Key.ToLowerInvariant(), header.Value.Trim()))
            .Where(header =>
                header.Key is "host" or "content-type" || header.Key.StartsWith("x-acs-", StringComparison.Ordinal)
            )
            .OrderBy(header => header.Key, StringComparer.Ordinal)
            .ToArray();
        var names = string.Join(';', signed.Select(header => header.Key));
        var text = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in signed)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        var hash = signed.First(header => string.Equals(header.Key, "x-acs-content-sha256", StringComparison.Ordinal));
        return (text.Append('\n').Append(names).Append('\n').Append(hash.Value).ToString(), names);
    }
}
