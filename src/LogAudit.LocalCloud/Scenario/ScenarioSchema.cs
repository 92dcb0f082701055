using LogAudit.LocalCloud.Products;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>Fills the skeleton of the JSON schema with the words that the reader knows, so that neither can know more.</summary>
internal static class ScenarioSchema
{
    private const string Duration = @"^(\d+m(?!s))?(\d+(\.\d+)?s)?(\d+ms)?$";

    /// <summary>The schema.</summary>
    /// <param name="skeleton">The schema without <c>$defs</c>.</param>
    public static string Fill(string skeleton)
    {
        var schema = JObject.Parse(skeleton);
        schema["$defs"] = new JObject
        {
            ["region"] = OneOf(Offered.Ids),
            ["product"] = OneOf(ScenarioWords.Products.Keys),
            ["verb"] = OneOf(ScenarioWords.Verbs),
            ["fault"] = OneOf(ScenarioWords.Faults),
            ["propertiesOfProducts"] = new JObject
            {
                ["allOf"] = new JArray(ScenarioWords.Products.Select(product => When(product.Key, product.Value))),
            },
        };
        return schema.ToString();
    }

    private static JObject When(string product, ProductWords words) =>
        new()
        {
            ["if"] = new JObject { ["properties"] = new JObject { ["product"] = new JObject { ["const"] = product } } },
            ["then"] = new JObject
            {
                ["properties"] = new JObject
                {
                    ["properties"] = new JObject
                    {
                        ["type"] = "object",
                        ["additionalProperties"] = false,
                        ["properties"] = new JObject(
                            words.Properties.Select(one => new JProperty(
                                one.Key,
                                Property(one.Key, one.Value, words.Notes.GetValueOrDefault(one.Key))
                            ))
                        ),
                    },
                },
            },
        };

    private static JObject Property(string name, string[] allowed, string? note)
    {
        var property =
            name.EndsWith("After", StringComparison.Ordinal)
                ? new JObject
                {
                    ["type"] = "string",
                    ["pattern"] = Duration,
                    ["examples"] = new JArray("5s", "1m30s", "200ms"),
                }
            : allowed.Length > 0 ? OneOf(allowed)
            : new JObject
            {
                ["type"] = new JArray("string", "number", "boolean", "array"),
                ["items"] = new JObject { ["type"] = "string" },
            };
        if (note is not null)
        {
            property["description"] = note;
        }
        return property;
    }

    // YAML's own true and false are the words "true" and "false".
    private static JObject OneOf(IEnumerable<string> words) =>
        new()
        {
            ["enum"] = new JArray(
                words.SelectMany(word => word is "true" or "false" ? new object[] { word, word is "true" } : [word])
            ),
        };
}
