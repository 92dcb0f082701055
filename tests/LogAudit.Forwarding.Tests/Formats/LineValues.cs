using System.Text.Json;
using System.Text.Json.Nodes;
using LogAudit.Forwarding.Tests.Records;

namespace LogAudit.Forwarding.Tests.Formats;

/// <summary>Every value that a receiver finds in a line of a format, also inside texts that are JSON themselves.</summary>
internal static class LineValues
{
    /// <summary>Reads with the parser of the format. A name that occurs twice in an object is a failure.</summary>
    public static HashSet<string> Of(string format, string line)
    {
        IEnumerable<string> texts = format switch
        {
            "cef" when CefLine.Parse(line) is var cef => [.. cef.Header, .. cef.Extension.Values],
            "leef" when LeefLine.Parse(line) is var leef => [.. leef.Header, .. leef.Attributes.Values],
            "rfc5424" => [SyslogMessage.Parse(line).Text],
            "rfc3164" => [ReadBack.Rfc3164Text(line)],
            _ => [line],
        };
        return [.. texts.SelectMany(Inside)];
    }

    /// <summary>A text, and what stands in it where it is JSON.</summary>
    public static IEnumerable<string> Inside(string text)
    {
        yield return text;
        if (text is ['{' or '[', ..] && Parsed(text) is { } json)
        {
            foreach (var leaf in JsonTrees.Leaves(json).SelectMany(Inside))
            {
                yield return leaf;
            }
        }
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException) when (!IsJson(text))
        {
            return null;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
