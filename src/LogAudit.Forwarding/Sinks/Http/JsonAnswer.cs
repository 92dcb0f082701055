using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>Reads answers that hold JSON.</summary>
internal static class JsonAnswer
{
    /// <summary>Reads an answer; null where it is not JSON.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="mostBytes">A longer one is a failure of the exchange.</param>
    /// <param name="cancel">Gives up.</param>
    public static async ValueTask<JsonDocument?> ReadAsync(
        HttpResponseMessage answer,
        int mostBytes,
        CancellationToken cancel
    )
    {
        await answer.Content.LoadIntoBufferAsync(mostBytes, cancel);
        try
        {
            return await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(cancel),
                cancellationToken: cancel
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A whole number in an object; null where there is none.</summary>
    public static long? Whole(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
            ? number
            : null;
}
