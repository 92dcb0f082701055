using System.Globalization;
using LogAudit.Forwarding;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>Builds the ECS object of a record.</summary>
internal static class PlainEcs
{
    private static readonly string[] Version = ["ecs", "version"];
    private static readonly string[] Id = ["event", "id"];
    private static readonly string[] Kind = ["event", "kind"];
    private static readonly string[] Category = ["event", "category"];
    private static readonly string[] Outcome = ["event", "outcome"];
    private static readonly string[] Dataset = ["event", "dataset"];
    private static readonly string[] Module = ["event", "module"];
    private static readonly string[] Ingested = ["event", "ingested"];
    private static readonly string[] Product = ["aliyun", "product"];
    private static readonly string[] LogKindName = ["aliyun", "kind"];
    private static readonly string[] Sls = ["aliyun", "sls"];
    private static readonly string[] Provider = ["cloud", "provider"];

    /// <summary>Chooses the value of each target: the first source that converts.</summary>
    /// <param name="record">Gets the values.</param>
    /// <param name="values">Values of the sources.</param>
    /// <param name="kept">Gets the sources that need not be kept under their own names.</param>
    public static void Fill(PlainRecord record, Dictionary<string, JToken> values, HashSet<string> kept)
    {
        var mapping = record.Mapping.Kind.Mapping;
        record.Ecs["@timestamp"] = "";
        record.Set(Version, CompiledMapping.EcsVersion);
        record.Set(Id, record.Id);
        record.Set(Kind, "event");
        if (mapping.Category.Length > 0)
        {
            record.Set(Category, new JArray(mapping.Category));
        }

        if (mapping.Outcome.Length > 0)
        {
            record.Set(Outcome, mapping.Outcome);
        }

        record.Set(Dataset, mapping.Dataset);
        record.Set(Module, "aliyun");
        if (record.IngestedNanos != 0)
        {
            record.Set(Ingested, PlainConversions.Time(record.IngestedNanos));
        }

        record.Set(Provider, CompiledMapping.CloudProvider);
        foreach (var target in record.Mapping.Targets)
        {
            Choose(record, target, values, kept);
        }

        record.Ecs["@timestamp"] = PlainConversions.Time(record.TimeNanos);
        record.Set(Product, record.Mapping.Kind.Product);
        record.Set(LogKindName, record.Mapping.Kind.Name);
        record.Set(
            Sls,
            new JObject
            {
                ["project"] = record.Place.Project,
                ["logstore"] = record.Place.Logstore,
                ["shard"] = record.Place.Shard,
                ["cursor"] = record.Place.Cursor,
                ["index"] = record.Place.Index,
            }
        );
        record.Set(["aliyun", record.Mapping.Kind.Product], record.Rest);
    }

    private static void Choose(
        PlainRecord record,
        PlainTarget target,
        Dictionary<string, JToken> values,
        HashSet<string> kept
    )
    {
        var assumed = false;
        foreach (var slot in target.Slots)
        {
            if (!values.TryGetValue(slot.Source, out var value))
            {
                assumed |= slot.Convert == FieldConversion.ErrorOutcome;
                continue;
            }

            if (target.Name == "@timestamp")
            {
                if (PlainConversions.Nanos(slot.Convert, TextOf(value)) is { } nanos)
                {
                    record.TimeNanos = nanos;
                    kept.Add(slot.Source);
                    return;
                }
            }
            else if (Converted(target, slot.Convert, value) is { } converted)
            {
                var text = TextOf(value);
                var isAddress = slot.Convert == FieldConversion.Ip && !PlainConversions.IsIp(text);
                record.Set(isAddress ? [.. target.Path[..^1], "address"] : target.Path, converted);
                record.Values.Add((target, slot.Convert, converted, text));
                if (!PlainConversions.Loses(slot.Convert))
                {
                    kept.Add(slot.Source);
                }

                return;
            }
        }

        if (assumed)
        {
            record.Set(target.Path, "success");
            record.Values.Add((target, FieldConversion.Text, "success", "success"));
        }
    }

    private static JToken? Converted(PlainTarget target, FieldConversion convert, JToken value)
    {
        if (value is JContainer || convert == FieldConversion.Json)
        {
            return convert == FieldConversion.Json && value.Type != JTokenType.String ? value : null;
        }

        var text = TextOf(value);
        if (convert != FieldConversion.ErrorOutcome && text is "" or "-")
        {
            return null;
        }

        return convert == FieldConversion.Ip && !target.TakesAddress && !PlainConversions.IsIp(text)
            ? null
            : PlainConversions.Convert(convert, text);
    }

    private static string TextOf(JToken value) =>
        value is JContainer ? value.ToString(Formatting.None)
        : value.Type == JTokenType.Boolean ? ((bool)value ? "true" : "false")
        : Convert.ToString(((JValue)value).Value, CultureInfo.InvariantCulture) ?? "";
}
