using LogAudit.LocalCloud.Sql.Subset;
using LogAudit.LocalCloud.Sql.Syntax;

namespace LogAudit.LocalCloud.Sql.Translation;

/// <summary><c>cast</c> and <c>try_cast</c>. Source: SLS, type conversion functions; which pairs convert: Presto.</summary>
internal static class Casts
{
    public static Typed Cast(CastExpression cast, Typed inner)
    {
        var type = cast.Type switch
        {
            "bigint" => SqlType.Bigint,
            "double" => SqlType.Double,
            "varchar" => SqlType.Varchar,
            "boolean" => SqlType.Boolean,
            "timestamp" => SqlType.Timestamp,
            "json" => SqlType.Json,
            _ => throw Refusal.Outside(cast.At, $"a cast to {cast.Type}"),
        };
        var verb = cast.Tries ? "TRY_CAST" : "CAST";
        var sql = (inner.Type, type) switch
        {
            var (from, to) when from == to => inner.Sql,
            (SqlType.Unknown, _) or (SqlType.Varchar or SqlType.Bigint, SqlType.Double) => Plain(),
            (SqlType.Varchar, SqlType.Bigint) => Whole(),
            (SqlType.Double or SqlType.Boolean, SqlType.Bigint) => Plain(),
            (SqlType.Bigint or SqlType.Boolean or SqlType.Double, SqlType.Varchar) => Plain(),
            (SqlType.Timestamp, SqlType.Varchar) => $"strftime({inner.Sql}, '%Y-%m-%d %H:%M:%S.%g')",
            (SqlType.Json, SqlType.Varchar) => $"({inner.Sql} ->> '$')",
            (SqlType.Varchar or SqlType.Bigint, SqlType.Boolean) => Plain(),
            (SqlType.Varchar, SqlType.Timestamp) => Plain(),
            (SqlType.Varchar, SqlType.Json) => $"to_json({inner.Sql})",
            (SqlType.Json, SqlType.Bigint or SqlType.Double or SqlType.Boolean) =>
                $"{verb}(({inner.Sql} ->> '$') AS {type})",
            _ => throw Refusal.Type(cast.At, $"Cannot cast {inner.Type.Name()} to {type.Name()}"),
        };
        return new(sql, type);

        string Plain() => $"{verb}({inner.Sql} AS {(type == SqlType.Json ? "JSON" : type.Name())})";

        // The engine would round '1.5' to 2; Presto refuses it.
        string Whole() =>
            $"(CASE WHEN {inner.Sql} IS NULL THEN NULL WHEN regexp_full_match({inner.Sql}, '[+-]?\\d+') THEN {verb}({inner.Sql} AS BIGINT) ELSE {(cast.Tries ? "NULL" : $"CAST(error('Cannot cast ''' || {inner.Sql} || ''' to BIGINT') AS BIGINT)")} END)";
    }
}
