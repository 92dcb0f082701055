using System.Globalization;
using Newtonsoft.Json.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Cli.Deployment;

/// <summary>A YAML node as JSON, by the rules of YAML 1.2: only plain scalars are numbers, booleans or null.</summary>
internal static class YamlJson
{
    public static JToken From(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JObject(
                map.Children.Select(pair => new JProperty(pair.Key.ToString(), From(pair.Value)))
            ),
            YamlSequenceNode list => new JArray(list.Children.Select(From)),
            YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } scalar => Plain(scalar.Value ?? ""),
            YamlScalarNode scalar => new JValue(scalar.Value),
            _ => throw new FormatException($"line {node.Start.Line}: {node.NodeType} has no form in JSON"),
        };

    private static JValue Plain(string text) =>
        text switch
        {
            "" or "~" or "null" => JValue.CreateNull(),
            "true" => new JValue(true),
            "false" => new JValue(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                new JValue(whole),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number) => new JValue(number),
            _ => new JValue(text),
        };
}
