using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogAudit.Hosting;

/// <summary>The JSON schema of <c>logaudit.yaml</c>, for editors and CI.</summary>
public static class SettingsSchema
{
    /// <summary>The schema as it stands: any key under <c>collect:</c>, any sink, format and product.</summary>
    public static string Text()
    {
        using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream("logaudit.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The schema with everything that the libraries know.</summary>
    public static string Text(SettingsKnowledge known)
    {
        var schema = JsonNode.Parse(Text())!;
        var properties = schema["properties"]!;
        if (known.Variables.Count > 0)
        {
            var collect = properties["collect"]!.AsObject();
            collect["additionalProperties"] = false;
            collect["properties"] = new JsonObject(
                known.Variables.Select(variable => KeyValuePair.Create(variable.Name, (JsonNode?)Of(variable)))
            );
        }

        if (known.Products.Count > 0)
        {
            var mappings = properties["mappings"]!.AsObject();
            mappings["additionalProperties"] = false;
            mappings["properties"] = new JsonObject(
                known.Products.Select(product =>
                    KeyValuePair.Create(product, (JsonNode?)new JsonObject { ["$ref"] = "#/definitions/mappedKinds" })
                )
            );
        }

        var destination = schema["definitions"]!["destination"]!["properties"]!;
        Limit(destination["sink"]!, known.Sinks);
        Limit(destination["format"]!, known.Formats);
        Limit(destination["products"]!["items"]!, known.Products);
        using var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true }))
        {
            schema.WriteTo(json);
        }

        return System.Text.Encoding.UTF8.GetString(to.ToArray());
    }

    private static void Limit(JsonNode node, IReadOnlyList<string> words)
    {
        if (words.Count > 0)
        {
            node["enum"] = new JsonArray([.. words.Select(word => (JsonNode?)JsonValue.Create(word))]);
        }
    }

    private static JsonObject Of(CollectVariable variable)
    {
        var about = variable.About.Length > 0 ? $"{variable.About} " : "";
        var schema = new JsonObject
        {
            ["description"] = $"{about}Allowed: {variable.Allowed}. Default: {Shown(variable.Default)}.",
        };
        if (variable.Only is { } only)
        {
            schema["enum"] = Both(only);
            return schema;
        }

        switch (variable.Type)
        {
            case CollectVariableType.Switch:
                schema["enum"] = new JsonArray(true, false, "true", "false");
                break;
            case CollectVariableType.Policy:
            case CollectVariableType.Codes:
            case CollectVariableType.Projects:
                schema["type"] = "string";
                break;
            default:
                schema["type"] = "integer";
                schema["minimum"] = variable.Least;
                schema["maximum"] = variable.Most;
                break;
        }

        return schema;
    }

    // An unquoted value in YAML is a boolean or a number in JSON.
    private static JsonArray Both(string text) =>
        text switch
        {
            "true" => new JsonArray(true, "true"),
            "false" => new JsonArray(false, "false"),
            _ when long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) =>
                new JsonArray(number, text),
            _ => new JsonArray(text),
        };

    private static string Shown(string value) => value.Length == 0 ? "empty" : value;
}
