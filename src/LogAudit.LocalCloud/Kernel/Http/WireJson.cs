using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Reads JSON with dates left as text: Newtonsoft's own Parse turns them into values and loses their form.</summary>
internal static class WireJson
{
    /// <exception cref="JsonException">Not JSON.</exception>
    public static JToken Token(string text)
    {
        using var reader = Reader(text);
        var token = JToken.Load(reader);
        return reader.Read() ? throw new JsonReaderException("Text goes on after the JSON value.") : token;
    }

    /// <exception cref="JsonException">Not a JSON object.</exception>
    public static JObject Object(string text) =>
        Token(text) as JObject ?? throw new JsonReaderException("A JSON object was expected.");

    /// <exception cref="JsonException">Not a JSON array.</exception>
    public static JArray Array(string text) =>
        Token(text) as JArray ?? throw new JsonReaderException("A JSON array was expected.");

    private static JsonTextReader Reader(string text) =>
        new(new StringReader(text)) { DateParseHandling = DateParseHandling.None, MaxDepth = 64 };
}
