using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LogAudit.OpenApi;

/// <summary>Signature <c>OSS4-HMAC-SHA256</c> of Object Storage Service. Pure.</summary>
/// <remarks>Source: github aliyun/alibabacloud-oss-go-sdk-v2, oss/signer/v4.go; proved by recorded requests of the official client.</remarks>
internal static class Oss4
{
    private const string Algorithm = "OSS4-HMAC-SHA256";

    /// <summary>The value of <c>x-oss-date</c>.</summary>
    public static string Date(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="resource">Percent-encoded <c>/{bucket}/{key}</c>, with the bucket although it stands in the host; <c>/</c> for the service.</param>
    /// <param name="query">Percent-encoded query, sorted by name, empty values without <c>=</c>.</param>
    /// <param name="headers">Headers of the request; those that are signed are picked here.</param>
    /// <param name="region">Region without the prefix <c>oss-</c>.</param>
    /// <param name="key">AccessKey that signs.</param>
    public static string Authorization(
        string method,
        string resource,
        string query,
        IReadOnlyCollection<KeyValuePair<string, string>> headers,
        string region,
        Credentials key
    )
    {
        var date = headers.First(header => header.Key.Equals("x-oss-date", StringComparison.OrdinalIgnoreCase)).Value;
        var scope = $"{date.AsSpan(0, 8)}/{region}/oss/aliyun_v4_request";
        var canonical = Encoding.UTF8.GetBytes(Canonical(method, resource, query, headers));
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(canonical))}";
        var signing = Encoding.UTF8.GetBytes($"aliyun_v4{key.AccessKeySecret.Reveal()}");
        foreach (var part in scope.Split('/'))
        {
            signing = HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(part));
        }

        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(toSign)));
        return $"{Algorithm} Credential={key.AccessKeyId}/{scope},Signature={signature}";
    }

    /// <summary>The canonical request; no additional headers are signed.</summary>
    internal static string Canonical(
        string method,
        string resource,
        string query,
        IEnumerable<KeyValuePair<string, string>> headers
    )
    {
        var text = new StringBuilder().Append(method).Append('\n').Append(resource).Append('\n');
        text.Append(query).Append('\n');
        foreach (
            var (name, value) in headers
                .Select(header => new KeyValuePair<string, string>(header.Key.ToLowerInvariant(), header.Value.Trim()))
                .Where(header =>
                    header.Key is "content-type" or "content-md5"
                    || header.Key.StartsWith("x-oss-", StringComparison.Ordinal)
                )
                .OrderBy(header => header.Key, StringComparer.Ordinal)
        )
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        return text.Append("\n\nUNSIGNED-PAYLOAD").ToString();
    }
}
