using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Syntax;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary><c>time_series(time, window, format, padding)</c>: the windows of the query's time, also those without a record.</summary>
/// <remarks>
/// Source: SLS, date and time functions, time series padding function: together with GROUP BY and ORDER BY, ascending; windows in s, m, h, d; padding 0, null, last, next (avg is left out here).
/// Assumed: grouped by it alone.
/// </remarks>
internal sealed class TimeSeries(
    SqlQuestion question,
    SqlSelect select,
    IReadOnlyList<(SqlExpression Key, bool Down)> order,
    IReadOnlyList<Typed> columns
)
{
    public static bool Is(SqlExpression? expression) => expression is CallExpression { Name: FunctionList.TimeSeries };

    public static bool IsIn(SqlSelect select) => select.Items.Any(item => Is(item.Expression));

    /// <summary>The beginning of a record's window, as Unix seconds.</summary>
    public static Typed Window(CallExpression call, ExpressionTranslator expressions)
    {
        var seconds = Seconds(call);
        var time = expressions.Translate(call.Arguments[0]);
        var unix = time.Type switch
        {
            SqlType.Bigint => time.Sql,
            SqlType.Timestamp => $"CAST({ServiceZone.Seconds(time.Sql)} AS BIGINT)",
            _ => throw Refusal.Type(
                call.At,
                $"the time of time_series must be bigint or timestamp, not {time.Type.Name()}"
            ),
        };
        return new(ServiceZone.Window(unix, seconds), SqlType.Bigint);
    }

    public Translated Fill(Translated body, string page)
    {
        var index = select.Items.ToList().FindIndex(item => Is(item.Expression));
        var call = (CallExpression)select.Items[index].Expression!;
        var name = body.Columns[index].Name;
        if (!IsIt(select.Groups, name, index) || !IsIt([.. order.Select(one => one.Key)], name, index) || order[0].Down)
            throw Refusal.Syntax(
                call.At,
                "time_series must be used together with GROUP BY and ORDER BY of it, ascending"
            );

        var seconds = Seconds(call);
        var format = DateFormat.ToEngine(call.At, ((TextExpression)call.Arguments[2]).Text);
        var key = Translated.EngineColumn(index);
        var list = columns.Select(
            (column, i) =>
                (
                    i == index
                        ? $"strftime({ServiceZone.Timestamp("windows.t")}, {Typed.Quote(format)})"
                        : Padded(call, $"filled.{Translated.EngineColumn(i)}", $"filled.{key}", column.Type)
                ) + $" AS {Translated.EngineColumn(i)}"
        );
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT {string.Join(", ", list)} FROM generate_series(CAST({ServiceZone.Window(
                question.From,
                seconds
            )} AS BIGINT), CAST({question.To - 1} AS BIGINT), CAST({seconds} AS BIGINT)) AS windows(t)
            LEFT JOIN ({body.Sql}) AS filled ON filled.{key} = windows.t ORDER BY windows.t{page}
            """
        );
        return new(sql, [.. body.Columns.Select((column, i) => i == index ? (column.Name, SqlType.Varchar) : column)]);
    }

    private static string Padded(CallExpression call, string column, string key, SqlType type)
    {
        var zero = type == SqlType.Varchar ? "'0'" : "0";
        return ((TextExpression)call.Arguments[3]).Text switch
        {
            "0" => $"CASE WHEN {key} IS NULL THEN {zero} ELSE {column} END",
            "null" => column,
            "last" => $"last_value({column} IGNORE NULLS) OVER (ORDER BY windows.t ROWS UNBOUNDED PRECEDING)",
            "next" =>
                $"first_value({column} IGNORE NULLS) OVER (ORDER BY windows.t ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)",
            var other => throw Refusal.Outside(call.At, $"the padding '{other}' of time_series"),
        };
    }

    /// <summary>Whether the only key is this column, by name or by position.</summary>
    private static bool IsIt(IReadOnlyList<SqlExpression> keys, string name, int index) =>
        keys is [NameExpression { Table: null } one]
            && string.Equals(one.Text, name, StringComparison.OrdinalIgnoreCase)
        || keys is [NumberExpression number] && number.Text == (index + 1).ToString(CultureInfo.InvariantCulture);

    private static long Seconds(CallExpression call)
    {
        if (call.Arguments is not [_, TextExpression { Text: { Length: > 1 } window }, TextExpression, TextExpression])
            throw Refusal.Syntax(call.At, "time_series takes a time, and window, format and padding in quotes");
        var unit = window[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => 0,
        };
        return
            unit > 0
            && int.TryParse(window[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= 366
            ? (long)unit * count
            : throw Refusal.Syntax(call.At, $"the window '{window}' is not a number of s, m, h or d");
    }
}
