using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LogAudit.Forwarding.Tests.Filters;

/// <summary>The filter language over a dictionary of the written record: slow, short, and made without the parser and the conditions under test.</summary>
internal static class NaiveFilter
{
    private static readonly string[] Names =
    [
        "user.name",
        "http.request.bytes",
        "labels.b",
        "rest",
        "in.c",
        "in.x.y",
        "on",
        "product",
        "event.dataset",
        "missing",
    ];

    private static readonly string[] Letters = ["a", "b", "*", "?", "\"", "é", "漢", "😀", "1", "."];

    /// <summary>Every name that a filter can ask for, from the record as it is written.</summary>
    public static Dictionary<string, string> Properties(JsonObject record)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["product"] = "test",
            ["log.kind"] = "kind",
        };
        Collect(record, "", found);
        return found;
    }

    /// <summary>A text of letters that matter to the language.</summary>
    public static string SomeText(Random random) =>
        random.Next(4) == 0
            ? random.Next(-5, 50).ToString(CultureInfo.InvariantCulture)
            : string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Letters[random.Next(Letters.Length)]));

    /// <summary>A script of up to four rules, and whether it takes a record with these properties.</summary>
    public static (string Script, bool Takes) Script(Random random, IReadOnlyDictionary<string, string> record)
    {
        var script = new StringBuilder();
        bool? decided = null;
        for (var rules = random.Next(1, 5); rules > 0; rules--)
        {
            var (text, holds) = Condition(random, record, depth: 3);
            var action = random.Next(3);
            script.AppendLine(
                CultureInfo.InvariantCulture,
                $"{(action, "") switch { (0, _) => "keep", (1, _) => "drop", _ => "accept" }} {text} # {rules}"
            );
            decided ??= (action, holds) switch
            {
                (0, false) or (1, true) => false,
                (2, true) => true,
                _ => null,
            };
        }

        return (script.ToString(), decided ?? true);
    }

    private static (string Text, bool Holds) Condition(
        Random random,
        IReadOnlyDictionary<string, string> record,
        int depth
    )
    {
        if (depth > 0 && random.Next(2) == 0)
        {
            var (left, leftHolds) = Condition(random, record, depth - 1);
            var (right, rightHolds) = Condition(random, record, depth - 1);
            return random.Next(3) switch
            {
                0 => ($"({left}) and ({right})", leftHolds && rightHolds),
                1 => ($"({left} || {right})", leftHolds || rightHolds),
                _ => ($"! ({left})", !leftHolds),
            };
        }

        var name = Names[random.Next(Names.Length)];
        var value = record.GetValueOrDefault(name);
        var number = random.Next(-5, 50);
        var holdsNumber = decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed);
        var (pattern, regex) = Pattern(random, value ?? "a");
        return random.Next(5) switch
        {
            0 => ($"{name} >= {number}", holdsNumber && parsed >= number),
            1 => ($"{name}: [*, {number}]", holdsNumber && parsed <= number),
            2 => (
                $"{name} ~= \"{Regex.Escape(Middle(value)).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                value?.Contains(Middle(value), StringComparison.Ordinal) == true
            ),
            3 => ($"\"{pattern}\"", record.Values.Any(regex.IsMatch)),
            _ => ($"{name} == \"{pattern}\"", value is not null && regex.IsMatch(value)),
        };
    }

    private static string Middle(string? value) =>
        value is { Length: > 0 } ? new StringInfo(value).SubstringByTextElements(0, 1) : "a";

    // A wildcard pattern that often fits the value, and what it means as a regular expression.
    private static (string Pattern, Regex Meaning) Pattern(Random random, string value)
    {
        var (pattern, meaning) = (new StringBuilder(), new StringBuilder("^"));
        foreach (var rune in value.EnumerateRunes())
        {
            switch (random.Next(5))
            {
                case 0:
                    pattern.Append('*');
                    meaning.Append(".*");
                    break;
                case 1:
                    pattern.Append('?');
                    meaning.Append("(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)");
                    break;
                default:
                    pattern.Append(rune.Value is '*' or '?' or '\\' or '"' ? "\\" : "").Append(rune);
                    meaning.Append(Regex.Escape(rune.ToString()));
                    break;
            }
        }

        return (pattern.ToString(), new Regex($"{meaning}\\z", RegexOptions.Singleline, TimeSpan.FromSeconds(10)));
    }

    private static void Collect(JsonNode? node, string name, Dictionary<string, string> found)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, member) in members)
                {
                    // What no ECS name took stands under aliyun.<product>, by its own name.
                    var full = name.Length == 0 ? key : $"{name}.{key}";
                    Collect(member, full is "aliyun.test" ? "" : full, found);
                }

                break;
            case JsonArray list:
                Collect(list[0], name, found);
                break;
            case JsonValue value:
                found[name] = value.ToString();
                break;
        }
    }
}
