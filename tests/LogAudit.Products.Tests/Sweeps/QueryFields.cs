using System.Text.RegularExpressions;

namespace LogAudit.Products.Tests;

/// <summary>The fields that a chart's query names, read conservatively: what is neither a word of the language, nor a function, nor an alias is a field.</summary>
internal static partial class QueryFields
{
    private static readonly HashSet<string> Words =
    [
        .. "select as where group by order desc asc limit and or not like in is null between case when then else end from having".Split(
            ' '
        ),
    ];

    // Every record has them, indexed or not.
    private static readonly HashSet<string> Reserved = ["__time__", "__topic__", "__source__"];

    public static IReadOnlyList<string> Of(string query)
    {
        var parts = query.Split('|', 2, StringSplitOptions.TrimEntries);
        var fields = new List<string>();
        foreach (Match match in SearchKey().Matches(parts[0]))
        {
            fields.Add(match.Groups["key"].Value);
        }

        if (parts.Length == 2)
        {
            fields.AddRange(OfSql(parts[1]));
        }

        return [.. fields.Where(field => !Reserved.Contains(field)).Distinct()];
    }

    private static IEnumerable<string> OfSql(string sql)
    {
        sql = Table().Replace(Literal().Replace(sql, " "), " ");
        var aliases = Alias().Matches(sql).Select(match => match.Groups["name"].Value).ToHashSet();
        foreach (Match quoted in Quoted().Matches(sql))
        {
            yield return quoted.Groups["name"].Value;
        }

        sql = Quoted().Replace(sql, " ");
        foreach (Match name in Name().Matches(sql))
        {
            var text = name.Value;
            var isFunction = sql[(name.Index + name.Length)..].TrimStart().StartsWith('(');
            if (!isFunction && !Words.Contains(text) && !aliases.Contains(text))
            {
                yield return text;
            }
        }
    }

    [GeneratedRegex(@"(?<key>[A-Za-z_][\w.-]*)\s*(:|>=|<=|>|<|=)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SearchKey();

    [GeneratedRegex("'[^']*'", RegexOptions.None, 1000)]
    private static partial Regex Literal();

    // The table of a Metricstore has a name of its own: from "rds_metrics.prom".
    [GeneratedRegex("\\bfrom\\s+\"[^\"]+\"", RegexOptions.None, 1000)]
    private static partial Regex Table();

    [GeneratedRegex("\"(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\bas\s+(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alias();

    [GeneratedRegex(@"\b[A-Za-z_]\w*", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
