using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>Reads members of control-plane answers. A required member that is missing is an error, never a default.</summary>
internal static class JsonMembers
{
    public static string Text(this JsonObject json, string name) =>
        json[name] is { } node ? node.AsText(name) : throw Missing(name);

    public static string TextOr(this JsonObject json, string name, string otherwise) =>
        json[name] is { } node ? node.AsText(name) : otherwise;

    public static int Whole(this JsonObject json, string name) =>
        json[name] is { } node ? node.AsWhole(name) : throw Missing(name);

    public static int WholeOr(this JsonObject json, string name, int otherwise) =>
        json[name] is { } node ? node.AsWhole(name) : otherwise;

    public static long LongOr(this JsonObject json, string name, long otherwise) =>
        json[name] is { } node ? node.AsLong(name) : otherwise;

    public static bool Flag(this JsonObject json, string name) =>
        json[name] is { } node ? node.AsFlag(name) : throw Missing(name);

    public static bool FlagOr(this JsonObject json, string name, bool otherwise) =>
        json[name] is { } node ? node.AsFlag(name) : otherwise;

    /// <summary>Unix seconds, as a number or a text, or <c>yyyy-MM-dd HH:mm:ss</c>: the service writes all three.</summary>
    public static DateTimeOffset? TimeOr(this JsonObject json, string name)
    {
        var text = json.TextOr(name, "");
        return text.Length == 0 || text is "0" ? null
            : Numbers.TryLong(text, out var seconds) && seconds is > 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.TryParseExact(
                text,
                "yyyy-MM-dd HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time
            )
                ? time
            : throw new SlsDataException($"The member '{name}' is '{text}', which is not a time.");
    }

    public static JsonObject Object(this JsonObject json, string name) =>
        json[name] as JsonObject ?? throw Missing(name);

    public static IEnumerable<JsonObject> Objects(this JsonObject json, string name) =>
        (json[name] as JsonArray ?? throw Missing(name)).Select(node =>
            node as JsonObject
            ?? throw new SlsDataException($"The list '{name}' holds something that is not an object.")
        );

    /// <summary>A list of texts; empty when absent.</summary>
    public static IReadOnlyList<string> Texts(this JsonObject json, string name) =>
        json[name] is JsonArray list ? [.. list.Select(node => node.AsText(name))] : [];

    /// <summary>A map of texts; empty when absent.</summary>
    public static IReadOnlyDictionary<string, string> TextMap(this JsonObject json, string name) =>
        json[name] is JsonObject map ? map.ToTextMap() : new Dictionary<string, string>(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> ToTextMap(this JsonObject map) =>
        map.ToDictionary(one => one.Key, one => one.Value?.AsText(one.Key) ?? "", StringComparer.Ordinal);

    public static Cursor Cursor(this JsonObject json, string name) =>
        json.Text(name) is var text && LogAudit.Sls.Cursor.IsValid(text)
            ? new Cursor(text)
            : throw new SlsDataException($"The member '{name}' is '{text}', which is not a cursor.");

    /// <summary>The rows of a list that must be there.</summary>
    public static IReadOnlyList<JsonNode> Rows(this JsonNode? node, string call) =>
        node is JsonArray list
            ? [.. list.Select(row => row ?? throw new SlsDataException($"{call} answered a list with null in it."))]
            : throw new SlsDataException($"{call} answered without its list.");

    public static string AsText(this JsonNode? node, string name) =>
        node switch
        {
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            JsonValue value => value.ToJsonString(),
            _ => throw new SlsDataException($"The member '{name}' is not a text."),
        };

    public static int AsWhole(this JsonNode node, string name) =>
        node.AsLong(name) is var number and >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new SlsDataException($"The member '{name}' is not a 32-bit number.");

    public static JsonArray ToJson(this IEnumerable<string> texts) =>
        new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    public static JsonObject ToJson(this IReadOnlyDictionary<string, string> map)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map)
        {
            json[key] = value;
        }

        return json;
    }

    private static long AsLong(this JsonNode node, string name) =>
        Numbers.TryLong(node.AsText(name), out var number)
            ? number
            : throw new SlsDataException($"The member '{name}' is '{node.AsText(name)}', which is not a whole number.");

    private static bool AsFlag(this JsonNode node, string name) =>
        node.AsText(name) switch
        {
            "true" => true,
            "false" => false,
            var other => throw new SlsDataException($"The member '{name}' is '{other}', which is not true or false."),
        };

    private static SlsDataException Missing(string name) => new($"The member '{name}' is missing in the answer.");
}
