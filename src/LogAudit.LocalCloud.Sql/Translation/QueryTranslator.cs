using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Syntax;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary>Checks a statement as the service does, and says it in the engine's words.</summary>
internal sealed class QueryTranslator(SqlQuestion question)
{
    /// <summary>Rows without a LIMIT. Source: SLS, LIMIT clause.</summary>
    public const long DefaultLimit = 100;

    /// <summary>Most rows of <c>LIMIT x</c>, and most of offset and rows together. Source: SLS, LIMIT clause.</summary>
    private const long MostRows = 1_000_000;

    /// <summary>Most rows of <c>LIMIT y, x</c>. Source: SLS, LIMIT clause.</summary>
    private const long MostRowsOfPage = 10_000;

    private readonly List<(string Field, SqlFieldType Type)> used = [];

    /// <summary>Fields of the records that the statement reads; the n-th is the engine's column <c>fn</c>.</summary>
    public IReadOnlyList<(string Field, SqlFieldType Type)> Used => used;

    /// <summary>Rows that the statement gives at most.</summary>
    public long Limit { get; private set; } = DefaultLimit;

    /// <summary>The whole statement.</summary>
    public Translated Translate(SqlQuery query)
    {
        var page = Page(query);
        Limit = query.Limit?.Count ?? DefaultLimit;
        return Query(query, page, isWhole: true);
    }

    private static string Page(SqlQuery query)
    {
        if (query.Limit is not { } limit)
            return Text(DefaultLimit, null);
        var most = query.Offset is null ? MostRows : MostRowsOfPage;
        if (limit.Count > most || limit.Count + (query.Offset ?? 0) > MostRows)
            throw Refusal.Syntax(
                limit.At,
                string.Create(CultureInfo.InvariantCulture, $"limit must be within [0, {most}]")
            );
        return Text(limit.Count, query.Offset);

        static string Text(long count, long? offset) =>
            string.Create(CultureInfo.InvariantCulture, $" LIMIT {count} OFFSET {offset ?? 0}");
    }

    private Translated Subquery(SqlQuery query)
    {
        if (query is { Offset: not null, Limit: { } limit })
            throw Refusal.Syntax(limit.At, "LIMIT y, x is not supported inside a subquery");
        return Query(query, query.Limit is null ? "" : Page(query), isWhole: false);
    }

    private Translated Query(SqlQuery query, string page, bool isWhole)
    {
        if (query.Selects is [var (only, _)])
        {
            var select = Select(only, isWhole);
            return TimeSeries.IsIn(only)
                ? new TimeSeries(question, only, query.Order, select.Expressions).Fill(select.Body, page)
                : new($"{select.Body.Sql}{Order(query, select)}{page}", select.Body.Columns);
        }

        var parts = query.Selects.Select(one => Select(one.Select, isWhole).Body).ToList();
        for (var i = 1; i < parts.Count; i++)
        {
            if (!parts[i].Columns.Select(c => c.Type).SequenceEqual(parts[0].Columns.Select(c => c.Type)))
                throw Refusal.Type(query.Selects[i].Select.At, "the queries of UNION must have the same columns");
        }

        var sql = string.Concat(
            parts.Select((part, i) => $"{(i == 0 ? "" : query.Selects[i].All ? " UNION ALL " : " UNION ")}({part.Sql})")
        );
        var columns = parts[0].Columns;
        var union = new SelectedColumns(new(sql, columns), [], new(null, _ => null, Subquery));
        return new($"{sql}{Order(query, union)}{page}", columns);
    }

