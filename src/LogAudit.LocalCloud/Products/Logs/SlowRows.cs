using System.Globalization;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>Rows of <c>DescribeSlowLogRecords</c>, which RDS and PolarDB answer alike.</summary>
/// <remarks>Fields: rds reference, section 6; polardb reference, section 6.</remarks>
internal static class SlowRows
{
    /// <summary>A row; the marker is a comment in <c>SQLText</c>.</summary>
    public static JObject Json(ReadableRow row)
    {
        var millis = row.Dice.Number(1000, 60_000);
        var locked = row.Dice.Number(0, 900);
        return new JObject
        {
            ["ExecutionStartTime"] = ReadWindow.Text(row.Time),
            ["HostAddress"] =
                $"{row.Dice.Of("app_rw[app_rw]", "dba_alice[dba_alice]")} @ host [{row.Dice.PrivateIp()}]",
            ["DBName"] = row.Dice.Of("orders", "users", "billing"),
            ["SQLText"] = $"{RdsRecords.Statement(row.Dice)} /* {row.Marker} */",
            ["QueryTimes"] = millis / 1000,
            ["QueryTimeMS"] = millis,
            ["LockTimes"] = locked / 1000,
            ["LockTimeMS"] = locked,
            ["ParseRowCounts"] = row.Dice.Number(10_000, 900_000),
            ["ReturnRowCounts"] = row.Dice.Number(0, 5000),
            ["SQLHash"] = row.Dice.Hex(16),
            ["UserName"] = "app_rw",
            ["ApplicationName"] = "",
        };
    }

    /// <summary>The page of an answer with the numbers that both products give.</summary>
    public static JObject Page<T>(Page<T> page, string list, Func<T, JToken> row) =>
        new()
        {
            ["Items"] = new JObject { [list] = page.Json(row) },
            ["PageNumber"] = page.Number,
            ["PageRecordCount"] = page.Rows.Count,
            ["TotalRecordCount"] = page.Total,
        };

    /// <summary>A number as the performance calls write it.</summary>
    public static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
