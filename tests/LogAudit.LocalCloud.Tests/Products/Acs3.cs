using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

/// <summary>A small signer of ACS3-HMAC-SHA256, written from the protocol page and not from the kernel's verifier.</summary>
internal static class Acs3
{
    /// <summary>Calls an RPC action.</summary>
    public static async Task<(int Status, JObject Body)> CallAsync(
        HttpClient http,
        AccessKey key,
        string host,
        string version,
        string action,
        IReadOnlyList<(string Name, string Value)> parameters
    )
    {
        using var response = await SendAsync(http, key, host, version, action, HttpMethod.Post, "/", parameters, []);
        return ((int)response.StatusCode, JObject.Parse(await response.Content.ReadAsStringAsync()));
    }

    /// <summary>Sends any signed request; further headers are not signed.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient http,
        AccessKey key,
        string host,
        string version,
        string action,
        HttpMethod method,
        string path,
        IReadOnlyList<(string Name, string Value)> parameters,
        byte[] body,
        params IReadOnlyList<(string Name, string Value)> furtherHeaders
    )
    {
        var query = string.Join(
            '&',
            parameters.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{Encode(p.Name)}={Encode(p.Value)}")
        );
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = host,
            ["x-acs-action"] = action,
            ["x-acs-version"] = version,
            ["x-acs-date"] = TimeProvider
                .System.GetUtcNow()
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["x-acs-signature-nonce"] = Guid.NewGuid().ToString("N"),
            ["x-acs-content-sha256"] = Hex(SHA256.HashData(body)),
        };
        if (body.Length > 0)
        {
            headers["content-type"] = body[0] == '{' ? "application/json; charset=utf-8" : "application/octet-stream";
        }
        if (key.Session is { } session)
        {
            headers["x-acs-security-token"] = session.Token;
            headers["x-acs-accesskey-id"] = key.Id;
        }
        var names = string.Join(';', headers.Keys);
        var canonical =
            $"{method}\n{path}\n{query}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{headers["x-acs-content-sha256"]}";
        var toSign = "ACS3-HMAC-SHA256\n" + Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var signature = Hex(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Secret), Encoding.UTF8.GetBytes(toSign)));
        using var request = new HttpRequestMessage(method, query.Length == 0 ? path : $"{path}?{query}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"ACS3-HMAC-SHA256 Credential={key.Id},SignedHeaders={names},Signature={signature}"
        );
        foreach (var (name, value) in furtherHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        request.Content = new ByteArrayContent(body);
        if (headers.TryGetValue("content-type", out var contentType))
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        return await http.SendAsync(request);
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
