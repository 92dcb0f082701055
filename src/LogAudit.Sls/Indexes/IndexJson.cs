using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>An index as the service writes it.</summary>
internal static class IndexJson
{
    public static IndexConfig Read(JsonObject json) =>
        new()
        {
            FullText = json["line"] is JsonObject line
                ? new FullTextIndex
                {
                    Tokens = line.Texts("token"),
                    CaseSensitive = line.FlagOr("caseSensitive", false),
                    Chinese = line.FlagOr("chn", false),
                }
                : null,
            Keys = Keys(json["keys"]),
            MaxTextLength = json.WholeOr("max_text_len", 2048),
        };

    public static JsonObject Write(IndexConfig index)
    {
        var json = new JsonObject();
        if (index.FullText is { } line)
        {
            json["line"] = new JsonObject
            {
                ["token"] = line.Tokens.ToJson(),
                ["caseSensitive"] = line.CaseSensitive,
                ["chn"] = line.Chinese,
            };
        }

        if (index.Keys.Count > 0)
        {
            json["keys"] = Write(index.Keys, inside: false);
        }

        json["log_reduce"] = false;
        json["max_text_len"] = index.MaxTextLength;
        return json;
    }

    private static Dictionary<string, IndexKey> Keys(JsonNode? node)
    {
        Dictionary<string, IndexKey> keys = new(StringComparer.Ordinal);
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            var key =
                value as JsonObject
                ?? throw new SlsDataException($"GetIndex answered a key '{name}' that is not an object.");
            keys[name] = new IndexKey
            {
                Type = key.Text("type"),
                Tokens = key.Texts("token"),
                CaseSensitive = key.FlagOr("caseSensitive", false),
                Chinese = key.FlagOr("chn", false),
                DocValue = key.FlagOr("doc_value", false),
                Alias = key.TextOr("alias", ""),
                IndexAll = key.FlagOr("index_all", false),
                MaxDepth = key.WholeOr("max_depth", -1),
                JsonKeys = Keys(key["json_keys"]),
            };
        }

        return keys;
    }

    private static JsonObject Write(IReadOnlyDictionary<string, IndexKey> keys, bool inside)
    {
        var json = new JsonObject();
        foreach (var (name, key) in keys)
        {
            var one = new JsonObject
            {
                ["type"] = key.Type,
                ["doc_value"] = key.DocValue,
                ["alias"] = key.Alias,
            };
            if (key.HasWords && !inside)
            {
                one["token"] = key.Tokens.ToJson();
                one["caseSensitive"] = key.CaseSensitive;
                one["chn"] = key.Chinese;
            }

            if (key.Type is "json")
            {
                one["index_all"] = key.IndexAll;
                one["max_depth"] = key.MaxDepth;
                one["json_keys"] = Write(key.JsonKeys, inside: true);
            }

            json[name] = one;
        }

        return json;
    }
}
