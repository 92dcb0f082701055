using System.Security.Cryptography;
using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>ROA signature V1: <c>Authorization: acs {key}:{signature}</c>.</summary>
internal static class RoaV1Signature
{
    public static SignedRequest Read(CloudRequest request)
    {
        var credentials = request.Header("Authorization")!["acs ".Length..].Split(':', 2);
        if (credentials.Length != 2)
        {
            throw new CloudError(400, "InvalidAuthorization", "Authorization must read: acs AccessKeyId:Signature.");
        }
        if (!Signatures.TryHttpDate(request.Header("Date"), out var time))
        {
            throw new CloudError(
                400,
                "InvalidTimeStamp.Format",
                "Specified time stamp or date value is not well formatted."
            );
        }
        var nonce =
            request.Header("x-acs-signature-nonce")
            ?? throw new CloudError(400, "MissingSignatureNonce", "x-acs-signature-nonce is mandatory.");
        if (request.Header("Content-MD5") is { Length: > 0 } md5 && !Signatures.Same(Md5(request.Body), md5))
        {
            throw new CloudError(400, "InvalidContentMD5", "Content-MD5 is not the hash of the body.");
        }
        return new(
            credentials[0],
            request.Header("x-acs-security-token"),
            time,
            nonce,
            credentials[1],
            secret => Compute(request, secret)
        );
    }

    public static (string Signature, string StringToSign) Compute(CloudRequest request, string secret)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        foreach (var name in (string[])["Accept", "Content-MD5", "Content-Type", "Date"])
        {
            text.Append(request.Header(name)).Append('\n');
        }
        foreach (
            var name in request
                .Headers.Keys.Select(n => n.ToLowerInvariant())
                .Where(n => n.StartsWith("x-acs-", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            text.Append(name).Append(':').Append(request.Header(name)).Append('\n');
        }
        text.Append(request.Path);
        if (request.Query.Count > 0)
        {
            text.Append('?')
                .AppendJoin(
                    '&',
                    request
                        .Query.OrderBy(p => p.Name, StringComparer.Ordinal)
                        .Select(p => p.HasEquals ? $"{p.Name}={p.Value}" : p.Name)
                );
        }
        var stringToSign = text.ToString();
        return (Signatures.Hmac1Base64(secret, stringToSign), stringToSign);
    }

#pragma warning disable CA5351 // The protocol asks for MD5 as a checksum.
    private static string Md5(ReadOnlyMemory<byte> body) => Convert.ToBase64String(MD5.HashData(body.Span));
#pragma warning restore CA5351
}
