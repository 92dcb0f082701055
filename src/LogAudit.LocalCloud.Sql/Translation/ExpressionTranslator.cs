using System.Globalization;
using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Syntax;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary>Checks the types of an expression as Presto does, and says it in the engine's words.</summary>
/// <param name="table">Where names are looked up.</param>
/// <param name="alias">The expression of a select list's alias; used outside of aggregate functions, before the table.</param>
/// <param name="subquery">Translates a subquery.</param>
internal sealed class ExpressionTranslator(
    Table? table,
    Func<string, Typed?> alias,
    Func<SqlQuery, Translated> subquery
)
{
    private int aggregates;

    public Typed Translate(SqlExpression expression) =>
        expression switch
        {
            TextExpression text => new(Typed.Quote(text.Text), SqlType.Varchar),
            NumberExpression number => Number(number),
            TruthExpression truth => new(truth.Value ? "TRUE" : "FALSE", SqlType.Boolean),
            NullExpression => new("NULL", SqlType.Unknown),
            NameExpression name => Name(name),
            UnaryExpression unary => Unary(unary),
            BinaryExpression binary => Binary(binary),
            IsNullExpression isNull => Truth($"({Translate(isNull.Inner).Sql} IS {Negated(isNull.Not)}NULL)"),
            BetweenExpression between => Between(between),
            InExpression inList => In(inList),
            InQueryExpression inQuery => In(inQuery),
            LikeExpression like => Truth($"({Text(like.Inner)} {Negated(like.Not)}LIKE {Text(like.Pattern)})"),
            CaseExpression choice => Case(choice),
            CastExpression cast => Casts.Cast(cast, Translate(cast.Inner)),
            ElementExpression element => Element(element),
            CallExpression call => Call(call),
            _ => throw Refusal.Outside(expression.At, "this expression"),
        };

    /// <summary>An expression that must be a condition.</summary>
    public string Condition(SqlExpression expression) => Need(expression, SqlType.Boolean);

    private static Typed Truth(string sql) => new(sql, SqlType.Boolean);

    private static string Negated(bool not) => not ? "NOT " : "";

    private static Typed Number(NumberExpression number)
    {
        if (!number.Text.Contains('.', StringComparison.Ordinal))
        {
            return long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? new($"CAST({number.Text} AS BIGINT)", SqlType.Bigint)
                : throw Refusal.Syntax(number.At, $"Invalid numeric literal: {number.Text}");
        }

        return double.TryParse(number.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? new($"CAST({value.ToString("R", CultureInfo.InvariantCulture)} AS DOUBLE)", SqlType.Double)
            : throw Refusal.Syntax(number.At, $"Invalid numeric literal: {number.Text}");
    }

    private Typed Name(NameExpression name)
    {
        if (name.Table is null && aggregates == 0 && alias(name.Text) is { } aliased)
            return aliased;
        if (name.Table is not null && !string.Equals(name.Table, table?.Alias, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Column(name.At, $"{name.Table}.{name.Text}");
        return table?.Column(name.Text) ?? throw Refusal.Column(name.At, name.Text);
    }

    private Typed Unary(UnaryExpression unary)
    {
        if (unary.Sign == "not")
            return Truth($"(NOT {Condition(unary.Inner)})");
        var inner = Translate(unary.Inner);
        return inner.Type.IsNumber()
            ? new($"(-{inner.Sql})", inner.Type)
            : throw Refusal.Type(unary.At, $"'-' cannot be applied to {inner.Type.Name()}");
    }

    private Typed Binary(BinaryExpression binary)
    {
        if (binary.Sign is "and" or "or")
        {
            return Truth($"({Condition(binary.Left)} {binary.Sign.ToUpperInvariant()} {Condition(binary.Right)})");
        }

        var (left, right) = (Translate(binary.Left), Translate(binary.Right));
        var common = SqlTypes.Common(left.Type, right.Type);
        if (binary.Sign == "||" && common is SqlType.Varchar)
            return new($"({left.Sql} || {right.Sql})", SqlType.Varchar);
        if (binary.Sign is "+" or "-" or "*" or "/" or "%" && common is SqlType.Bigint or SqlType.Double)
            return Arithmetic(binary.Sign, left.As(common.Value), right.As(common.Value), common.Value);
        if (binary.Sign is "=" or "<>" or "<" or "<=" or ">" or ">=" && common is { } same and not SqlType.Json)
            return Truth($"({left.As(same)} {binary.Sign} {right.As(same)})");
        throw Refusal.Type(binary.At, $"'{binary.Sign}' cannot be applied to {left.Type.Name()}, {right.Type.Name()}");
    }

    private static Typed Arithmetic(string sign, string left, string right, SqlType type) =>
        new(
            (sign, type) switch
            {
                ("/", SqlType.Bigint) => $"whole_part({left}, {right})",
                ("%", SqlType.Bigint) => $"whole_rest({left}, {right})",
                _ => $"({left} {sign} {right})",
            },
            type
        );

    private Typed Between(BetweenExpression between)
    {
        var (inner, low, high) = (Translate(between.Inner), Translate(between.Low), Translate(between.High));
        return SqlTypes.Common(inner.Type, low.Type) is { } first && SqlTypes.Common(first, high.Type) is { } all
            ? Truth($"({inner.As(all)} {Negated(between.Not)}BETWEEN {low.As(all)} AND {high.As(all)})")
            : throw Refusal.Type(
                between.At,
                $"'BETWEEN' cannot be applied to {inner.Type.Name()}, {low.Type.Name()}, {high.Type.Name()}"
            );
    }

    private Typed In(InExpression inList)
    {
        var inner = Translate(inList.Inner);
        var list = inList.List.Select(Translate).ToList();
        var type = inner.Type;
        foreach (var one in list)
        {
            type =
                SqlTypes.Common(type, one.Type)
                ?? throw Refusal.Type(
                    inList.At,
                    $"IN value and list items must be the same type: {inner.Type.Name()}, {one.Type.Name()}"
                );
        }

        return Truth(
            $"({inner.As(type)} {Negated(inList.Not)}IN ({string.Join(", ", list.Select(one => one.As(type)))}))"
        );
    }

    private Typed In(InQueryExpression inQuery)
    {
        var inner = Translate(inQuery.Inner);
        var query = subquery(inQuery.Query);
        return query.Columns.Count != 1 ? throw Refusal.Syntax(inQuery.At, "the subquery of IN must have one column")
            : SqlTypes.Common(inner.Type, query.Columns[0].Type) is null
                ? throw Refusal.Type(
                    inQuery.At,
                    $"value and result of subquery must be of the same type for IN expression: {inner.Type.Name()} vs {query.Columns[0].Type.Name()}"
                )
            : Truth($"({inner.Sql} {Negated(inQuery.Not)}IN ({query.Sql}))");
    }

    private Typed Case(CaseExpression choice)
    {
        var results = choice
            .Branches.Select(branch => Translate(branch.Then))
            .Concat(choice.Else is null ? [] : [Translate(choice.Else)])
            .ToList();
        var type = CallTranslator.Unified(choice.At, "CASE", results);
        var whens = choice.Branches.Select(branch =>
            choice.Of is null
                ? Condition(branch.When)
                : Translate(new BinaryExpression(branch.When.At, "=", choice.Of, branch.When)).Sql
        );
        var branches = whens.Zip(results, (when, then) => $"WHEN {when} THEN {then.As(type)}");
        var otherwise = choice.Else is null ? "" : $" ELSE {results[^1].As(type)}";
        return new($"(CASE {string.Join(' ', branches)}{otherwise} END)", type);
    }

    private Typed Element(ElementExpression element)
    {
        var array = Translate(element.Inner);
        return array.Type == SqlType.Array
            ? new($"{array.Sql}[{Need(element.Index, SqlType.Bigint)}]", SqlType.Varchar)
            : throw Refusal.Type(element.At, $"cannot take an element of {array.Type.Name()}");
    }

    private Typed Call(CallExpression call)
    {
        if (call is { Name: "count", Star: true })
            return new("count(*)", SqlType.Bigint);
        if (call.Star)
            throw Refusal.Syntax(call.At, "mismatched input '*'");
        if (call.Name == FunctionList.TimeSeries)
            throw Refusal.Outside(call.At, "time_series beside the one column of GROUP BY and ORDER BY");
        var aggregate = FunctionList.IsAggregate(call.Name);
        if (call.Distinct && !aggregate)
            throw Refusal.Syntax(call.At, "DISTINCT is for aggregate functions");
        aggregates += aggregate ? 1 : 0;
        var arguments = call.Arguments.Select(argument => (argument, Translate(argument))).ToList();
        aggregates -= aggregate ? 1 : 0;
        return CallTranslator.Translate(call, arguments);
    }

    private string Text(SqlExpression expression) => Need(expression, SqlType.Varchar);

    private string Need(SqlExpression expression, SqlType type)
    {
        var read = Translate(expression);
        return read.Type == type || read.Type == SqlType.Unknown
            ? read.Sql
            : throw Refusal.Type(expression.At, $"must be {type.Name()}, not {read.Type.Name()}");
    }
}
