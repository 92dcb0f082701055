using System.Text;

namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>One word or sign of a search query.</summary>
/// <param name="Text">Without quotes and their escapes.</param>
/// <param name="Quoted">Whether it stood in quotes: then it is never a sign or keyword.</param>
internal readonly record struct SearchWord(string Text, bool Quoted)
{
    private const string TagPrefix = "__tag__:";

    /// <summary>Whether it is a sign of the grammar.</summary>
    public bool IsSign =>
        !Quoted && Text is "(" or ")" or "[" or "]" or ":" or ">" or ">=" or "<" or "<=" or "=" or "|";

    public static IReadOnlyList<SearchWord> Split(string text)
    {
        List<SearchWord> words = [];
        for (var at = 0; at < text.Length; )
        {
            var c = text[at];
            if (char.IsWhiteSpace(c) || c == ',')
                at++;
            else if (c is '"' or '\'')
                words.Add(new SearchWord(Quote(text, ref at), true));
            else if (c is '>' or '<' && at + 1 < text.Length && text[at + 1] == '=')
                words.Add(new SearchWord(text.Substring((at += 2) - 2, 2), false));
            else if (IsSignAt(c))
                words.Add(new SearchWord(text.Substring(at++, 1), false));
            else
                words.Add(new SearchWord(Plain(text, ref at), false));
        }
        return words;
    }

    private static bool IsSignAt(char c) => c is '(' or ')' or '[' or ']' or ':' or '>' or '<' or '=' or '|';

    private static string Plain(string text, ref int at)
    {
        var begin = at;
        // A tag is a key with a colon of its own: __tag__:name.
        if (string.CompareOrdinal(text, at, TagPrefix, 0, TagPrefix.Length) == 0)
            at += TagPrefix.Length;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (',' or '"') && !IsSignAt(text[at]))
            at++;
        return text[begin..at];
    }

    private static string Quote(string text, ref int at)
    {
        var quote = text[at++];
        var read = new StringBuilder();
        for (; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            read.Append(text[at]);
        }
        if (at++ >= text.Length)
            throw SlsRefusal.Parameter("query syntax error: a quote is not closed");
        return read.ToString();
    }
}
