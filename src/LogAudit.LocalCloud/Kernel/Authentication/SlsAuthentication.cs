using System.Security.Cryptography;
using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Proves who signed a request of SLS: v1 with SHA-1 or SHA-256, v4.</summary>
internal static class SlsAuthentication
{
    private const string V4 = "SLS4-HMAC-SHA256";

    /// <exception cref="CloudError">With the status and <c>errorCode</c> of SLS.</exception>
    public static Caller Authenticate(CloudRequest request)
    {
        var authorization =
            request.Header("Authorization")
            ?? throw new CloudError(401, "Unauthorized", "Authorization header is missing.");
        if (request.Header("x-log-apiversion") is not { Length: > 0 } version)
        {
            throw new CloudError(400, "MissingAPIVersion", "x-log-apiversion does not exist in http header.");
        }
        if (version != "0.6.0")
        {
            throw new CloudError(400, "InvalidAPIVersion", $"version {version} is not supported.");
        }
        return authorization.StartsWith(V4 + " ", StringComparison.Ordinal) ? AuthenticateV4(request, authorization)
            : authorization.StartsWith("LOG ", StringComparison.Ordinal) ? AuthenticateV1(request, authorization)
            : throw new CloudError(401, "Unauthorized", "Authorization is of an unknown scheme.");
    }

    private static Caller AuthenticateV1(CloudRequest request, string authorization)
    {
        var parts = authorization["LOG ".Length..].Split(':', 2);
        if (parts.Length != 2)
        {
            throw new CloudError(401, "Unauthorized", "Authorization must read: LOG AccessKeyId:Signature.");
        }
        if (request.Header("Date") is not { Length: > 0 } date && request.Header("x-log-date") is null)
        {
            throw new CloudError(400, "MissingDate", "Date does not exist in http header.");
        }
        if (!Signatures.TryHttpDate(request.Header("Date"), out var time))
        {
            throw new CloudError(400, "InvalidDateFormat", "Date must follow RFC 822 format.");
        }
        var method =
            request.Header("x-log-signaturemethod")
            ?? throw new CloudError(
                400,
                "MissingSignatureMethod",
                "x-log-signaturemethod does not exist in http header."
            );
        if (method is not ("hmac-sha1" or "hmac-sha256"))
        {
            throw new CloudError(400, "InvalidSignatureMethod", $"signature method {method} is not supported.");
        }
        if (
            !request.Body.IsEmpty
            && !string.Equals(Md5Hex(request.Body), request.Header("Content-MD5"), StringComparison.OrdinalIgnoreCase)
        )
        {
            throw new CloudError(400, "PostBodyInvalid", "Content-MD5 is not the hash of the body.");
        }
        var key = FindKey(request, parts[0], time);
        var matches = StringsToSignV1(request).Any(text => Signatures.Same(SignV1(text, key.Secret, method), parts[1]));
        return matches ? Caller.Of(key, request.SourceIp, request.Secure) : throw Mismatch();
    }

    /// <summary>The string to sign; a second form where the wire has a parameter without value.</summary>
    public static IEnumerable<string> StringsToSignV1(CloudRequest request)
    {
        yield return StringToSignV1(request, p => p.HasEquals ? $"{p.Name}={p.Value}" : p.Name);
        if (request.Query.Any(p => !p.HasEquals))
        {
            yield return StringToSignV1(request, p => $"{p.Name}={p.Value}");
        }
    }

    public static string SignV1(string stringToSign, string secret, string method) =>
        method == "hmac-sha256"
            ? Convert.ToBase64String(Signatures.Hmac256(secret, stringToSign))
            : Signatures.Hmac1Base64(secret, stringToSign);

