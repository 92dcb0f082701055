namespace LogAudit.LocalCloud.Sls.Search;

/// <summary>A query in its two parts: what to search, and the analytic statement after the bar. Source: SLS, log analysis, syntax.</summary>
/// <param name="Search">What stands before the bar.</param>
/// <param name="Statement">What stands after it; null without a bar.</param>
internal readonly record struct QueryText(string Search, string? Statement)
{
    public static QueryText Split(string? text)
    {
        text ??= "";
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '|')
                return new(text[..at].Trim(), text[(at + 1)..].Trim());
            if (text[at] is '"' or '\'')
                at = EndOfQuote(text, at);
        }

        return new(text, null);
    }

    private static int EndOfQuote(string text, int at)
    {
        var quote = text[at++];
        while (at < text.Length && text[at] != quote)
            at += text[at] == '\\' ? 2 : 1;
        return at;
    }
}
