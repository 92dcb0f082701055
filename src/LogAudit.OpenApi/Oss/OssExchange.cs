namespace LogAudit.OpenApi;

/// <summary>A request of OSS on the wire, signed with signature V4.</summary>
internal sealed class OssExchange : Exchange
{
    private readonly string host;
    private readonly string? bucket;
    private readonly IReadOnlyList<KeyValuePair<string, string>> parameters;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public OssExchange(
        string action,
        AccountId account,
        RegionId region,
        string host,
        string? bucket,
        IReadOnlyList<KeyValuePair<string, string>> parameters
    )
    {
        Product = ApiProducts.Oss.Code;
        Action = action;
        Account = account;
        Region = region;
        Writes = false;
        this.host = host;
        this.bucket = bucket;
        this.parameters = parameters;
    }

    /// <summary>HTTP method.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Name of the object, not percent-encoded; empty for the bucket or the service.</summary>
    public string Key { get; init; } = "";

    /// <summary>Body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Headers besides those of the signature.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public override SignedRequest Sign(Credentials key, DateTimeOffset now)
    {
        var query = PercentEncoding.Query(parameters, bareEmpty: true);
        var headers = new List<KeyValuePair<string, string>>
        {
            new("x-oss-date", Oss4.Date(now)),
            new("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
        };
        headers.AddRange(Headers);
        if (key.SecurityToken is { } token)
        {
            headers.Add(new("x-oss-security-token", token.Reveal()));
        }

        var path = PercentEncoding.EncodePath(Key);
        var resource = bucket is null ? "/" : $"/{bucket}/{path}";
        headers.Add(new("Authorization", Oss4.Authorization(Method, resource, query, headers, Region.Value, key)));
        return new(Method, host, query.Length == 0 ? $"/{path}" : $"/{path}?{query}", headers, Body);
    }

    public override ServiceError? ReadError(int status, byte[] body) =>
        status is >= 200 and < 300
            ? null
            : Answers.XmlError(body) ?? new(ClientErrorCodes.UnreadableAnswer, "the answer is not an XML error", "");
}
