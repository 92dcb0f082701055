using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>The record as SLS holds it, by objects of Newtonsoft.</summary>
internal static class PlainRaw
{
    public static string Write(PlainRecord record)
    {
        var (kind, place) = (record.Mapping.Kind, record.Place);
        var own = new JObject
        {
            ["id"] = record.Id,
            ["product"] = kind.Product,
            ["kind"] = kind.Name,
            ["project"] = place.Project,
            ["logstore"] = place.Logstore,
            ["shard"] = place.Shard,
            ["cursor"] = place.Cursor,
            ["index"] = place.Index,
            ["time"] = PlainConversions.Time(record.TimeNanos),
        };
        if (record.IngestedNanos != 0)
        {
            own["ingested"] = PlainConversions.Time(record.IngestedNanos);
        }

        foreach (
            var (name, target) in ((string, string)[])[("account", "cloud.account.id"), ("region", "cloud.region")]
        )
        {
            if (record.Text(target) is { Length: > 0 } text)
            {
                own[name] = text;
            }
        }

        var (group, log) = (record.Group, record.Log);
        var raw = new JObject { ["logaudit"] = own, ["__time__"] = log.Time };
        if (log.TimeNs != 0)
        {
            raw["__time_ns__"] = log.TimeNs;
        }

        foreach (var field in log.Contents)
        {
            Add(raw, field.Key, field.Value);
        }

        Add(raw, "__topic__", group.Topic);
        Add(raw, "__source__", group.Source);
        foreach (var tag in group.LogTags)
        {
            Add(raw, $"__tag__:{tag.Key}", tag.Value);
        }

        return raw.ToString(Formatting.None);
    }

    private static void Add(JObject raw, string name, string value) => raw[name] = PlainMask.Mask(name, value);
}