    private SelectedColumns Select(SqlSelect select, bool isWhole)
    {
        // The Logstore may be left out in the statement itself, not in a subquery. Source: SLS, log analysis; nested subquery.
        var table =
            select.From is { } from ? Source(from)
            : isWhole ? new LogTable(question.Records, used, alias: null)
            : (Table?)null;
        List<(string Name, Typed Value)> chosen = [];
        var plain = new ExpressionTranslator(table, _ => null, Subquery);
        foreach (var item in select.Items)
        {
            if (item.Expression is { } expression)
            {
                var value = TimeSeries.Is(expression)
                    ? TimeSeries.Window((CallExpression)expression, plain)
                    : plain.Translate(expression);
                chosen.Add((item.Alias ?? NameOf(expression, chosen.Count), value));
            }
            else
            {
                var names = table?.Names ?? throw Refusal.Syntax(item.At, "SELECT * needs FROM in a subquery");
                chosen.AddRange(names.Select(name => (name, table.Column(name)!.Value)));
            }
        }

        var aliased = new ExpressionTranslator(table, name => Alias(select, chosen, name), Subquery);
        var list = string.Join(", ", chosen.Select((one, i) => $"{one.Value.Sql} AS {Translated.EngineColumn(i)}"));
        var sql =
            $"SELECT {(select.Distinct ? "DISTINCT " : "")}{list}"
            + (table is null ? "" : $" FROM {table.Sql}")
            + (select.Where is { } where ? $" WHERE {plain.Condition(where)}" : "")
            + Groups(select, chosen, plain)
            + (select.Having is { } having ? $" HAVING {aliased.Condition(having)}" : "");
        var columns = chosen.Select(one => (one.Name, one.Value.Type)).ToList();
        return new(new(sql, columns), [.. chosen.Select(one => one.Value)], aliased);
    }

    private Table Source(SqlSource source)
    {
        if (source.Query is { } query)
            return new QueryTable(Subquery(query), source.Alias);
        var table = source.Table!;
        // FROM names the Logstore itself, or is the word log. Source: SLS, nested subquery.
        return table.Equals("log", StringComparison.OrdinalIgnoreCase) || table == question.Logstore
            ? new LogTable(question.Records, used, source.Alias ?? table)
            : throw Refusal.Outside(source.At, $"the table {table}: only log and the Logstore itself");
    }

    /// <summary>Source of <c>_col0</c>: Presto.</summary>
    private static string NameOf(SqlExpression expression, int index) =>
        expression is NameExpression name ? name.Text : string.Create(CultureInfo.InvariantCulture, $"_col{index}");

    private static Typed? Alias(SqlSelect select, List<(string Name, Typed Value)> chosen, string name)
    {
        var index = chosen.FindIndex(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));
        return index >= 0 && (select.Items.Count != chosen.Count || select.Items[index].Alias is not null)
            ? chosen[index].Value
            : null;
    }

    /// <summary>A name in GROUP BY is an alias first: <c>CASE … AS request_time … GROUP BY request_time</c>. Source: SLS, conditional expressions, GROUP BY clause.</summary>
    private static string Groups(SqlSelect select, List<(string Name, Typed Value)> chosen, ExpressionTranslator plain)
    {
        if (select.Groups.Count == 0)
            return "";
        var keys = select.Groups.Select(group =>
            group is NameExpression { Table: null } name && Alias(select, chosen, name.Text) is not null
                ? Ordinal(
                    chosen.FindIndex(one => string.Equals(one.Name, name.Text, StringComparison.OrdinalIgnoreCase))
                )
            : group is NumberExpression number ? Ordinal(Position(number, chosen.Count))
            : plain.Translate(group).Sql
        );
        return $" GROUP BY {string.Join(", ", keys)}";
    }

    private static string Order(SqlQuery query, SelectedColumns select)
    {
        if (query.Order.Count == 0)
            return "";
        var names = select.Body.Columns;
        var keys = query.Order.Select(order =>
        {
            var index = order.Key switch
            {
                NumberExpression number => Position(number, names.Count),
                NameExpression { Table: null } name => names
                    .Index()
                    .Where(one => string.Equals(one.Item.Name, name.Text, StringComparison.OrdinalIgnoreCase))
                    .Select(one => one.Index)
                    .FirstOrDefault(-1),
                _ => -1,
            };
            var key = index >= 0 ? Ordinal(index) : select.Names.Translate(order.Key).Sql;
            // Presto puts nulls last in both directions.
            return $"{key} {(order.Down ? "DESC" : "ASC")} NULLS LAST";
        });
        return $" ORDER BY {string.Join(", ", keys)}";
    }

    private static int Position(NumberExpression number, int count) =>
        int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
        && position >= 1
        && position <= count
            ? position - 1
            : throw Refusal.Syntax(number.At, $"position {number.Text} is not in select list");

    private static string Ordinal(int index) => (index + 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A select in the engine's words, without its order.</summary>
/// <param name="Body">The statement and its columns.</param>
/// <param name="Expressions">What the columns are.</param>
/// <param name="Names">Translates what may name aliases: having and order.</param>
internal sealed record SelectedColumns(Translated Body, IReadOnlyList<Typed> Expressions, ExpressionTranslator Names);
