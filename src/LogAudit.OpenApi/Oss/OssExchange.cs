namespace LogAudit.OpenApi;

/// <summary>A read of OSS on the wire, signed with signature V4.</summary>
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

    public override SignedRequest Sign(Credentials key, DateTimeOffset now)
    {
        var query = PercentEncoding.Query(parameters, bareEmpty: true);
        var headers = new List<KeyValuePair<string, string>>
        {
            new("x-oss-date", Oss4.Date(now)),
            new("x-oss-content-sha256", "UNSIGNED-PAYLOAD"),
        };
        if (key.SecurityToken is { } token)
        {
            headers.Add(new("x-oss-security-token", token.Reveal()));
        }

        var resource = bucket is null ? "/" : $"/{bucket}/";
        headers.Add(new("Authorization", Oss4.Authorization("GET", resource, query, headers, Region.Value, key)));
        return new("GET", host, query.Length == 0 ? "/" : $"/?{query}", headers, Body: null);
    }

    public override ServiceError? ReadError(int status, byte[] body) =>
        status is >= 200 and < 300
            ? null
            : Answers.XmlError(body) ?? new(ClientErrorCodes.UnreadableAnswer, "the answer is not an XML error", "");
}