    private static string StringToSignV1(CloudRequest request, Func<WireParameter, string> form)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        foreach (var name in (string[])["Content-MD5", "Content-Type", "Date"])
        {
            text.Append(request.Header(name)).Append('\n');
        }
        foreach (var name in SignedNames(request))
        {
            text.Append(name).Append(':').Append(request.Header(name)).Append('\n');
        }
        text.Append(request.RawPath);
        if (request.Query.Count > 0)
        {
            text.Append('?').AppendJoin('&', request.Query.OrderBy(p => p.Name, StringComparer.Ordinal).Select(form));
        }
        return text.ToString();
    }

    private static Caller AuthenticateV4(CloudRequest request, string authorization)
    {
        var fields = authorization[(V4.Length + 1)..]
            .Split(',')
            .Select(part => part.Trim().Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var credential = fields.GetValueOrDefault("Credential", "").Split('/');
        if (
            credential is not [var keyId, var day, var region, "sls", "aliyun_v4_request"]
            || !fields.TryGetValue("Signature", out var signature)
        )
        {
            throw new CloudError(
                401,
                "Unauthorized",
                "Authorization lacks Credential or Signature, or its scope is not date/region/sls/aliyun_v4_request."
            );
        }
        var date = request.Header("x-log-date");
        if (!Signatures.TryTime(date, "yyyyMMdd'T'HHmmss'Z'", out var time))
        {
            throw new CloudError(400, "InvalidDateFormat", "x-log-date must read yyyyMMddTHHmmssZ.");
        }
        var hash = request.Header("x-log-content-sha256") ?? "";
        var trusted = hash == Signatures.Sha256Hex(ReadOnlySpan<byte>.Empty);
        if (!trusted && !Signatures.Same(Signatures.Sha256Hex(request.Body.Span), hash))
        {
            throw new CloudError(400, "PostBodyInvalid", "x-log-content-sha256 is not the hash of the body.");
        }
        var key = FindKey(request, keyId, time);
        var scope = $"{day}/{region}/sls/aliyun_v4_request";
        var derived = Signatures.DerivedKey(key.Secret, day, region, "sls");
        foreach (var encode in (Func<string, string>[])[WireEncoding.Strict, NpmValue])
        {
            var stringToSign =
                $"{V4}\n{date}\n{scope}\n{Signatures.Sha256Hex(CanonicalRequestV4(request, hash, encode))}";
            if (Signatures.Same(Convert.ToHexStringLower(Signatures.Hmac256(derived, stringToSign)), signature))
            {
                return Caller.Of(key, request.SourceIp, request.Secure);
            }
        }
        throw Mismatch();
    }

    /// <summary>Canonical request of v4; the value encoding is the strict one or that of the npm gateway, which leaves <c>! ' ( )</c>.</summary>
    public static string CanonicalRequestV4(CloudRequest request, string bodyHash, Func<string, string> encode)
    {
        var names = SignedNames(request)
            .Concat(
                request
                    .Headers.Keys.Select(name => name.ToLowerInvariant())
                    .Where(name => name is "host" or "content-type")
            )
            .Order(StringComparer.Ordinal)
            .ToList();
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n').Append(request.RawPath).Append('\n');
        text.AppendJoin(
            '&',
            request
                .Query.OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => p.Value.Length == 0 ? p.Name : $"{p.Name}={encode(p.Value)}")
        );
        text.Append('\n');
        foreach (var name in names)
        {
            text.Append(name)
                .Append(':')
                .Append(name == "host" ? request.HostHeader : request.Header(name))
                .Append('\n');
        }
        return text.Append('\n').AppendJoin(';', names).Append('\n').Append(bodyHash).ToString();
    }

    internal static string NpmValue(string text) => WireEncoding.Encode(text, "-_.~!'()");

    private static IEnumerable<string> SignedNames(CloudRequest request) =>
        request
            .Headers.Keys.Select(name => name.ToLowerInvariant())
            .Where(name =>
                name.StartsWith("x-log-", StringComparison.Ordinal)
                || name.StartsWith("x-acs-", StringComparison.Ordinal)
            )
            .Order(StringComparer.Ordinal);

    private static AccessKey FindKey(CloudRequest request, string keyId, DateTimeOffset time)
    {
        if (Signatures.IsSkewed(request.Cloud, time))
        {
            throw new CloudError(
                400,
                "RequestTimeExpired",
                "The time of the request is more than 15 minutes away from the time of the server."
            );
        }
        var key = request.Cloud.Keys.Find(keyId);
        if (key is null || !key.Active)
        {
            throw new CloudError(401, "InvalidAccessKeyId", $"AccessKeyId not found: {keyId}");
        }
        if (key.Session is { } session)
        {
            if (!Signatures.Same(session.Token, request.Header("x-acs-security-token") ?? ""))
            {
                throw new CloudError(401, "Unauthorized", "The security token you provided is invalid.");
            }
            if (request.Cloud.Clock.GetUtcNow() >= session.ExpiresAt)
            {
                throw new CloudError(401, "Unauthorized", "The security token you provided has expired.");
            }
        }
        return key;
    }

    private static CloudError Mismatch() => new(401, "SignatureNotMatch", "signature does not match.");

#pragma warning disable CA5351 // The protocol asks for MD5 as a checksum.
    private static string Md5Hex(ReadOnlyMemory<byte> body) => Convert.ToHexString(MD5.HashData(body.Span));
#pragma warning restore CA5351
}
