namespace LogAudit.LocalCloud.Fc;

/// <summary>An error answer of Function Compute.</summary>
/// <remarks>Codes with a source: InvalidArgument (400, invoke limits page); the others follow the service's naming and are assumed.</remarks>
internal sealed class FcError(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static FcError InvalidArgument(string message) => new(400, "InvalidArgument", message);

    public static FcError FunctionNotFound(string name) =>
        new(404, "FunctionNotFound", $"function '{name}' does not exist");

    public static FcError Throttled(string name) =>
        new(429, "ResourceThrottled", $"function '{name}' has reached its concurrency limit");
}
