using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace LogAudit.OpenApi;

/// <summary>An <see cref="ApiCall"/> on the wire: RPC or ROA, signed with ACS3.</summary>
internal sealed class OpenApiExchange : Exchange
{
    private readonly ApiCall call;
    private readonly string host;

    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public OpenApiExchange(ApiCall call, string host)
    {
        this.call = call;
        this.host = host;
        Product = call.Product.Code;
        Action = call.Action;
        Account = call.Account;
        Region = call.Region;
        Writes = call.Writes;
    }

    public override SignedRequest Sign(Credentials key, DateTimeOffset now)
    {
        var (body, contentType) = Content();
        var path = PercentEncoding.EncodePath(call.Path);
        var query = PercentEncoding.Query(call.Parameters, bareEmpty: false);
        var headers = new List<KeyValuePair<string, string>>
        {
            new("accept", "application/json"),
            new("x-acs-action", call.Action),
            new("x-acs-version", call.Product.Version),
            new("x-acs-date", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            new("x-acs-signature-nonce", Guid.NewGuid().ToString("N")),
            new("x-acs-content-sha256", Acs3.Hash(body)),
        };
        if (contentType is not null)
        {
            headers.Add(new("content-type", contentType));
        }

        if (key.SecurityToken is { } token)
        {
            headers.Add(new("x-acs-accesskey-id", key.AccessKeyId));
            headers.Add(new("x-acs-security-token", token.Reveal()));
        }

        headers.Add(
            new("Authorization", Acs3.Authorization(call.Method, path, query, [.. headers, new("host", host)], key))
        );
        return new(
            call.Method,
            host,
            query.Length == 0 ? path : $"{path}?{query}",
            headers,
            contentType is null && string.Equals(call.Method, "GET", StringComparison.Ordinal) ? null : body
        );
    }

    public override ServiceError? ReadError(int status, byte[] body) => Answers.OpenApiError(status, body);

    private (byte[] Body, string? Type) Content() =>
        call switch
        {
            { Body: { } json } => (
                Encoding.UTF8.GetBytes(json.ToString(Formatting.None)),
                "application/json; charset=utf-8"
            ),
            { Form.Count: > 0 } => (
                Encoding.UTF8.GetBytes(PercentEncoding.Query(call.Form, bareEmpty: false)),
                "application/x-www-form-urlencoded"
            ),
            _ => ([], null),
        };
}
