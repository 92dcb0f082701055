using System.Globalization;

namespace LogAudit.OpenApi;

/// <summary>A role that STS gives for a token of an OpenID Connect provider, as in a Kubernetes cluster with RRSA. The request is not signed.</summary>
/// <param name="read">Reads a variable.</param>
/// <param name="time">Clock.</param>
internal sealed class OidcSession(Func<string, string?> read, TimeProvider time) : ISessionSource
{
    public string Name => $"STS, asked for the role {read("ALIBABA_CLOUD_ROLE_ARN")},";

    public async Task<Credentials> AskAsync(HttpClient http, CancellationToken cancel)
    {
        // The cluster writes a new token into the file before the old one ends.
        var token = await File.ReadAllTextAsync(read("ALIBABA_CLOUD_OIDC_TOKEN_FILE")!, cancel);
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"Action=AssumeRoleWithOIDC&Version={ApiProducts.Sts.Version}&Format=JSON&Timestamp={Uri.EscapeDataString(time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))}"
        );
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"https://{Host}/?{query}"))
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["RoleArn"] = read("ALIBABA_CLOUD_ROLE_ARN")!,
                    ["OIDCProviderArn"] = read("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")!,
                    ["OIDCToken"] = token.Trim(),
                    ["RoleSessionName"] = Or("ALIBABA_CLOUD_ROLE_SESSION_NAME", MemberAccess.SessionName),
                    ["DurationSeconds"] = "3600",
                }
            ),
        };
        return await SessionAnswer.AskAsync(http, request, "Credentials", cancel);
    }

    private string Host =>
        (Or("ALIBABA_CLOUD_STS_REGION", ""), Or("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "")) switch
        {
            ("", _) => "sts.aliyuncs.com",
            (var region, "true") => $"sts-vpc.{region}.aliyuncs.com",
            (var region, _) => $"sts.{region}.aliyuncs.com",
        };

    private string Or(string name, string otherwise) => read(name) is { Length: > 0 } value ? value : otherwise;
}
