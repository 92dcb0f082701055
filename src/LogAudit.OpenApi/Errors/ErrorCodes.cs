namespace LogAudit.OpenApi;

/// <summary>What an error code means, whatever HTTP status carried it.</summary>
/// <remarks>Source: error tables of the products read; names matched by their parts because products spell them differently (<c>Throttling.User</c>, <c>Rejected.Throttling</c>).</remarks>
internal static class ErrorCodes
{
    private static readonly string[] DeniedParts =
    [
        "Forbidden.RAM",
        "NoPermission",
        "AccessDenied",
        "NotAuthorized",
        "UnauthorizedOperation",
        "Unauthorized",
        "InvalidAccessKeyId",
        "InvalidSecurityToken",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "MissingAccessKeyId",
        "InsufficientPermission",
        "InsufficientServicePermissions",
    ];

    public static bool IsThrottled(string code) =>
        code.Contains("Throttling", StringComparison.OrdinalIgnoreCase)
        || code.Contains("FlowControl", StringComparison.OrdinalIgnoreCase)
        || code.Contains("QpsLimit", StringComparison.OrdinalIgnoreCase);

    public static bool IsDenied(string code) =>
        string.Equals(code, "Forbidden", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(DeniedParts, part => code.Contains(part, StringComparison.OrdinalIgnoreCase));

    public static bool IsNotFound(string code) =>
        (
            code.Contains("NotFound", StringComparison.OrdinalIgnoreCase)
            || code.Contains("NotExist", StringComparison.OrdinalIgnoreCase)
            || code.StartsWith("NoSuch", StringComparison.OrdinalIgnoreCase)
        )
        // A wrong key or region is a mistake of ours, not an absent resource.
        && !code.StartsWith("InvalidAccessKeyId", StringComparison.OrdinalIgnoreCase)
        && !code.StartsWith("InvalidRegionId", StringComparison.OrdinalIgnoreCase);

    /// <summary>The service was reached and was not able to take the call in; nothing was done.</summary>
    public static bool IsUnavailable(string code) =>
        string.Equals(code, "ServiceUnavailable", StringComparison.OrdinalIgnoreCase);

    /// <summary>The nonce was seen before: an earlier copy of this very request reached the service.</summary>
    public static bool IsRepeated(string code) =>
        string.Equals(code, "SignatureNonceUsed", StringComparison.OrdinalIgnoreCase);
}
