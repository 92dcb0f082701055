using LogAudit.LocalCloud.Sls.Wire;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>A record as a search shows it: its fields and the fields of its LogGroup.</summary>
internal sealed class FoundRecord(LogGroup group, LogRecord log)
{
    public uint Time => log.Time;

    public IEnumerable<(string Key, string Value)> Contents =>
        log.Contents.Select(content => (content.Key, content.Value.ToStringUtf8()));

    public string? Value(string key)
    {
        if (key == "__topic__")
            return group.Topic;
        if (key == "__source__")
            return group.Source;
        if (key.StartsWith("__tag__:", StringComparison.Ordinal))
            return group.LogTags.FirstOrDefault(tag => tag.Key == key["__tag__:".Length..])?.Value;
        if (log.Contents.FirstOrDefault(content => content.Key == key) is { } own)
            return own.Value.ToStringUtf8();
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && log.Contents.FirstOrDefault(content => content.Key == key[..dot]) is { } json
            ? Leaf(json.Value.ToStringUtf8(), key[(dot + 1)..])
            : null;
    }

    /// <summary>The row of a query's answer: a flat map of texts.</summary>
    public JObject ToJson()
    {
        var row = new JObject
        {
            ["__time__"] = log.Time.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["__source__"] = group.Source,
            ["__topic__"] = group.Topic,
        };
        if (log.HasTimeNs)
            row["__time_ns_part__"] = log.TimeNs.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (var tag in group.LogTags)
            row["__tag__:" + tag.Key] = tag.Value;
        foreach (var (key, value) in Contents)
            row[key] = value;
        return row;
    }

    private static string? Leaf(string json, string path)
    {
        try
        {
            return JToken.Parse(json).SelectToken(path)?.ToString();
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return null;
        }
    }
}
