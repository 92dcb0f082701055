using System.Text.RegularExpressions;

namespace LogAudit.Hosting;

/// <summary>Reads <c>mappings:</c> product → log kind → field of the log → an ECS name, or ECS names with their conversions; an empty map leaves the field under its own name.</summary>
/// <remarks>
/// <code>
/// mappings:
///   slb:
///     access:
///       upstream_status: { labels.upstream_status: integer }
///       http_x_real_ip: network.forwarded_ip
/// </code>
/// </remarks>
internal sealed partial class MappingReader(SettingsKnowledge known, List<SettingsError> errors)
{
    private const int MostName = 256;
    private const string Key = "mappings";
    private const string AName =
        "an ECS name of lower-case letters, digits and '_', at most 8 levels, not under 'aliyun' and none that every record fills itself (event.id, cloud.provider, …)";
    private const string Example = "slb: { access: { upstream_status: { labels.upstream_status: integer } } }";

    /// <summary>The mappings; the wrong ones are noted and left out.</summary>
    public List<MappingSettings> Read(SettingsMap file)
    {
        var read = new List<MappingSettings>();
        foreach (var (product, kinds) in Parts(file.Map(Key, Example), Key, known.Products))
        {
            var path = $"{Key}.{product}";
            foreach (var (kind, fields) in Parts(kinds, path, known.KindsOf?.Invoke(product) ?? []))
            {
                read.Add(Fields(product, kind, fields, $"{path}.{kind}"));
            }
        }

        return read;
    }

    // The parts under known keys; an empty list of keys allows any.
    private IEnumerable<(string Key, YamlMap Map)> Parts(YamlMap? map, string path, IReadOnlyList<string> keys)
    {
        var entries = map?.Entries ?? [];
        var part = new SettingsMap(map, path, keys.Count > 0 ? keys : [.. entries.Select(entry => entry.Key)], errors);
        part.CheckKeys();
        return entries
            .Where(entry => keys.Count == 0 || keys.Contains(entry.Key, StringComparer.Ordinal))
            .Select(entry => (entry.Key, Map: part.Map(entry.Key, Example)))
            .Where(entry => entry.Map is not null)
            .Select(entry => (entry.Key, entry.Map!));
    }

    private MappingSettings Fields(string product, string kind, YamlMap fields, string path)
    {
        var part = new SettingsMap(fields, path, [.. fields.Entries.Select(entry => entry.Key)], errors);
        part.CheckKeys();
        var mapped = new List<FieldMapping>();
        foreach (var field in fields.Entries)
        {
            if (field.Key.Length is 0 or > MostName)
            {
                part.Refuse(
                    field.Key,
                    field.Line,
                    "is no field name",
                    $"1 to {MostName} characters",
                    "upstream_status: labels.upstream_status"
                );
            }

            mapped.AddRange(Targets(part, $"{path}.{field.Key}", field));
        }

        return new MappingSettings
        {
            Product = product,
            LogKind = kind,
            Sources = [.. fields.Entries.Select(field => field.Key)],
            Fields = mapped,
            Line = fields.Line,
        };
    }

    private IEnumerable<FieldMapping> Targets(SettingsMap part, string path, YamlEntry field)
    {
        switch (field.Value)
        {
            case YamlText { IsNothing: false } text:
                return Target(part, field, text.Text, FieldConversion.Text) is { } only ? [only] : [];
            case YamlMap targets:
                new SettingsMap(targets, path, [.. targets.Entries.Select(target => target.Key)], errors).CheckKeys();
                return [.. targets.Entries.Select(target => Converted(part, field, target)).OfType<FieldMapping>()];
            default:
                part.Refuse(
                    field.Key,
                    field.Line,
                    $"is {SettingsMap.Kind(field.Value)}",
                    "an ECS name, or ECS names with their conversions; {} to leave the field under its own name",
                    "{ labels.upstream_status: integer }"
                );
                return [];
        }
    }

    private static FieldMapping? Converted(SettingsMap part, YamlEntry field, YamlEntry target)
    {
        if (target.Value is YamlText word && FieldConversions.ByWord.TryGetValue(word.Text, out var convert))
        {
            return Target(part, field with { Line = target.Line }, target.Key, convert);
        }

        part.Refuse(
            $"{field.Key}.{target.Key}",
            target.Line,
            target.Value is YamlText wrong
                ? $"is '{SettingsMap.Short(wrong.Text)}'"
                : $"is {SettingsMap.Kind(target.Value)}",
            string.Join(", ", FieldConversions.ByWord.Keys),
            "integer"
        );
        return null;
    }

    private static FieldMapping? Target(SettingsMap part, YamlEntry field, string name, FieldConversion convert)
    {
        if (!EcsName().IsMatch(name))
        {
            part.Refuse(field.Key, field.Line, $"goes to '{SettingsMap.Short(name)}'", AName, "source.ip");
            return null;
        }

        if (name is "@timestamp" && !convert.IsInstant())
        {
            part.Refuse(
                field.Key,
                field.Line,
                "goes to '@timestamp' without a conversion to an instant",
                "isoTime, unixSeconds, unixMillis or unixMicros",
                "{ '@timestamp': isoTime }"
            );
            return null;
        }

        return new FieldMapping(field.Key, name, convert);
    }

    // The same as "ecsName" in the JSON schema.
    [GeneratedRegex(
        @"^(@timestamp|(?!aliyun(\.|\z))(?!(ecs\.version|event\.(id|kind|category|dataset|module|ingested)|cloud\.provider)\z)[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,7})\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex EcsName();
}
