using System.Globalization;
using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Syntax;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary>Finds the form of a function that fits its arguments.</summary>
internal static partial class CallTranslator
{
    private static readonly string[] Units = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

    public static Typed Translate(CallExpression call, IReadOnlyList<(SqlExpression Syntax, Typed Value)> arguments)
    {
        if (FunctionList.OfAnyType.Contains(call.Name, StringComparer.Ordinal))
            return OfAnyType(call, [.. arguments.Select(argument => argument.Value)]);
        var forms = FunctionList.Of(call.Name).ToList();
        if (forms.Count == 0)
            throw Refusal.Function(call.At, call.Name);
        foreach (var form in forms.Where(form => form.Kinds.Count == arguments.Count))
        {
            var said = form
                .Kinds.Zip(arguments, (kind, argument) => Argument(kind, argument.Syntax, argument.Value))
                .ToArray();
            if (said.All(text => text is not null))
                return Fill(call, form, said!, arguments);
        }

        throw Refusal.Type(
            call.At,
            $"Unexpected parameters ({string.Join(", ", arguments.Select(a => a.Value.Type.Name()))}) for function {call.Name}. Expected: {string.Join(", ", forms)}"
        );
    }

    /// <summary>The one type of several values.</summary>
    public static SqlType Unified(int at, string what, IEnumerable<Typed> values) =>
        values.Aggregate(
            SqlType.Unknown,
            (type, value) =>
                SqlTypes.Common(type, value.Type)
                ?? throw Refusal.Type(
                    at,
                    $"All {what} results must be the same type: {type.Name()}, {value.Type.Name()}"
                )
        );

    private static Typed Fill(
        CallExpression call,
        SqlFunction form,
        string[] said,
        IReadOnlyList<(SqlExpression Syntax, Typed Value)> arguments
    )
    {
        if (call.Distinct)
            said[0] = $"DISTINCT {said[0]}";
        // By hand: an engine expression may hold braces of its own.
        var sql = Hole().Replace(form.Engine, hole => said[hole.Groups["n"].ValueSpan[0] - '0']);
        var type =
            form.Result == "first" ? arguments[0].Value.Type : Enum.Parse<SqlType>(form.Result, ignoreCase: true);
        return type == SqlType.Bigint && form.Result == "first" || form.Name is "sum"
            ? new($"CAST({sql} AS {type.Name()})", type)
            : new(sql, type);
    }

    private static string? Argument(string kind, SqlExpression syntax, Typed value) =>
        kind switch
        {
            "any" => value.Sql,
            "number" => value.Type.IsNumber() ? value.Sql : null,
            "double" => value.Type.IsNumber() ? value.As(SqlType.Double) : null,
            "json" => value.Type is SqlType.Json or SqlType.Varchar or SqlType.Unknown ? value.Sql : null,
            "time" => Time(value),
            "clock" => value.Type == SqlType.Varchar ? $"CAST({value.Sql} AS TIMESTAMP)" : Time(value),
            "unit" => syntax is TextExpression { Text: var unit } && Units.Contains(unit.ToLowerInvariant())
                ? unit.ToLowerInvariant()
                : throw Refusal.Syntax(syntax.At, $"the unit must be one of {string.Join(", ", Units)}, in quotes"),
            "format" => syntax is TextExpression format
                ? Typed.Quote(DateFormat.ToEngine(format.At, format.Text))
                : throw Refusal.Outside(syntax.At, "a date format that is not a constant"),
            "group" => syntax is NumberExpression { Text.Length: 1 } group
                ? group.Text
                : throw Refusal.Outside(syntax.At, "a group of a regular expression that is not a digit"),
            "path" => syntax is TextExpression path && JsonPath().IsMatch(path.Text)
                ? Typed.Quote(path.Text)
                : throw Refusal.Outside(
                    syntax.At,
                    "a JSON path that is not a constant of the form $.store.book[0].title"
                ),
            _ => value.Type == Enum.Parse<SqlType>(kind, ignoreCase: true) || value.Type == SqlType.Unknown
                ? value.Sql
                : null,
        };

    /// <summary>Unix seconds stand for a timestamp wherever a time is wanted. Source: SLS, date_trunc('hour', __time__) and date_format(__time__ - __time__ % 60, …).</summary>
    private static string? Time(Typed value) =>
        value.Type switch
        {
            SqlType.Timestamp or SqlType.Unknown => value.Sql,
            SqlType.Bigint or SqlType.Double => ServiceZone.Timestamp(value.Sql),
            _ => null,
        };

    private static Typed OfAnyType(CallExpression call, IReadOnlyList<Typed> values)
    {
        var count = values.Count;
        switch (call.Name)
        {
            case "if" when count is 2 or 3 && values[0].Type == SqlType.Boolean:
            {
                var type = Unified(call.At, "IF", values.Skip(1));
                var otherwise = count == 3 ? values[2].As(type) : "NULL";
                return new($"(CASE WHEN {values[0].Sql} THEN {values[1].As(type)} ELSE {otherwise} END)", type);
            }
            case "nullif" when count == 2:
            {
                var type = Unified(call.At, "NULLIF", values);
                return new($"nullif({values[0].As(type)}, {values[1].As(type)})", type);
            }
            case "concat" when count >= 2 && Unified(call.At, "CONCAT", values) == SqlType.Varchar:
                return new($"({string.Join(" || ", values.Select(value => value.Sql))})", SqlType.Varchar);
            case "coalesce" when count >= 2:
            {
                var type = Unified(call.At, "COALESCE", values);
                return new($"coalesce({string.Join(", ", values.Select(value => value.As(type)))})", type);
            }
            default:
                throw Refusal.Type(
                    call.At,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Unexpected parameters ({string.Join(", ", values.Select(value => value.Type.Name()))}) for function {call.Name}"
                    )
                );
        }
    }

    [GeneratedRegex(@"\{(?<n>\d)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole();

    [GeneratedRegex(@"^\$(\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\])*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex JsonPath();
}
