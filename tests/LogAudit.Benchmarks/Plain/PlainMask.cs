using System.Text;
using System.Text.RegularExpressions;
using LogAudit.Forwarding;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Benchmarks;

/// <summary>Masks secrets in objects of Newtonsoft and in texts.</summary>
internal static partial class PlainMask
{
    /// <summary>Masks every member with a secret's name, and secrets in texts.</summary>
    public static JToken Mask(JToken token)
    {
        switch (token)
        {
            case JObject json:
                foreach (var property in json.Properties())
                {
                    if (IsSecret(property.Name) && property.Value.Type != JTokenType.Null)
                    {
                        property.Value = "***";
                    }
                    else
                    {
                        Replace(property.Value);
                    }
                }

                break;
            case JArray array:
                foreach (var item in array.ToList())
                {
                    Replace(item);
                }

                break;
        }

        return token;
    }

    /// <summary>Masks secrets in the value of a field.</summary>
    public static string Mask(string name, string value)
    {
        if (IsSecret(name) && value.Length > 0)
        {
            return "***";
        }

        if (!Beginnings().IsMatch(value))
        {
            return value;
        }

        if (value.StartsWith('{') && Parse(value) is { } json)
        {
            return Mask(json).ToString(Formatting.None);
        }

        return Pairs()
            .Replace(
                value,
                pair => IsSecret(pair.Groups[1].Value) ? $"{pair.Groups[1].Value}{pair.Groups[2].Value}***" : pair.Value
            );
    }

    /// <summary>Reads JSON; null when it is none.</summary>
    public static JToken? Parse(string text)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text))
            {
                DateParseHandling = DateParseHandling.None,
            };
            return JToken.Load(reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool IsSecret(string name) => SecretNames.IsSecret(Encoding.UTF8.GetBytes(name));

    private static void Replace(JToken value)
    {
        if (value is JValue { Type: JTokenType.String } text)
        {
            text.Value = Mask("", (string)text!);
        }
        else
        {
            Mask(value);
        }
    }

    [GeneratedRegex("secr|toke|pass|pwd|priv|plai|auth|sign|cred|cook", RegexOptions.IgnoreCase)]
    private static partial Regex Beginnings();

    [GeneratedRegex("""([\w.-]+)(\s*[=:]\s*)([^ \t\r\n"'&;,})\\#<>]+)""")]
    private static partial Regex Pairs();
}
