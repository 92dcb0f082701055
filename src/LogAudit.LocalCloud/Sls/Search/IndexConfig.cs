using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>The index of a Logstore: which words of which fields can be found. Source: SLS CreateIndex.</summary>
internal sealed class IndexConfig
{
    private static readonly string[] Types = ["text", "long", "double", "json"];

    private readonly JObject body;
    private readonly Dictionary<string, FieldIndex> fields;

    private IndexConfig(JObject body, LineIndex? line, Dictionary<string, FieldIndex> fields)
    {
        this.body = body;
        this.fields = fields;
        Line = line;
    }

    /// <summary>The four keys of a metric sample. Source: SLS protocol 9, Metricstore.</summary>
    public static IndexConfig OfMetrics { get; } =
        Read(
            JObject.Parse(
                """
                {"keys":{"__name__":{"type":"text","token":[],"doc_value":true},"__labels__":{"type":"text","token":["|"],"doc_value":true},
                         "__time_nano__":{"type":"long","doc_value":true},"__value__":{"type":"double","doc_value":true}}}
                """
            ),
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch
        );

    /// <summary>The full-text index, null when there is none.</summary>
    public LineIndex? Line { get; }

    /// <summary>From when on data is indexed; older data is not found.</summary>
    public DateTimeOffset ActiveFrom { get; init; }

    public DateTimeOffset ModifiedAt { get; init; }

    public static IndexConfig Read(JObject body, DateTimeOffset modified, DateTimeOffset activeFrom)
    {
        var line = body.Part("line") is { } part ? LineIndex.Read(part) : null;
        var fields = new Dictionary<string, FieldIndex>(StringComparer.Ordinal);
        foreach (var key in body.Part("keys")?.Properties() ?? [])
            fields[key.Name] = FieldIndex.Read(
                key.Name,
                key.Value as JObject ?? throw SlsRefusal.Parameter($"keys.{key.Name} must be an object")
            );
        if (line is null && fields.Count == 0)
            throw SlsRefusal.Parameter("at least one of line and keys is required");
        if (body.Number("max_text_len") is < 64 or > 16384)
            throw SlsRefusal.Parameter("max_text_len must be within range [64, 16384]");
        return new IndexConfig((JObject)body.DeepClone(), line, fields)
        {
            ModifiedAt = modified,
            ActiveFrom = activeFrom,
        };
    }

    /// <summary>The index of a key; a path into a JSON field has that of its leaf.</summary>
    public FieldIndex? Field(string key)
    {
        if (fields.TryGetValue(key, out var field))
            return field;
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && fields.TryGetValue(key[..dot], out var json) && json.Type == "json"
            ? json.Leaf(key[(dot + 1)..])
            : null;
    }

    /// <summary>Fields that SQL may use, JSON sub-keys by their path.</summary>
    public IEnumerable<string> Analysed =>
        fields
            .Values.Where(one => one.Analysed)
            .SelectMany(one =>
                (IEnumerable<string>)
                    [
                        one.Key,
                        .. one.LeafPaths.Where(path => one.Leaf(path)!.Analysed).Select(path => $"{one.Key}.{path}"),
                    ]
            );

    public IEnumerable<FieldIndex> TextFields => fields.Values.Where(one => one.Type is "text" or "json");

    public JObject ToJson(int ttlDays)
    {
        var json = (JObject)body.DeepClone();
        json["index_mode"] = "v2";
        json["storage"] = "pg";
        json["ttl"] = ttlDays;
        json["lastModifyTime"] = ModifiedAt.ToUnixTimeSeconds();
        return json;
    }

    /// <summary>The full-text index.</summary>
    internal sealed record LineIndex(
        string Delimiters,
        bool CaseSensitive,
        IReadOnlyList<string> Include,
        IReadOnlyList<string> Exclude
    )
    {
        public static LineIndex Read(JObject body)
        {
            var (include, exclude) = (body.Texts("include_keys"), body.Texts("exclude_keys"));
            if (include.Count > 0 && exclude.Count > 0)
                throw SlsRefusal.Parameter("include_keys and exclude_keys exclude each other");
            return new LineIndex(Delimiter(body, "line"), body.Flag("caseSensitive") ?? false, include, exclude);
        }

        public bool Covers(string key) =>
            Include.Count > 0
                ? Include.Contains(key, StringComparer.Ordinal)
                : !Exclude.Contains(key, StringComparer.Ordinal);
    }

    /// <summary>The index of one field.</summary>
    internal sealed record FieldIndex(string Key, string Type, string Delimiters, bool CaseSensitive)
    {
        private JObject? Leaves { get; init; }

        /// <summary>Whether SQL may use it (<c>doc_value</c>). Absent means not, as the service's answers read.</summary>
        public bool Analysed { get; private init; }

        public IEnumerable<string> LeafPaths => Leaves?.Properties().Select(leaf => leaf.Name) ?? [];

        private bool IndexAll { get; init; }

        public static FieldIndex Read(string key, JObject body)
        {
            var type = body.NeedText("type");
            if (!Types.Contains(type, StringComparer.Ordinal))
                throw SlsRefusal.Parameter($"keys.{key}.type must be one of text, long, double, json");
            var delimiters = type is "text" or "json" ? Delimiter(body, "keys." + key) : "";
            return new FieldIndex(key, type, delimiters, body.Flag("caseSensitive") ?? false)
            {
                Leaves = body.Part("json_keys"),
                IndexAll = body.Flag("index_all") ?? false,
                Analysed = body.Flag("doc_value") ?? false,
            };
        }

        public FieldIndex? Leaf(string path) =>
            Leaves?[path] is JObject leaf
                ? this with
                {
                    Key = Key + "." + path,
                    Type = leaf.Text("type") ?? "text",
                    Analysed = leaf.Flag("doc_value") ?? false,
                }
            : IndexAll ? this with { Key = Key + "." + path, Type = "text" }
            : null;
    }

    private static string Delimiter(JObject body, string where) =>
        body["token"] is JArray list
            ? string.Concat(list.Select(item => (string?)item))
            : throw SlsRefusal.Parameter($"{where}.token is required");
}
