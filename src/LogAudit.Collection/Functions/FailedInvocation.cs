using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>What Function Compute tells the failure destination of an asynchronous invocation that it gave up on.</summary>
/// <remarks>Source: FC, result callback: <c>{"requestContext":{"functionArn","condition","approximateInvokeCount"},"requestPayload",…}</c>. The payload may hold anything and is not read.</remarks>
internal sealed record FailedInvocation(string Function, string Condition, int Invocations)
{
    /// <summary>Reads the event; null when it is something else.</summary>
    public static FailedInvocation? Read(JsonElement root) =>
        root.TryGetProperty("requestContext", out var context)
        && context.ValueKind == JsonValueKind.Object
        && context.TryGetProperty("functionArn", out var function)
        && function.ValueKind == JsonValueKind.String
            ? new(
                function.GetString()!.Split('/')[^1],
                context.TryGetProperty("condition", out var condition) ? condition.ToString() : "",
                context.TryGetProperty("approximateInvokeCount", out var count) && count.TryGetInt32(out var number)
                    ? number
                    : 0
            )
            : null;
}
