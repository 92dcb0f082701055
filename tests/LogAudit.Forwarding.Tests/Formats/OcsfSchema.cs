using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogAudit.Forwarding.Tests.Formats;

/// <summary>Names, requirements and constraints of OCSF 1.6.0 for the classes and objects that we write: <c>ocsf-1.6.0.json</c>.</summary>
internal static class OcsfSchema
{
    private static readonly JsonObject Schema = JsonNode
        .Parse(typeof(OcsfSchema).Assembly.GetManifestResourceStream("ocsf-1.6.0.json")!)!
        .AsObject();

    // Which object stands behind an attribute, where the names differ.
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["src_endpoint"] = "network_endpoint",
        ["dst_endpoint"] = "network_endpoint",
        ["query"] = "dns_query",
        ["entity"] = "managed_entity",
        ["app"] = "application",
        ["connection_info"] = "network_connection_info",
        ["traffic"] = "network_traffic",
    };

    /// <summary>Fails where an event is not what its class allows and requires.</summary>
    public static void Check(JsonObject json)
    {
        var uid = (int)json["class_uid"]!;
        var name = uid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var of = Schema["classes"]![name]?.AsObject() ?? throw new Xunit.Sdk.XunitException($"class {uid} is unknown");
        var activity = (int)json["activity_id"]!;
        Assert.Contains(activity, of["activities"]!.AsArray().Select(one => (int)one!));
        Assert.Equal(uid / 1000, (int)json["category_uid"]!);
        Assert.Equal((uid * 100) + activity, (int)json["type_uid"]!);
        Assert.Equal(JsonValueKind.Number, json["time"]!.GetValueKind());
        Assert.Equal("1.6.0", (string?)json["metadata"]!["version"]);
        // The profile that the metadata name adds the attribute.
        Check($"class {uid}", json, of, ["cloud"]);
    }

    private static void Check(string where, JsonObject json, JsonObject of, IReadOnlyList<string> more)
    {
        var names = json.Select(member => member.Key).ToList();
        Assert.Empty(
            names.Except([.. Texts(of["attributes"]), .. more]).Select(name => $"{where}: {name} is not known")
        );
        Assert.Empty(Texts(of["required"]).Except(names).Select(name => $"{where}: {name} is missing"));
        var oneOf = Texts(of["atLeastOne"]).ToList();
        Assert.True(oneOf.Count == 0 || oneOf.Intersect(names).Any(), $"{where}: none of {string.Join(", ", oneOf)}");
        foreach (var (name, value) in json)
        {
            if (value is JsonObject inner && name != "unmapped")
            {
                var type = Types.GetValueOrDefault(name, name);
                Check(
                    $"{where}.{name}",
                    inner,
                    Schema["objects"]![type]?.AsObject()
                        ?? throw new Xunit.Sdk.XunitException($"object {type} is unknown"),
                    []
                );
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(one => (string)one!);
}
