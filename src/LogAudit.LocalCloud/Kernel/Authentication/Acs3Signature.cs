using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Signature V3, <c>ACS3-HMAC-SHA256</c>.</summary>
internal static class Acs3Signature
{
    private const string Algorithm = "ACS3-HMAC-SHA256";

    public static SignedRequest Read(CloudRequest request)
    {
        var authorization = request.Header("Authorization")!;
        if (!authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw new CloudError(400, "InvalidSignatureMethod", $"LocalCloud knows of the V3 family only {Algorithm}.");
        }
        var fields = authorization[(Algorithm.Length + 1)..]
            .Split(',')
            .Select(part => part.Trim().Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (
            !fields.TryGetValue("Credential", out var keyId)
            || !fields.TryGetValue("SignedHeaders", out var names)
            || !fields.TryGetValue("Signature", out var signature)
        )
        {
            throw new CloudError(
                400,
                "InvalidAuthorization",
                "Authorization lacks Credential, SignedHeaders or Signature."
            );
        }
        if (!Signatures.TryTime(request.Header("x-acs-date"), "yyyy-MM-dd'T'HH:mm:ss'Z'", out var time))
        {
            throw new CloudError(
                400,
                "InvalidTimeStamp.Format",
                "Specified time stamp or date value is not well formatted."
            );
        }
        var signedNames = names.Split(';');
        DemandSigned(request, signedNames);
        var nonce =
            request.Header("x-acs-signature-nonce")
            ?? throw new CloudError(400, "MissingSignatureNonce", "x-acs-signature-nonce is mandatory.");
        var hash = request.Header("x-acs-content-sha256") ?? "";
        if (!Signatures.Same(Signatures.Sha256Hex(request.Body.Span), hash))
        {
            throw new CloudError(400, "SignatureDoesNotMatch", "x-acs-content-sha256 is not the hash of the body.");
        }
        return new(
            keyId,
            request.Header("x-acs-security-token"),
            time,
            nonce,
            signature,
            secret => Compute(request, signedNames, hash, secret)
        );
    }

    /// <summary>Signature and string to sign.</summary>
    public static (string Signature, string StringToSign) Compute(
        CloudRequest request,
        IReadOnlyList<string> signedNames,
        string bodyHash,
        string secret
    )
    {
        var stringToSign = $"{Algorithm}\n{Signatures.Sha256Hex(CanonicalRequest(request, signedNames, bodyHash))}";
        return (Convert.ToHexStringLower(Signatures.Hmac256(secret, stringToSign)), stringToSign);
    }

    public static string CanonicalRequest(CloudRequest request, IReadOnlyList<string> signedNames, string bodyHash)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n').Append(WireEncoding.StrictPath(request.Path)).Append('\n');
        text.AppendJoin(
            '&',
            request
                .Query.OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => $"{WireEncoding.Strict(p.Name)}={WireEncoding.Strict(p.Value)}")
        );
        text.Append('\n');
        foreach (var name in signedNames)
        {
            text.Append(name)
                .Append(':')
                .Append(name == "host" ? request.HostHeader : request.Header(name))
                .Append('\n');
        }
        return text.Append('\n').AppendJoin(';', signedNames).Append('\n').Append(bodyHash).ToString();
    }

    /// <summary>Every x-acs- header, host and content-type must be signed.</summary>
    private static void DemandSigned(CloudRequest request, string[] signedNames)
    {
        var needed = request
            .Headers.Keys.Select(name => name.ToLowerInvariant())
            .Where(name => name.StartsWith("x-acs-", StringComparison.Ordinal) || name is "host" or "content-type");
        var missing = needed.Where(name => !signedNames.Contains(name, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            throw new CloudError(400, "SignatureDoesNotMatch", $"SignedHeaders lacks {string.Join(", ", missing)}.");
        }
    }
}
