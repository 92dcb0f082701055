using System.Text;

namespace LogAudit.LocalCloud.Sql.Syntax;

internal enum TokenKind
{
    /// <summary>A name or keyword without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A text in single quotes.</summary>
    Text,
    Number,
    Sign,
    End,
}

/// <summary>One token of a statement.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Without quotes and their doubling.</param>
/// <param name="At">Where it begins, from 0.</param>
internal readonly record struct SqlToken(TokenKind Kind, string Text, int At)
{
    private static readonly string[] Signs = ["<>", "!=", "<=", ">=", "||", .. "()+-*/%,.=<>[]".Select(c => $"{c}")];

    public bool Is(string word) =>
        Kind is TokenKind.Word or TokenKind.Sign && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<SqlToken> Split(string text)
    {
        List<SqlToken> tokens = [];
        for (var at = 0; at < text.Length; )
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var token = Next(text, ref at);
            tokens.Add(token);
        }

        tokens.Add(new(TokenKind.End, "<EOF>", text.Length));
        return tokens;
    }

    private static SqlToken Next(string text, ref int at)
    {
        var begin = at;
        var c = text[at];
        if (c is '\'' or '"')
        {
            var inside = Quoted(text, ref at);
            return new(c == '"' ? TokenKind.QuotedName : TokenKind.Text, inside, begin);
        }

        if (char.IsAsciiDigit(c))
        {
            at = End(text, at, next => char.IsAsciiDigit(next) || next == '.');
            return at < text.Length && IsNamePart(text[at])
                ? throw Refusal.Syntax(
                    begin,
                    "identifiers must not start with a digit; surround the identifier with double quotes"
                )
                : new(TokenKind.Number, text[begin..at], begin);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            at = End(text, at, IsNamePart);
            return new(TokenKind.Word, text[begin..at], begin);
        }

        foreach (var sign in Signs)
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
            {
                at += sign.Length;
                return new(TokenKind.Sign, sign, begin);
            }
        }

        throw Refusal.Syntax(at, $"extraneous input '{c}'");
    }

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static int End(string text, int at, Func<char, bool> inside)
    {
        while (at < text.Length && inside(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>A quote within quotes is doubled; a backslash is a letter like any other. Source: SQL of Presto.</summary>
    private static string Quoted(string text, ref int at)
    {
        var begin = at;
        var quote = text[at++];
        var read = new StringBuilder();
        while (at < text.Length)
        {
            if (text[at] != quote)
            {
                read.Append(text[at++]);
            }
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                read.Append(quote);
                at += 2;
            }
            else
            {
                at++;
                return read.ToString();
            }
        }

        throw Refusal.Syntax(begin, "a quote is not closed");
    }
}
