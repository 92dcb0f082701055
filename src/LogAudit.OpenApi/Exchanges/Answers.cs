using System.Text;
using System.Xml;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>Reads answers of services: JSON objects, and errors in JSON (both casings) or XML.</summary>
internal static class Answers
{
    private static readonly string[] SuccessCodes = ["200", "OK", "Success", "success"];

    /// <summary>The JSON object of an answer; null when the body is not one.</summary>
    public static JObject? ReadObject(byte[] body)
    {
        // Dates stay texts: what the service wrote is what handlers compare.
        using var reader = new JsonTextReader(new StreamReader(new MemoryStream(body), Encoding.UTF8))
        {
            DateParseHandling = DateParseHandling.None,
            MaxDepth = 64,
        };
        try
        {
            var read = JToken.ReadFrom(reader) as JObject;
            return read is not null && !reader.Read() ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The error in an answer of OpenAPI; null for a success. An answer of 200 with <c>Success: false</c> or a <c>Code</c> that is no success is an error.</summary>
    public static ServiceError? OpenApiError(int status, byte[] body)
    {
        var answer = ReadObject(body);
        if (status is >= 200 and < 300)
        {
            return answer is null
                ? status == 204 && body.Length == 0
                    ? null
                    : new(ClientErrorCodes.UnreadableAnswer, "the answer is not a JSON object", "")
                : EnvelopeError(answer);
        }

        return answer is null
            ? XmlError(body) ?? new(ClientErrorCodes.UnreadableAnswer, "the answer is neither JSON nor XML", "")
            : new(
                Text(answer, "Code") is { Length: > 0 } code ? code : ClientErrorCodes.UnreadableAnswer,
                Text(answer, "Message"),
                Text(answer, "RequestId")
            );
    }

    /// <summary>The error of an XML answer (<c>&lt;Error&gt;</c>); null when the body is none.</summary>
    public static ServiceError? XmlError(byte[] body)
    {
        try
        {
            using var reader = OpenXml(body);
            reader.MoveToContent();
            if (!string.Equals(reader.LocalName, "Error", StringComparison.Ordinal))
            {
                return null;
            }

            var members = ReadLeaves(reader);
            return new(
                members.GetValueOrDefault("Code", ClientErrorCodes.UnreadableAnswer),
                members.GetValueOrDefault("Message", ""),
                members.GetValueOrDefault("RequestId", "")
            );
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>A reader of XML that resolves nothing and refuses document types.</summary>
    public static XmlReader OpenXml(byte[] body) =>
        XmlReader.Create(
            new MemoryStream(body),
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreWhitespace = true,
                IgnoreComments = true,
            }
        );

    /// <summary>The texts of the children of the element at which the reader stands; deeper elements are left out.</summary>
    public static Dictionary<string, string> ReadLeaves(XmlReader reader)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        using var inside = reader.ReadSubtree();
        var name = "";
        while (inside.Read())
        {
            if (inside.NodeType == XmlNodeType.Element)
            {
                name = inside.Depth == 1 ? inside.LocalName : "";
            }
            else if (inside.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && inside.Depth == 2 && name.Length > 0)
            {
                members[name] = inside.Value;
            }
        }

        return members;
    }

    private static ServiceError? EnvelopeError(JObject answer)
    {
        var code = Text(answer, "Code");
        var refused = string.Equals(Text(answer, "Success"), "false", StringComparison.OrdinalIgnoreCase);
        if (!refused && (code.Length == 0 || SuccessCodes.Contains(code, StringComparer.Ordinal)))
        {
            return null;
        }

        return new(
            code.Length > 0 ? code : ClientErrorCodes.UnreadableAnswer,
            Text(answer, "Message") is { Length: > 0 } message ? message : "the answer says Success: false",
            Text(answer, "RequestId")
        );
    }

    private static string Text(JObject answer, string name) =>
        answer.GetValue(name, StringComparison.OrdinalIgnoreCase) is JValue { Value: { } value }
            ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? ""
            : "";
}
