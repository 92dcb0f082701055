using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Fc;

/// <summary>Refusals of Function Compute.</summary>
/// <remarks>InvalidArgument (400) is documented with the invoke limits; the other codes follow the service's naming and are assumed.</remarks>
internal static class FcErrors
{
    public static CloudError InvalidArgument(string message) => new(400, "InvalidArgument", message);

    public static CloudError FunctionNotFound(string name) =>
        new(404, "FunctionNotFound", $"function '{name}' does not exist");

    public static CloudError TriggerNotFound(string name) =>
        new(404, "TriggerNotFound", $"trigger '{name}' does not exist");

    public static CloudError AlreadyExists(string thing, string name) =>
        new(409, $"{thing}AlreadyExists", $"{thing.ToLowerInvariant()} '{name}' already exists");

    public static CloudError Throttled(string name) =>
        new(429, "ResourceThrottled", $"function '{name}' has reached its concurrency limit");

    public static CloudError NotStarted(string message) => new(500, "FunctionNotStarted", message);
}
