namespace LogAudit;

internal enum PolicyTokenKind
{
    Word,
    Text,
    Symbol,
    End,
}

/// <summary>A token of a policy script; of a text without its quotes, escapes kept.</summary>
internal readonly record struct PolicyToken(PolicyTokenKind Kind, string Value, int Column)
{
    public override string ToString() =>
        Kind switch
        {
            PolicyTokenKind.End => "the end of the line",
            PolicyTokenKind.Text => $"\"{Value}\"",
            _ => $"'{Value}'",
        };
}

/// <summary>Splits one line of a policy script into tokens.</summary>
internal static class PolicyLexer
{
    private static readonly string[] Symbols =
    [
        "==",
        "~=",
        ">=",
        "<=",
        "&&",
        "||",
        ">",
        "<",
        "=",
        ":",
        "(",
        ")",
        "[",
        "]",
        ",",
        "*",
        "!",
    ];

    public static List<PolicyToken> Tokens(string line, int number)
    {
        var tokens = new List<PolicyToken>();
        var at = 0;
        while (at < line.Length && line[at] != '#')
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
            }
            else if (line[at] == '"')
            {
                tokens.Add(Text(line, number, ref at));
            }
            else if (WordLength(line, at) is > 0 and var length)
            {
                tokens.Add(new(PolicyTokenKind.Word, line.Substring(at, length), at + 1));
                at += length;
            }
            else
            {
                var symbol =
                    Symbols.FirstOrDefault(candidate =>
                        string.CompareOrdinal(line, at, candidate, 0, candidate.Length) == 0
                    )
                    ?? throw new PolicyMistakeException(
                        new(number, at + 1, $"'{line[at]}' has no meaning here; texts stand in double quotes")
                    );
                tokens.Add(new(PolicyTokenKind.Symbol, symbol, at + 1));
                at += symbol.Length;
            }
        }

        tokens.Add(new(PolicyTokenKind.End, "", at + 1));
        return tokens;
    }

    private static PolicyToken Text(string line, int number, ref int at)
    {
        var start = at++;
        while (at < line.Length && line[at] != '"')
        {
            at += line[at] == '\\' ? 2 : 1;
        }

        if (at >= line.Length)
        {
            throw new PolicyMistakeException(new(number, start + 1, "the text has no closing double quote"));
        }

        return new(PolicyTokenKind.Text, line[(start + 1)..at++], start + 1);
    }

    /// <summary>Length of the property name, number or keyword at a place. A colon inside a tag key belongs to it: <c>tag.acs:rm</c>.</summary>
    private static int WordLength(string line, int start)
    {
        var at = start;
        while (at < line.Length && (IsPart(line[at]) || (at > start && IsInnerColon(line, at))))
        {
            at++;
        }

        return at - start;
    }

    private static bool IsPart(char letter) =>
        char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/' or '@';

    private static bool IsInnerColon(string line, int at) =>
        line[at] == ':' && at + 1 < line.Length && IsPart(line[at + 1]);
}
