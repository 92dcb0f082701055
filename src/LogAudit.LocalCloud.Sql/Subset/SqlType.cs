namespace LogAudit.LocalCloud.Sql.Subset;

/// <summary>Types of the subset. Source: SLS, type conversion functions: bigint, varchar, double, timestamp; boolean, json and array come from functions.</summary>
internal enum SqlType
{
    /// <summary>Type of a bare null: fits every other.</summary>
    Unknown,
    Boolean,
    Bigint,
    Double,
    Varchar,

    /// <summary>Time of the wall clock in the service's zone, without a zone.</summary>
    Timestamp,
    Json,

    /// <summary>array(varchar).</summary>
    Array,
}

internal static class SqlTypes
{
    /// <summary>The type's name as the service writes it.</summary>
    public static string Name(this SqlType type) =>
        type == SqlType.Array ? "array(varchar)" : type.ToString().ToLowerInvariant();

    public static bool IsNumber(this SqlType type) => type is SqlType.Bigint or SqlType.Double or SqlType.Unknown;

    /// <summary>The type that both fit; null when there is none. Bigint widens to double, nothing else is converted. Source: Presto, implicit coercion.</summary>
    public static SqlType? Common(SqlType left, SqlType right) =>
        left == right ? left
        : left == SqlType.Unknown ? right
        : right == SqlType.Unknown ? left
        : left.IsNumber() && right.IsNumber() ? SqlType.Double
        : null;
}
