using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

internal enum ApiScheme
{
    Acs3,
    RpcV1,
    RoaV1,
}

/// <summary>A request of the OpenAPI gateway taken apart: scheme, action, business parameters.</summary>
internal sealed record ApiMessage(
    ApiScheme Scheme,
    string Action,
    string Version,
    IReadOnlyList<WireParameter> Form,
    IReadOnlyDictionary<string, string> Parameters,
    JObject Body
)
{
    private static readonly HashSet<string> Public = new(StringComparer.Ordinal)
    {
        "Action",
        "Version",
        "Format",
        "AccessKeyId",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "SignatureType",
        "Signature",
        "Timestamp",
        "SecurityToken",
    };

    public static ApiMessage Read(CloudRequest request)
    {
        var authorization = request.Header("Authorization") ?? "";
        var scheme =
            authorization.StartsWith("ACS3-", StringComparison.Ordinal) ? ApiScheme.Acs3
            : authorization.StartsWith("acs ", StringComparison.Ordinal) ? ApiScheme.RoaV1
            : ApiScheme.RpcV1;
        var contentType = request.Header("Content-Type") ?? "";
        var isForm = contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        var form = isForm ? WireEncoding.Parse(System.Text.Encoding.UTF8.GetString(request.Body.Span)) : [];
        var all = request.Query.Concat(form).ToList();
        string Given(string name, string header) =>
            all.Find(p => p.Name == name) is { Name: not null } found ? found.Value : request.Header(header) ?? "";
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in all)
        {
            if (scheme != ApiScheme.RpcV1 || !Public.Contains(parameter.Name))
            {
                parameters[parameter.Name] = parameter.Value;
            }
        }
        return new(
            scheme,
            scheme == ApiScheme.RpcV1 ? Given("Action", "x-acs-action") : request.Header("x-acs-action") ?? "",
            scheme == ApiScheme.RpcV1 ? Given("Version", "x-acs-version") : request.Header("x-acs-version") ?? "",
            form,
            parameters,
            contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ? Json(request) : []
        );
    }

    private static JObject Json(CloudRequest request)
    {
        try
        {
            return request.JsonBody();
        }
        catch (Newtonsoft.Json.JsonException failure)
        {
            throw new CloudError(400, "InvalidParameter", "The body is not a JSON object: " + failure.Message);
        }
    }
}
