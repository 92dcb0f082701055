using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LogAudit.Hosting;

/// <summary>The short JSON that a failed request is answered with: <c>{"errorType":"…","errorMessage":"…","requestId":"…"}</c>.</summary>
internal static class FunctionErrors
{
    private const int MaxMessage = 4000;

    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The answer for an exception. Messages of our own exceptions are made to be shown; of others only the type is.</summary>
    public static byte[] For(Exception failure, string requestId) =>
        Write(
            failure.GetType().Name,
            failure switch
            {
                OperationCanceledException =>
                    "The work was ended: the deadline was reached or the instance is stopping.",
                _ when IsOurs(failure) => failure.Message,
                _ => "The function failed; its log has the details under this request id.",
            },
            requestId
        );

    /// <summary>The answer for a request that is refused.</summary>
    public static byte[] Refusal(string type, string message, string requestId) => Write(type, message, requestId);

    private static bool IsOurs(Exception failure) =>
        failure is InvocationRefusedException
        || failure.GetType().Namespace?.StartsWith("LogAudit", StringComparison.Ordinal) == true;

    private static byte[] Write(string type, string message, string requestId)
    {
        var to = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(to, Readable))
        {
            json.WriteStartObject();
            json.WriteString("errorType", type);
            json.WriteString(
                "errorMessage",
                message.Length <= MaxMessage ? message : $"{message.AsSpan(0, MaxMessage)}…"
            );
            json.WriteString("requestId", requestId);
            json.WriteEndObject();
        }

        return to.WrittenSpan.ToArray();
    }
}

/// <summary>The host refuses a request before the function sees it; the message says why and what to do.</summary>
internal sealed class InvocationRefusedException(string message) : Exception(message);
