namespace LogAudit.LocalCloud.Sql.Syntax;

/// <summary>An expression.</summary>
/// <param name="At">Where it begins in the statement, from 0.</param>
internal abstract record SqlExpression(int At);

internal sealed record NameExpression(int At, string? Table, string Text) : SqlExpression(At);

internal sealed record TextExpression(int At, string Text) : SqlExpression(At);

internal sealed record NumberExpression(int At, string Text) : SqlExpression(At);

internal sealed record TruthExpression(int At, bool Value) : SqlExpression(At);

internal sealed record NullExpression(int At) : SqlExpression(At);

/// <param name="At">Where.</param>
/// <param name="Name">In lower case.</param>
/// <param name="Arguments">What stands in the parentheses.</param>
/// <param name="Distinct">Whether of different values only.</param>
/// <param name="Star">Whether it is <c>name(*)</c>.</param>
internal sealed record CallExpression(
    int At,
    string Name,
    IReadOnlyList<SqlExpression> Arguments,
    bool Distinct,
    bool Star
) : SqlExpression(At);

/// <param name="At">Where.</param>
/// <param name="Sign"><c>-</c> or <c>not</c>.</param>
/// <param name="Inner">Of what.</param>
internal sealed record UnaryExpression(int At, string Sign, SqlExpression Inner) : SqlExpression(At);

internal sealed record BinaryExpression(int At, string Sign, SqlExpression Left, SqlExpression Right)
    : SqlExpression(At);

internal sealed record BetweenExpression(int At, SqlExpression Inner, SqlExpression Low, SqlExpression High, bool Not)
    : SqlExpression(At);

internal sealed record InExpression(int At, SqlExpression Inner, IReadOnlyList<SqlExpression> List, bool Not)
    : SqlExpression(At);

internal sealed record InQueryExpression(int At, SqlExpression Inner, SqlQuery Query, bool Not) : SqlExpression(At);

internal sealed record LikeExpression(int At, SqlExpression Inner, SqlExpression Pattern, bool Not) : SqlExpression(At);

internal sealed record IsNullExpression(int At, SqlExpression Inner, bool Not) : SqlExpression(At);

internal sealed record CaseExpression(
    int At,
    SqlExpression? Of,
    IReadOnlyList<(SqlExpression When, SqlExpression Then)> Branches,
    SqlExpression? Else
) : SqlExpression(At);

internal sealed record CastExpression(int At, SqlExpression Inner, string Type, bool Tries) : SqlExpression(At);

internal sealed record ElementExpression(int At, SqlExpression Inner, SqlExpression Index) : SqlExpression(At);

/// <summary>A whole statement or a subquery.</summary>
/// <param name="Selects">One, or several joined by union; <c>All</c> says whether equal rows stay, false for the first.</param>
/// <param name="Order">Keys and whether downwards.</param>
/// <param name="Limit">Rows; null for the service's default.</param>
/// <param name="Offset">Rows to leave out.</param>
internal sealed record SqlQuery(
    IReadOnlyList<(SqlSelect Select, bool All)> Selects,
    IReadOnlyList<(SqlExpression Key, bool Down)> Order,
    (int At, long Count)? Limit,
    long? Offset
);

/// <summary>One select.</summary>
internal sealed record SqlSelect(
    int At,
    bool Distinct,
    IReadOnlyList<SelectItem> Items,
    SqlSource? From,
    SqlExpression? Where,
    IReadOnlyList<SqlExpression> Groups,
    SqlExpression? Having
);

/// <summary>An entry of a select list.</summary>
/// <param name="At">Where.</param>
/// <param name="Expression">What; null for <c>*</c>.</param>
/// <param name="Alias">Its name; null when it has none.</param>
internal sealed record SelectItem(int At, SqlExpression? Expression, string? Alias);

/// <summary>What a select reads: a Logstore by name, or a subquery.</summary>
internal sealed record SqlSource(int At, string? Table, SqlQuery? Query, string? Alias);
