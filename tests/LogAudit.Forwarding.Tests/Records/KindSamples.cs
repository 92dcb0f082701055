using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

/// <summary>A field of a sample: a flat name, or a path into the JSON of a field or of the record.</summary>
/// <param name="Path">Its name, in parts.</param>
/// <param name="Value">Its value; another in every field.</param>
/// <param name="Shown">What a reader may find in place of the value: the same instant or duration in another unit.</param>
/// <param name="IsTime">Whether the record takes its time from it.</param>
/// <param name="IsId">Whether the record takes its id from it.</param>
internal sealed record SampleField(
    IReadOnlyList<string> Path,
    JsonNode Value,
    IReadOnlyList<string> Shown,
    bool IsTime,
    bool IsId
)
{
    public string Text => Value is JsonValue plain ? plain.ToString() : Value.ToJsonString();
}

/// <summary>A record of a log kind in which every documented field has a value that suits its mapping.</summary>
internal sealed record KindSample(LogKind Kind, IReadOnlyList<SampleField> Fields)
{
    /// <summary>Time of the log itself; no field names this instant.</summary>
    public const uint LogSeconds = 1_700_000_000;

    private const string Instant = "2026-03-02T11:04:05.123Z";
    private const long Millis = 1_772_449_445_123;

    /// <summary>Every kind of the catalogue whose records are forwarded, as <c>product kind</c>.</summary>
    public static IReadOnlyDictionary<string, KindSample> All { get; } =
        new ProductCatalogue()
            .LogKinds.Where(kind => !kind.Metricstore)
            .ToDictionary(kind => $"{kind.Product} {kind.Name}", Of, StringComparer.Ordinal);

    /// <summary>The record as a log of a group, as SLS holds it.</summary>
    public TestGroup Group(Func<SampleField, byte[]?>? change = null, Random? shuffle = null)
    {
        var flat = new List<(string Name, byte[] Value)>();
        var trees = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var json = Kind.Mapping.JsonField;
        foreach (var field in shuffle is null ? Fields : [.. Fields.OrderBy(_ => shuffle.Next())])
        {
            var path = json.Length > 0 ? [json, .. field.Path] : field.Path;
            var value = change is null ? Encoding.UTF8.GetBytes(field.Text) : change(field);
            if (value is null)
            {
                continue;
            }

            if (path.Count == 1)
            {
                flat.Add((path[0], value));
            }
            else
            {
                if (trees.TryAdd(path[0], []))
                {
                    flat.Add((path[0], []));
                }

                Put(
                    trees[path[0]],
                    [.. path.Skip(1)],
                    change is null ? field.Value.DeepClone() : JsonValue.Create(Encoding.UTF8.GetString(value))
                );
            }
        }

        return GroupOf([
            .. flat.Select(one =>
                trees.TryGetValue(one.Name, out var tree)
                    ? (one.Name, Encoding.UTF8.GetBytes(tree.ToJsonString()))
                    : one
            ),
        ]);
    }

    /// <summary>Fields as the only log of a group of the kind.</summary>
    public TestGroup GroupOf(params (string Name, byte[] Value)[] fields)
    {
        var topic = Kind.Topics.Count > 0 ? Kind.Topics[0] : "";
        return Kind.ToldBy.Length > 0
            ? new TestGroup(
                "staging",
                [new TestLog(LogSeconds, [.. fields, (Kind.ToldBy, Encoding.UTF8.GetBytes(topic))])]
            )
            : new TestGroup(topic, [new TestLog(LogSeconds, fields)]);
    }

    /// <summary>Where records of the kind are read.</summary>
    public LogTarget Target =>
        Normalised.Target(Kind.Logstore.Replace("{trail}", "logaudit", StringComparison.Ordinal));

    private static KindSample Of(LogKind kind)
    {
        var (mapping, number) = (kind.Mapping, 0);
        var prefix = mapping.JsonField.Length > 0 ? $"{mapping.JsonField}." : "";
        string Path(string name) =>
            prefix.Length > 0 && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        var names = mapping
            .Fields.Select(field => Path(field.Source))
            .Concat(kind.Fields.Select(field => Path(field.Name)))
            .Append(Path(mapping.IdField))
            .Where(name => name.Length > 0 && !name.StartsWith("__", StringComparison.Ordinal) && name != kind.ToldBy)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var fields = new List<SampleField>();
        foreach (var name in names)
        {
            var parts = name.Split('.');
            // A name that is the beginning of another is an object; a secret has tests of its own.
            if (
                names.Exists(other => other.StartsWith($"{name}.", StringComparison.Ordinal))
                || parts.Any(part => SecretNames.IsSecret(Encoding.UTF8.GetBytes(part)))
                || SecretNames.IsSecret(Encoding.UTF8.GetBytes(name))
            )
            {
                continue;
            }

            var mapped = mapping.Fields.Where(field => Path(field.Source) == name).ToList();
            var (value, shown) = Value(mapped.Count > 0 ? mapped[0].Convert : FieldConversion.Text, ++number);
            fields.Add(
                new SampleField(
                    parts,
                    value,
                    shown,
                    mapped.Exists(field => field.Target == "@timestamp"),
                    name == Path(mapping.IdField)
                )
            );
        }

        return new KindSample(kind, fields);
    }

    private static (JsonNode Value, string[] Shown) Value(FieldConversion convert, int number)
    {
        var text = number.ToString("D3", CultureInfo.InvariantCulture);
        return convert switch
        {
            FieldConversion.Integer => ($"4{text}", []),
            FieldConversion.Decimal => ($"7{text}.5", []),
            FieldConversion.Ip => ($"198.51.100.{number}", []),
            FieldConversion.FirstIp => (new JsonArray($"203.0.113.{number}"), []),
            FieldConversion.IsoTime => (Instant, [Instant, $"{Millis}"]),
            FieldConversion.UnixSeconds => ($"{Millis / 1000}", ["2026-03-02T11:04:05.000Z", $"{Millis / 1000}000"]),
            FieldConversion.UnixMillis => ($"{Millis}", [Instant, $"{Millis}"]),
            FieldConversion.UnixMicros => ($"{Millis}000", [Instant, $"{Millis}"]),
            FieldConversion.SecondsToNanos => ($"5{text}.5", [$"5{text}500000000"]),
            FieldConversion.MillisToNanos => ($"5{text}", [$"5{text}000000"]),
            FieldConversion.MicrosToNanos => ($"5{text}", [$"5{text}000"]),
            FieldConversion.HttpOutcome => ("403", []),
            FieldConversion.AcceptOutcome => ("REJECT", []),
            FieldConversion.VerdictOutcome => ("block", []),
            FieldConversion.Scheme => ("https", []),
            FieldConversion.Direction => ("in", []),
            FieldConversion.Transport => ("6", []),
            FieldConversion.Json => (new JsonObject { ["k"] = $"value{text}" }, []),
            _ => ($"value{text}", []),
        };
    }

    private static void Put(JsonObject tree, string[] path, JsonNode? value)
    {
        foreach (var part in path[..^1])
        {
            tree[part] ??= new JsonObject();
            tree = tree[part]!.AsObject();
        }

        tree[path[^1]] = value;
    }
}
