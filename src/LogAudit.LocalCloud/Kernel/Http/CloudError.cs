namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// A refusal in the service's words. Whoever serves the request throws it; the gateway writes it in its own form
/// (JSON of RPC and ROA, JSON of SLS, XML of OSS).
/// </summary>
internal sealed class CloudError(int status, string code, string message) : Exception(message)
{
    /// <summary>HTTP status of the answer.</summary>
    public int Status { get; } = status;

    /// <summary>Error code of the service, such as <c>EntityNotExist.Role</c>.</summary>
    public string Code { get; } = code;

    /// <summary>Why RAM denied the call; null for every other error.</summary>
    public AccessDeniedDetail? Denied { get; init; }

    /// <summary>Response headers that belong to the error, such as <c>x-acs-retry-after</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>What the services call <c>accessDeniedDetail</c>: who lacked which action on which resource.</summary>
internal sealed record AccessDeniedDetail(
    string Action,
    string Resource,
    string PrincipalArn,
    string PrincipalType,
    string OwnerId,
    string PolicyType,
    bool ExplicitDeny
);
