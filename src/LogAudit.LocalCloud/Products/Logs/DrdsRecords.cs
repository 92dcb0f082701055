using System.Globalization;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>SQL audit lines of a logical database.</summary>
/// <remarks>Fields: drds reference, section 8, without those that the old service added.</remarks>
internal static class DrdsRecords
{
    /// <summary>One statement. The marker is a comment in <c>sql</c>.</summary>
    public static LogRecord Audit(string id, string database, DateTimeOffset at, string marker, Dice dice)
    {
        var (type, text) = dice.Of(
            ("Select", "SELECT * FROM t_order WHERE id = 7"),
            ("Insert", "INSERT INTO t_order (id) VALUES (8)"),
            ("Update", "UPDATE t_order SET state = 2 WHERE id = 7"),
            ("Delete", "DELETE FROM t_order WHERE id = 7"),
            ("Drop", "DROP TABLE t_order_old")
        );
        return new LogRecord(
            $"drds_audit_log_{id}_{database}",
            at,
            [
                new("db_name", database),
                new("user", dice.Of("shop", "report", "dba_bob")),
                new("client_ip", dice.PrivateIp()),
                new("client_port", Text(dice.Number(1024, 65_535))),
                new("sql", $"{text} /* {marker} */"),
                new("sql_type", type),
                new("sql_code", dice.Hex(8)),
                new("table_name", type is "Drop" ? "t_order_old" : "t_order"),
                new("trace_id", $"{dice.Hex(16)}-{dice.Number(1, 4)}"),
                new("response_time", Text(dice.Number(1, 900))),
                new("affect_rows", type is "Select" ? "0" : Text(dice.Number(0, 50))),
                new("fail", dice.Once(20) ? "1" : "0"),
                new("hint", ""),
                new("sql_type_detail", $"Sql{type}"),
                new(
                    "sql_time",
                    at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)
                ),
            ],
            marker
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
