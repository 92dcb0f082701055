using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Proves who signed a request of OSS: V1 and V4, in the Authorization header.</summary>
internal static class OssAuthentication
{
    private const string V4 = "OSS4-HMAC-SHA256";

    /// <summary>Query names that V1 signs; the rest of the query is free.</summary>
    private static readonly HashSet<string> SubResources = new(StringComparer.Ordinal)
    {
        "logging",
        "acl",
        "location",
        "bucketInfo",
        "stat",
        "lifecycle",
        "website",
        "referer",
        "cors",
        "policy",
        "encryption",
        "versioning",
        "tagging",
        "userDefinedLogFieldsConfig",
        "x-oss-process",
        "continuation-token",
        "versions",
        "replication",
        "worm",
        "inventory",
    };

    /// <param name="request">The request.</param>
    /// <param name="bucket">Bucket in the host; empty for ListBuckets.</param>
    /// <exception cref="CloudError">With the status and code of OSS.</exception>
    public static Caller Authenticate(CloudRequest request, string bucket)
    {
        var authorization =
            request.Header("Authorization")
            ?? throw new CloudError(403, "AccessDenied", "Anonymous access is forbidden for this operation.");
        return authorization.StartsWith(V4 + " ", StringComparison.Ordinal)
                ? AuthenticateV4(request, bucket, authorization)
            : authorization.StartsWith("OSS ", StringComparison.Ordinal)
                ? AuthenticateV1(request, bucket, authorization)
            : throw new CloudError(400, "InvalidArgument", "Authorization header is invalid.");
    }

    private static Caller AuthenticateV1(CloudRequest request, string bucket, string authorization)
    {
        var parts = authorization["OSS ".Length..].Split(':', 2);
        if (parts.Length != 2)
        {
            throw new CloudError(400, "InvalidArgument", "Authorization must read: OSS AccessKeyId:Signature.");
        }
        var date = request.Header("x-oss-date") ?? request.Header("Date");
        if (!Signatures.TryHttpDate(date, out var time))
        {
            throw new CloudError(403, "AccessDenied", "OSS authentication requires a valid Date.");
        }
        var key = FindKey(request, parts[0], time);
        return Signatures.Same(Signatures.Hmac1Base64(key.Secret, StringToSignV1(request, bucket)), parts[1])
            ? Caller.Of(key, request.SourceIp, request.Secure)
            : throw Mismatch();
    }

    public static string StringToSignV1(CloudRequest request, string bucket)
    {
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n');
        text.Append(request.Header("Content-MD5")).Append('\n').Append(request.Header("Content-Type")).Append('\n');
        text.Append(request.Header("x-oss-date") ?? request.Header("Date")).Append('\n');
        foreach (var name in OssNames(request))
        {
            text.Append(name).Append(':').Append(request.Header(name)).Append('\n');
        }
        text.Append(Resource(request.Path, bucket));
        var signed = request
            .Query.Where(p => SubResources.Contains(p.Name))
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .ToList();
        if (signed.Count > 0)
        {
            text.Append('?').AppendJoin('&', signed.Select(p => p.Value.Length == 0 ? p.Name : $"{p.Name}={p.Value}"));
        }
        return text.ToString();
    }

    private static Caller AuthenticateV4(CloudRequest request, string bucket, string authorization)
    {
        var fields = authorization[(V4.Length + 1)..]
            .Split(',')
            .Select(part => part.Trim().Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var credential = fields.GetValueOrDefault("Credential", "").Split('/');
        if (
            credential is not [var keyId, var day, var region, "oss", "aliyun_v4_request"]
            || !fields.TryGetValue("Signature", out var signature)
        )
        {
            throw new CloudError(
                400,
                "InvalidArgument",
                "Authorization lacks Credential or Signature, or its scope is not date/region/oss/aliyun_v4_request."
            );
        }
        var date = request.Header("x-oss-date") ?? "";
        if (!Signatures.TryTime(date, "yyyyMMdd'T'HHmmss'Z'", out var time))
        {
            throw new CloudError(403, "AccessDenied", "x-oss-date must read yyyyMMddTHHmmssZ.");
        }
        var key = FindKey(request, keyId, time);
        var additional = fields.GetValueOrDefault("AdditionalHeaders", "");
        var stringToSign = StringToSignV4(request, bucket, date, $"{day}/{region}/oss/aliyun_v4_request", additional);
        var expected = Convert.ToHexStringLower(
            Signatures.Hmac256(Signatures.DerivedKey(key.Secret, day, region, "oss"), stringToSign)
        );
        return Signatures.Same(expected, signature)
            ? Caller.Of(key, request.SourceIp, request.Secure)
            : throw Mismatch();
    }

    public static string StringToSignV4(
        CloudRequest request,
        string bucket,
        string date,
        string scope,
        string additionalHeaders
    ) => $"{V4}\n{date}\n{scope}\n{Signatures.Sha256Hex(CanonicalRequestV4(request, bucket, additionalHeaders))}";

    public static string CanonicalRequestV4(CloudRequest request, string bucket, string additionalHeaders)
    {
        var additional = additionalHeaders.Split(';', StringSplitOptions.RemoveEmptyEntries);
        var names = OssNames(request)
            .Concat(
                request
                    .Headers.Keys.Select(name => name.ToLowerInvariant())
                    .Where(name => name is "content-type" or "content-md5")
            )
            .Concat(additional)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var text = new StringBuilder();
        text.Append(request.Method)
            .Append('\n')
            .Append(WireEncoding.StrictPath(Resource(request.Path, bucket)))
            .Append('\n');
        text.AppendJoin(
            '&',
            request
                .Query.Select(p => (Name: WireEncoding.Strict(p.Name), p.Value))
                .OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => p.Value.Length == 0 ? p.Name : $"{p.Name}={WireEncoding.Strict(p.Value)}")
        );
        text.Append('\n');
        foreach (var name in names)
        {
            text.Append(name)
                .Append(':')
                .Append(name == "host" ? request.HostHeader : request.Header(name))
                .Append('\n');
        }
        return text.Append('\n')
            .Append(additionalHeaders)
            .Append('\n')
            .Append(request.Header("x-oss-content-sha256") ?? "UNSIGNED-PAYLOAD")
            .ToString();
    }

    private static string Resource(string path, string bucket) => bucket.Length == 0 ? path : $"/{bucket}{path}";

    private static IEnumerable<string> OssNames(CloudRequest request) =>
        request
            .Headers.Keys.Select(name => name.ToLowerInvariant())
            .Where(name => name.StartsWith("x-oss-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static AccessKey FindKey(CloudRequest request, string keyId, DateTimeOffset time)
    {
        if (Signatures.IsSkewed(request.Cloud, time))
        {
            throw new CloudError(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large."
            );
        }
        var key = request.Cloud.Keys.Find(keyId);
        if (key is null || !key.Active)
        {
            throw new CloudError(
                403,
                "InvalidAccessKeyId",
                "The OSS Access Key Id you provided does not exist in our records."
            );
        }
        if (key.Session is { } session)
        {
            if (!Signatures.Same(session.Token, request.Header("x-oss-security-token") ?? ""))
            {
                throw new CloudError(403, "InvalidSecurityToken", "The security token you provided is invalid.");
            }
            if (request.Cloud.Clock.GetUtcNow() >= session.ExpiresAt)
            {
                throw new CloudError(403, "SecurityTokenExpired", "The security token you provided has expired.");
            }
        }
        return key;
    }

    private static CloudError Mismatch() =>
        new(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        );
}
