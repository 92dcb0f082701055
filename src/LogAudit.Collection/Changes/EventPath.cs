using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>Finds texts in an audit event by a dotted path; looks into members that hold JSON as text, as some services send them.</summary>
internal static class EventPath
{
    private const int MaxIds = 1000;

    /// <summary>The texts at a path: one, the items of a list, or none. Parameters are also looked for in <c>requestParameterJson</c>.</summary>
    public static IReadOnlyList<string> Find(JsonElement data, string path)
    {
        var found = Walk(data, path.Split('.'));
        return found.Count == 0 && path.StartsWith("requestParameters.", StringComparison.Ordinal)
            ? Walk(data, ["requestParameterJson", .. path.Split('.')[1..]])
            : found;
    }

    private static IReadOnlyList<string> Walk(JsonElement at, ReadOnlySpan<string> path)
    {
        if (path.Length == 0)
        {
            return Texts(at);
        }

        if (at.ValueKind == JsonValueKind.String && Parsed(at.GetString() ?? "") is { } inner)
        {
            return Walk(inner, path);
        }

        return at.ValueKind == JsonValueKind.Object && at.TryGetProperty(path[0], out var next)
            ? Walk(next, path[1..])
            : [];
    }

    private static IReadOnlyList<string> Texts(JsonElement at) =>
        at.ValueKind switch
        {
            JsonValueKind.String => Listed(at.GetString() ?? ""),
            JsonValueKind.Number => [at.GetRawText()],
            JsonValueKind.Array =>
            [
                .. at.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString() ?? "")
                    .Where(text => text.Length > 0)
                    .Take(MaxIds),
            ],
            _ => [],
        };

    /// <summary>Several ids in one text are joined by commas, or are a JSON list.</summary>
    private static IReadOnlyList<string> Listed(string text) =>
        text.StartsWith('[') && Parsed(text) is { ValueKind: JsonValueKind.Array } list
            ? Texts(list)
            : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MaxIds)];

    private static JsonElement? Parsed(string text)
    {
        if (!text.StartsWith('{') && !text.StartsWith('['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
