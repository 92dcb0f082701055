using System.Globalization;

namespace LogAudit.LocalCloud.Sql.Syntax;

/// <summary>Reads an analytic statement: select, from, where, group by, having, order by, limit, union, subqueries.</summary>
/// <remarks>Source: SLS, "SQL syntax" (SELECT, GROUP BY, ORDER BY, HAVING, LIMIT clause; nested subquery), and the grammar of Presto under it. What it does not read is refused.</remarks>
internal sealed class SqlParser
{
    private static readonly string[] NotHere =
    [
        "join",
        "cross",
        "inner",
        "left",
        "right",
        "full",
        "natural",
        "except",
        "intersect",
        "window",
        "offset",
        "fetch",
    ];

    private readonly TokenReader reader;
    private readonly ExpressionParser expressions;

    private SqlParser(string text)
    {
        reader = new TokenReader(text);
        expressions = new ExpressionParser(reader, Query);
    }

    public static SqlQuery Parse(string text)
    {
        var parser = new SqlParser(text);
        if (parser.reader.IsNext("with"))
            throw Refusal.Outside(parser.reader.At, "WITH");
        if (!parser.reader.IsNext("select") && !parser.reader.IsNext("("))
            throw parser.reader.Wrong(", expecting 'select'");
        var query = parser.Query();
        return parser.reader.Next.Kind == TokenKind.End ? query : throw parser.Left();
    }

    private SqlQuery Query()
    {
        List<(SqlSelect, bool)> selects = [(Term(), false)];
        while (reader.Take("union"))
        {
            var all = reader.Take("all");
            _ = all || reader.Take("distinct");
            selects.Add((Term(), all));
        }

        List<(SqlExpression, bool)> order = [];
        if (reader.Take("order"))
        {
            reader.Need("by");
            do
            {
                var key = expressions.Read();
                var down = reader.Take("desc") || (reader.Take("asc") && false);
                if (reader.IsNext("nulls"))
                    throw Refusal.Outside(reader.At, "NULLS FIRST and LAST");
                order.Add((key, down));
            } while (reader.Take(","));
        }

        var at = reader.At;
        if (!reader.Take("limit"))
            return new(selects, order, null, null);
        var first = Count();
        return reader.Take(",") ? new(selects, order, (at, Count()), first) : new(selects, order, (at, first), null);
    }

    private SqlSelect Term()
    {
        if (!reader.IsNext("(", "select"))
            return Select();
        reader.Need("(");
        var select = Select();
        reader.Need(")");
        return select;
    }

    private SqlSelect Select()
    {
        var at = reader.At;
        reader.Need("select");
        var distinct = reader.Take("distinct");
        _ = distinct || reader.Take("all");
        List<SelectItem> items = [];
        do
        {
            items.Add(Item());
        } while (reader.Take(","));

        var from = reader.Take("from") ? Source() : null;
        var where = reader.Take("where") ? expressions.Read() : null;
        List<SqlExpression> groups = [];
        if (reader.Take("group"))
        {
            reader.Need("by");
            do
            {
                if (reader.IsNext("rollup") || reader.IsNext("cube") || reader.IsNext("grouping"))
                    throw Refusal.Outside(reader.At, reader.Next.Text.ToUpperInvariant());
                groups.Add(expressions.Read());
            } while (reader.Take(","));
        }

        var having = reader.Take("having") ? expressions.Read() : null;
        return new(at, distinct, items, from, where, groups, having);
    }

    private SelectItem Item()
    {
        var at = reader.At;
        if (reader.Take("*"))
            return new(at, null, null);
        var expression = expressions.Read();
        var alias = reader.Take("as") || (reader.IsName && !IsClause()) ? reader.Name() : null;
        return new(at, expression, alias);
    }

    private SqlSource Source()
    {
        var at = reader.At;
        if (!reader.Take("("))
        {
            var table = reader.Name();
            return new(at, table, null, SourceAlias());
        }

        var query = Query();
        reader.Need(")");
        return new(at, null, query, SourceAlias());
    }

    private string? SourceAlias()
    {
        var alias = reader.Take("as") || (reader.IsName && !IsClause()) ? reader.Name() : null;
        return reader.IsNext(",") || NotHere.Any(reader.IsNext) ? throw Left() : alias;
    }

    /// <summary>Words that Presto does not reserve and that begin what follows a name.</summary>
    private bool IsClause() => reader.IsNext("limit") || NotHere.Any(reader.IsNext);

    private long Count()
    {
        var token = reader.Take();
        return
            token.Kind == TokenKind.Number
            && long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw Refusal.Syntax(token.At, $"mismatched input '{token.Text}', expecting a number");
    }

    private Kernel.SqlRefusedException Left() =>
        reader.IsNext(",") ? Refusal.Outside(reader.At, "more than one table")
        : NotHere.Any(reader.IsNext) ? Refusal.Outside(reader.At, reader.Next.Text.ToUpperInvariant())
        : reader.Wrong(", expecting the end");
}
