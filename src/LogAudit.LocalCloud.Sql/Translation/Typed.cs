using LogAudit.LocalCloud.Sql.Subset;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary>An expression in the engine's words, with its type in the service's.</summary>
/// <param name="Sql">Engine expression, safe to stand anywhere.</param>
/// <param name="Type">Its type.</param>
internal readonly record struct Typed(string Sql, SqlType Type)
{
    /// <summary>The engine expression as another type that it fits.</summary>
    public string As(SqlType type) => type == SqlType.Double && Type == SqlType.Bigint ? $"CAST({Sql} AS DOUBLE)" : Sql;

    /// <summary>A text literal of the engine.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
