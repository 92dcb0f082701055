using Google.Protobuf.Collections;
using LogAudit.Wire;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>Turns a log into an ECS object with a dictionary of its fields and objects of Newtonsoft.</summary>
internal static class PlainNormaliser
{
    public static PlainRecord Read(PlainMapping mapping, LogGroup group, Log log, string id, PlainPlace place)
    {
        var fields = Fields(group, log);
        var json = new JObject();
        foreach (var name in (IEnumerable<string>)[.. mapping.Opened, mapping.Kind.Mapping.JsonField])
        {
            if (
                name.Length > 0
                && fields.TryGetValue(name, out var text)
                && text.StartsWith('{')
                && PlainMask.Parse(text) is JObject inner
            )
            {
                PlainMask.Mask(inner);
                json = mapping.Opened.Count > 0 ? json : inner;
                if (mapping.Opened.Count > 0)
                {
                    json[name] = inner;
                }

                fields.Remove(name);
            }
        }

        var values = new Dictionary<string, JToken>(StringComparer.Ordinal);
        foreach (var source in mapping.Sources)
        {
            if (fields.Remove(source.Name, out var text))
            {
                values[source.Name] =
                    source.WantsJson && text is ['{' or '[', ..] && PlainMask.Parse(text) is { } inner
                        ? PlainMask.Mask(inner)
                        : PlainMask.Mask(source.Name, text);
            }
            else if (Take(json, source.Path, 0, source.WantsJson) is { } found)
            {
                values[source.Name] = found;
            }
        }

        var record = new PlainRecord(mapping)
        {
            Id = id,
            Place = place,
            Group = group,
            Log = log,
            TimeNanos = (log.Time * 1_000_000_000L) + log.TimeNs,
            IngestedNanos = Received(group.LogTags),
        };
        var kept = new HashSet<string>(StringComparer.Ordinal);
        if (values.TryGetValue(mapping.IdSource, out var given) && given.Type == JTokenType.String)
        {
            record.Id = (string)given!;
            kept.Add(mapping.IdSource);
        }

        PlainEcs.Fill(record, values, kept);
        record.Rest.Merge(json);
        foreach (var (name, value) in values.Where(value => !kept.Contains(value.Key)))
        {
            record.Rest[name] = value;
        }

        foreach (var (name, value) in fields)
        {
            record.Rest[name] = PlainMask.Mask(name, value);
        }

        return record;
    }

    private static Dictionary<string, string> Fields(LogGroup group, Log log)
    {
        var fields = log.Contents.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        if (group.Topic.Length > 0)
        {
            fields["__topic__"] = group.Topic;
        }

        if (group.Source.Length > 0)
        {
            fields["__source__"] = group.Source;
        }

        return fields;
    }

    private static long Received(RepeatedField<LogTag> tags) =>
        tags.FirstOrDefault(tag => tag.Key == "__receive_time__") is { } tag
            ? long.Parse(tag.Value, System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000L
            : 0;

    // Takes a value out of an object, and objects that become empty by it.
    private static JToken? Take(JObject json, string[] path, int at, bool wantsJson)
    {
        if (!json.TryGetValue(path[at], StringComparison.Ordinal, out var value))
        {
            return null;
        }

        if (at < path.Length - 1)
        {
            var found = value is JObject inner ? Take(inner, path, at + 1, wantsJson) : null;
            if (value is JObject { Count: 0 })
            {
                json.Remove(path[at]);
            }

            return found;
        }

        if (value.Type == JTokenType.Null || (value is JContainer && !wantsJson))
        {
            return null;
        }

        json.Remove(path[at]);
        return value;
    }
}
