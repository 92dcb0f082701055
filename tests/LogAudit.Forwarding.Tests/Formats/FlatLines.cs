using System.Text;

namespace LogAudit.Forwarding.Tests.Formats;

/// <summary>A reader of CEF, written from the standard and not from our writer.</summary>
internal sealed record CefLine(IReadOnlyList<string> Header, IReadOnlyDictionary<string, string> Extension)
{
    public static CefLine Parse(string line)
    {
        Assert.StartsWith("CEF:", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        var header = new List<string>();
        var part = new StringBuilder();
        var at = "CEF:".Length;
        for (; header.Count < 7; at++)
        {
            switch (line[at])
            {
                case '\\':
                    Assert.Contains(line[++at], "\\|");
                    part.Append(line[at]);
                    break;
                case '|':
                    header.Add(part.ToString());
                    part.Clear();
                    break;
                default:
                    part.Append(line[at]);
                    break;
            }
        }

        return new(header, Pairs(line[at..]));
    }

    private static Dictionary<string, string> Pairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        var equals = Enumerable.Range(0, text.Length).Where(at => text[at] == '=' && !IsEscaped(text, at)).ToList();
        for (var number = 0; number < equals.Count; number++)
        {
            var from = text.LastIndexOf(' ', equals[number]) + 1;
            var to = number + 1 < equals.Count ? text.LastIndexOf(' ', equals[number + 1]) : text.Length;
            Assert.Matches("^[A-Za-z0-9]+$", text[from..equals[number]]);
            pairs.Add(text[from..equals[number]], Unescaped(text[(equals[number] + 1)..to]));
        }

        return pairs;
    }

    private static bool IsEscaped(string text, int at)
    {
        var before = 0;
        while (at - before - 1 >= 0 && text[at - before - 1] == '\\')
        {
            before++;
        }

        return before % 2 == 1;
    }

    private static string Unescaped(string value)
    {
        var text = new StringBuilder();
        for (var at = 0; at < value.Length; at++)
        {
            text.Append(
                value[at] != '\\'
                    ? value[at]
                    : value[++at] switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        '\\' => '\\',
                        '=' => '=',
                        var other => throw new Xunit.Sdk.XunitException($"\\{other} is no escape of CEF"),
                    }
            );
        }

        return text.ToString();
    }
}

/// <summary>A reader of LEEF, written from IBM's description and not from our writer.</summary>
internal sealed record LeefLine(IReadOnlyList<string> Header, IReadOnlyDictionary<string, string> Attributes)
{
    public static LeefLine Parse(string line)
    {
        Assert.StartsWith("LEEF:", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        var parts = line["LEEF:".Length..].Split('|', line.StartsWith("LEEF:2.0", StringComparison.Ordinal) ? 7 : 6);
        var delimiter = parts[0] is "2.0" ? (char)Convert.ToInt32(parts[5][1..], 16) : '\t';
        return new(
            parts[..^1],
            parts[^1]
                .Split(delimiter)
                .Select(pair => pair.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal)
        );
    }
}
