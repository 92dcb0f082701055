using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>SQL audit and slow-query lines of a database instance.</summary>
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
    public static LogRecord Slow(
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
        var user = dice.Of("app_rw", "app_ro", "dba_alice");
        return new LogRecord(
            SlowTopic(engine),
            at,
            [
                new("owner_id", account),
                new("region", region),
                new("instance_id", id),
                new("instance_name", name),
                new("db_type", DbType(engine)),
                new("db_version", version),
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
