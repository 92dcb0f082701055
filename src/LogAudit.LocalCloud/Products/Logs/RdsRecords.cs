using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>An instance whose lines are made.</summary>
internal sealed record RdsDatabase(
    string Account,
    string Region,
    string Id,
    string Name,
    string Engine,
    string Version
);

/// <summary>SQL audit, slow-query and error lines of a database instance.</summary>
/// <remarks>Fields: rds reference, section 8.</remarks>
internal static class RdsRecords
{
    public const string AuditTopic = "rds_audit_log";

    /// <summary>Topic of slow statements: PostgreSQL has one of its own.</summary>
    public static string SlowTopic(string engine) =>
        string.Equals(engine, "PostgreSQL", StringComparison.Ordinal) ? "rds_slow_log_pg" : "rds_slow_log";

    /// <summary><c>db_type</c> of an engine, as the log and the policy language spell it.</summary>
    public static string DbType(string engine) =>
        engine switch
        {
            "MySQL" => "mysql",
            "PostgreSQL" => "pgsql",
            "SQLServer" => "mssql",
            _ => engine.ToLowerInvariant(),
        };

    /// <summary>A line of a kind.</summary>
    public static LogRecord Of(string kind, RdsDatabase database, DateTimeOffset at, string marker, Dice dice) =>
        kind switch
        {
            "audit" => Audit(
                database.Account,
                database.Region,
                database.Id,
                database.Name,
                database.Engine,
                database.Version,
                at,
                marker,
                dice
            ),
            "slow" => Slow(database, at, marker, dice),
            "error" => Error(database, at, marker, dice),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A database writes no such lines."),
        };

    /// <summary>One statement. The marker is a comment in <c>sql</c>.</summary>
    public static LogRecord Audit(
        string account,
        string region,
        string id,
        string name,
        string engine,
        string version,
        DateTimeOffset at,
        string marker,
        Dice dice
    )
    {
        var succeeded = !dice.Once(20);
        var (ok, bad) = DbType(engine) is "pgsql" ? ("0000", "28P01") : ("0", "1045");
        return new LogRecord(
            AuditTopic,
            at,
            [
                new("owner_id", account),
                new("region", region),
                new("instance_id", id),
                new("instance_name", name),
                new("db_type", DbType(engine)),
                new("db_version", version),
                new("db", dice.Of("orders", "users", "billing")),
                new("user", dice.Of("app_rw", "app_ro", "dba_alice")),
                new("client_ip", dice.PrivateIp()),
                new("sql", succeeded ? $"{Statement(dice)} /* {marker} */" : $"login failed! /* {marker} */"),
                new("fail", succeeded ? ok : bad),
                new("latency", Text(dice.Number(80, 40_000))),
                new("origin_time", Text((at.ToUnixTimeMilliseconds() * 1000) + dice.Number(0, 1000))),
                new("check_rows", Text(dice.Number(0, 5000))),
                new("return_rows", Text(dice.Number(0, 500))),
                new("update_rows", Text(dice.Number(0, 20))),
                new("thread_id", Text(dice.Number(1000, 99_999))),
                new("hash", Text(dice.Number(int.MinValue, int.MaxValue))),
            ],
            marker
        );
    }

    /// <summary>One slow statement. The marker is a comment in <c>query_sql</c>.</summary>
    private static LogRecord Slow(RdsDatabase database, DateTimeOffset at, string marker, Dice dice)
    {
        var user = dice.Of("app_rw", "app_ro", "dba_alice");
        return new LogRecord(
            SlowTopic(database.Engine),
            at,
            [
                new("owner_id", database.Account),
                new("region", database.Region),
                new("instance_id", database.Id),
                new("instance_name", database.Name),
                new("db_type", DbType(database.Engine)),
                new("db_version", database.Version),
                new("db_name", dice.Of("orders", "users", "billing")),
                new("rows_examined", Text(dice.Number(10_000, 900_000))),
                new("rows_sent", Text(dice.Number(0, 5000))),
                new("start_time", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
                new("query_time", (dice.Number(1000, 60_000) / 1000.0).ToString("0.000", CultureInfo.InvariantCulture)),
                new("lock_time", (dice.Number(0, 900) / 1000.0).ToString("0.000", CultureInfo.InvariantCulture)),
                new("user_host", $"{user}[{user}] @ host [{dice.PrivateIp()}]"),
                new("query_sql", $"{Statement(dice)} /* {marker} */"),
            ],
            marker
        );
    }

    /// <summary>One line of the error log. The marker stands in <c>content</c>.</summary>
    private static LogRecord Error(RdsDatabase database, DateTimeOffset at, string marker, Dice dice) =>
        new(
            database.Engine is "PostgreSQL" ? "rds_error_log_pg" : "rds_error_log",
            at,
            [
                new("owner_id", database.Account),
                new("region", database.Region),
                new("instance_id", database.Id),
                new("collect_time", ReadWindow.Text(at)),
                new("db_type", DbType(database.Engine)),
                new("db_version", database.Version),
                new("content", EngineErrors.Line(new ReadableRow(at, marker, TimeSpan.Zero, dice))),
                new("eventType", dice.Of("Server", "InnoDB")),
            ],
            marker
        );

    /// <summary>A statement of an application.</summary>
    public static string Statement(Dice dice) =>
        dice.Of(
            "select * from orders where customer = 'O''Brien'",
            "insert into cart(id, item) values (42, 'book')",
            "update stock set n = n - 1 where sku = 'A-1'",
            "delete from cart where id=42",
            "select count(*)\nfrom users\nwhere name like '%ü%'"
        );

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
