namespace LogAudit.LocalCloud.Kernel;

/// <summary>RPC signature V1: HMAC-SHA1 over all parameters of query and form.</summary>
internal static class RpcV1Signature
{
    public static SignedRequest Read(CloudRequest request, ApiMessage message)
    {
        var all = request.Query.Concat(message.Form).ToList();
        string Need(string name) =>
            all.Find(p => p.Name == name) is { Value.Length: > 0 } found
                ? found.Value
                : throw new CloudError(400, $"Missing{name}", $"{name} is mandatory for this action.");
        var keyId = Need("AccessKeyId");
        if (Need("SignatureMethod") is not "HMAC-SHA1" || Need("SignatureVersion") is not "1.0")
        {
            throw new CloudError(
                400,
                "InvalidSignatureMethod",
                "SignatureMethod must be HMAC-SHA1 and SignatureVersion 1.0."
            );
        }
        if (!Signatures.TryTime(Need("Timestamp"), "yyyy-MM-dd'T'HH:mm:ss'Z'", out var time))
        {
            throw new CloudError(
                400,
                "InvalidTimeStamp.Format",
                "Specified time stamp or date value is not well formatted."
            );
        }
        var token = all.Find(p => p.Name == "SecurityToken").Value;
        return new(
            keyId,
            token,
            time,
            Need("SignatureNonce"),
            Need("Signature"),
            secret => Compute(request.Method, all, secret)
        );
    }

    public static (string Signature, string StringToSign) Compute(
        string method,
        IEnumerable<WireParameter> parameters,
        string secret
    )
    {
        var canonical = string.Join(
            '&',
            parameters
                .Where(p => p.Name != "Signature")
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => $"{WireEncoding.Strict(p.Name)}={WireEncoding.Strict(p.Value)}")
        );
        var stringToSign = $"{method}&%2F&{WireEncoding.Strict(canonical)}";
        return (Signatures.Hmac1Base64(secret + "&", stringToSign), stringToSign);
    }
}
