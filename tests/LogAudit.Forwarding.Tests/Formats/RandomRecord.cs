using System.Text.Json.Nodes;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

/// <summary>Records of a log kind with some of its documented fields.</summary>
internal static class RandomRecord
{
    /// <summary>A record, and the texts of it that no conversion changes.</summary>
    public static (TestLog Log, IReadOnlyList<string> Values) Of(LogKind kind, Random random)
    {
        var fields = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        var values = new List<string>();
        foreach (var field in kind.Mapping.Fields.DistinctBy(field => field.Source, StringComparer.Ordinal))
        {
            if (random.Next(3) == 0)
            {
                continue;
            }

            var value = Value(field.Convert, random);
            if (Put(fields, Path(field.Source, kind.Mapping.JsonField), value) && field.Convert == FieldConversion.Text)
            {
                values.Add(value);
            }
        }

        return (TestLog.Of(1, [.. fields.Select(field => (field.Key, Written(field.Value)))]), values);
    }

    private static string[] Path(string source, string jsonField) =>
        jsonField.Length > 0 && !source.StartsWith($"{jsonField}.", StringComparison.Ordinal)
            ? [jsonField, .. source.Split('.')]
            : source.Split('.');

    private static string Value(FieldConversion convert, Random random) =>
        convert switch
        {
            FieldConversion.Text => $"text-{random.Next(1_000_000_000)}",
            FieldConversion.Ip => $"198.51.100.{random.Next(256)}",
            FieldConversion.FirstIp => """["198.51.100.9"]""",
            FieldConversion.IsoTime => "2026-03-02T11:04:05Z",
            FieldConversion.UnixSeconds => "1772449445",
            FieldConversion.UnixMillis => "1772449445000",
            FieldConversion.UnixMicros => "1772449445000000",
            FieldConversion.AcceptOutcome => random.Next(2) == 0 ? "ACCEPT" : "REJECT",
            FieldConversion.VerdictOutcome => random.Next(2) == 0 ? "block" : "pass",
            FieldConversion.Scheme => "https",
            FieldConversion.Direction => "in",
            FieldConversion.Json => """{"a":1}""",
            _ => random.Next(1, 600).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };

    // A path that leads through a value is left out: nobody writes such a record.
    private static bool Put(Dictionary<string, JsonNode> fields, string[] path, string value)
    {
        if (path.Length == 1)
        {
            return fields.TryAdd(path[0], JsonValue.Create(value));
        }

        if (!fields.TryGetValue(path[0], out var node))
        {
            fields[path[0]] = node = new JsonObject();
        }

        foreach (var name in path[1..^1])
        {
            if (node is not JsonObject known)
            {
                return false;
            }

            node = known[name] ??= new JsonObject();
        }

        return node is JsonObject inner && inner.TryAdd(path[^1], JsonValue.Create(value));
    }

    private static string Written(JsonNode node) => node is JsonValue text ? (string)text! : node.ToJsonString();
}
