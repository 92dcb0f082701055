namespace LogAudit;

/// <summary>Sends every request to one address while the <c>Host</c> header keeps the real name, so that LocalCloud can stand in for the cloud.</summary>
/// <param name="Address">For example <c>http://127.0.0.1:8080</c>; null sends requests to the real hosts over HTTPS.</param>
public sealed record EndpointOverride(Uri? Address)
{
    /// <summary>No override: the cloud itself.</summary>
    public static EndpointOverride None { get; } = new((Uri?)null);

    /// <summary>The address to connect to for a real host.</summary>
    /// <param name="host">Real host name, for example <c>sts.cn-hangzhou.aliyuncs.com</c>.</param>
    /// <param name="pathAndQuery">Begins with a slash; already percent-encoded.</param>
    public Uri For(string host, string pathAndQuery) =>
        new(
            Address is null
                ? $"https://{host}{pathAndQuery}"
                : $"{Address.GetLeftPart(UriPartial.Authority)}{pathAndQuery}"
        );
}
