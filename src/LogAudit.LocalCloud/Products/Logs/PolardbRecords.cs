using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>A node whose lines are made.</summary>
internal sealed record PolardbNode(string Account, string Region, string Cluster, string Id, string Version);

/// <summary>SQL audit, slow and error lines of a PolarDB node.</summary>
/// <remarks>Fields: polardb reference, section 8.</remarks>
internal static class PolardbRecords
{
    /// <summary>One statement. The marker is a comment in <c>sql</c>.</summary>
    public static LogRecord Audit(PolardbNode node, DateTimeOffset at, string marker, Dice dice)
    {
        var succeeded = !dice.Once(20);
        return new LogRecord(
            "polardb_audit_log",
            at,
            [
                .. Head(node),
                new("cluster_id", node.Cluster),
                new("node_id", node.Id),
                new("db", dice.Of("crm", "orders", "billing")),
                new("db_version", node.Version),
                new("user", dice.Of("app_rw", "report", "dba_alice")),
                new("client_ip", dice.PrivateIp()),
                new("sql", $"{(succeeded ? RdsRecords.Statement(dice) : "login failed!")} /* {marker} */"),
                new("fail", succeeded ? "0" : "1045"),
                new("latency", Text(dice.Number(80, 40_000))),
                new("origin_time", Text((at.ToUnixTimeMilliseconds() * 1000) + dice.Number(0, 1000))),
                new("check_rows", Text(dice.Number(0, 5000))),
                new("return_rows", Text(dice.Number(0, 500))),
                new("update_rows", Text(dice.Number(0, 20))),
                new("thread_id", Text(dice.Number(1000, 99_999))),
            ],
            marker
        );
    }

    /// <summary>One slow statement. The marker is a comment in <c>query_sql</c>.</summary>
    public static LogRecord Slow(PolardbNode node, DateTimeOffset at, string marker, Dice dice) =>
        new(
            "polardb_slow_log",
            at,
            [
                .. Head(node),
                new("cluster_id", node.Cluster),
                new("node_id", node.Id),
                new("db_type", "mysql"),
                new("db_name", dice.Of("crm", "orders", "billing")),
                new("version", node.Version),
                new("rows_examined", Text(dice.Number(10_000, 900_000))),
                new("rows_sent", Text(dice.Number(0, 5000))),
                new("start_time", ReadWindow.Text(at)),
                new("query_time", (dice.Number(1000, 60_000) / 1000.0).ToString("0.000", CultureInfo.InvariantCulture)),
                new("lock_time", (dice.Number(0, 900) / 1000.0).ToString("0.000", CultureInfo.InvariantCulture)),
                new("user_host", $"app_rw[app_rw] @ host [{dice.PrivateIp()}]"),
                new("query_sql", $"{RdsRecords.Statement(dice)} /* {marker} */"),
            ],
            marker
        );

    /// <summary>One line of the error log. The marker stands in <c>content</c>.</summary>
    public static LogRecord Error(PolardbNode node, DateTimeOffset at, string marker, Dice dice) =>
        new(
            "polardb_error_log",
            at,
            [
                .. Head(node),
                new("instance_id", node.Id),
                new("db_version", node.Version),
                new("collect_time", ReadWindow.Text(at)),
                new("type_role", "rw"),
                new("event_type", dice.Of("Server", "InnoDB")),
                new("content", EngineErrors.Line(new ReadableRow(at, marker, TimeSpan.Zero, dice))),
            ],
            marker
        );

    private static IEnumerable<KeyValuePair<string, string>> Head(PolardbNode node) =>
        [new("owner_id", node.Account), new("region", node.Region)];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
