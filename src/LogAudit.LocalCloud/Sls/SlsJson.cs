using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls;

/// <summary>Reading of JSON bodies: nothing is guessed, a wrong type is refused by name.</summary>
internal static class SlsJson
{
    /// <summary>Reads a body that must be an object.</summary>
    public static JObject Object(ReadOnlyMemory<byte> body) =>
        Token(body) as JObject ?? throw SlsRefusal.Body("the body is not a JSON object");

    /// <summary>Reads a body of any JSON.</summary>
    public static JToken Token(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = new JsonTextReader(new StreamReader(new MemoryStream(body.ToArray())))
            {
                DateParseHandling = DateParseHandling.None,
                MaxDepth = 64,
            };
            var token = JToken.ReadFrom(reader);
            return reader.Read() ? throw SlsRefusal.Body("the body has more than one JSON value") : token;
        }
        catch (JsonReaderException failure)
        {
            throw SlsRefusal.Body("invalid json: " + failure.Message);
        }
    }

    /// <summary>Reads a body that may be an object; null when it is not one.</summary>
    public static JObject? TryObject(ReadOnlyMemory<byte> body)
    {
        try
        {
            return body.IsEmpty ? null : Token(body) as JObject;
        }
        catch (CloudError)
        {
            return null;
        }
    }

    public static string? Text(this JObject of, string key) =>
        of[key] switch
        {
            null or { Type: JTokenType.Null } => null,
            { Type: JTokenType.String } text => (string?)text,
            _ => throw SlsRefusal.Parameter($"{key} must be a string"),
        };

    public static string NeedText(this JObject of, string key) =>
        of.Text(key) is { Length: > 0 } text ? text : throw SlsRefusal.Parameter($"{key} is required");

    public static int? Number(this JObject of, string key) =>
        of[key] switch
        {
            null or { Type: JTokenType.Null } => null,
            { Type: JTokenType.Integer } number when (long)number is >= int.MinValue and <= int.MaxValue => (int)number,
            // Some clients send every parameter as text.
            { Type: JTokenType.String } text
                when int.TryParse(
                    (string?)text,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var value
                ) => value,
            _ => throw SlsRefusal.Parameter($"{key} must be an integer"),
        };

    public static bool? Flag(this JObject of, string key) =>
        of[key] switch
        {
            null or { Type: JTokenType.Null } => null,
            { Type: JTokenType.Boolean } flag => (bool)flag,
            _ => throw SlsRefusal.Parameter($"{key} must be a boolean"),
        };

    public static JObject? Part(this JObject of, string key) =>
        of[key] switch
        {
            null or { Type: JTokenType.Null } => null,
            JObject part => part,
            _ => throw SlsRefusal.Parameter($"{key} must be an object"),
        };

    public static IReadOnlyList<string> Texts(this JObject of, string key) =>
        of[key] switch
        {
            null or { Type: JTokenType.Null } => [],
            JArray list when list.All(item => item.Type == JTokenType.String) =>
            [
                .. list.Select(item => (string)item!),
            ],
            _ => throw SlsRefusal.Parameter($"{key} must be a list of strings"),
        };
}
