using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>DAS, with the SQL logs of some databases.</summary>
internal sealed class SqlLogs
{
    public SqlLogs(Exchanges exchanges, IEnumerable<string> databases)
    {
        Of = databases.ToDictionary(id => id, _ => Off(), StringComparer.Ordinal);
        exchanges
            .On("DescribeSqlLogConfig", request => Envelope(Of[request["InstanceId"]]))
            .On("ModifySqlLogConfig", Modify);
    }

    /// <summary>The configuration of each database.</summary>
    public Dictionary<string, JObject> Of { get; }

    public static JObject Off(string version = "SQL_LOG_V3") =>
        new()
        {
            ["SqlLogEnable"] = false,
            ["RequestEnable"] = false,
            ["Retention"] = 0,
            ["Version"] = "SQL_LOG_NOT_ENABLE",
            ["SupportVersion"] = version,
            ["SqlLogState"] = "FINISH",
        };

    public static Reply Envelope(JObject data) =>
        Reply.Json(
            new JObject
            {
                ["Code"] = "200",
                ["Message"] = "Successful",
                ["Success"] = "true",
                ["Data"] = data,
            }.ToString()
        );

    private Reply Modify(SeenRequest request)
    {
        var log = Of[request["InstanceId"]];
        log["SqlLogEnable"] = request["Enable"] == "true";
        log["RequestEnable"] = request["RequestEnable"] is ""
            ? log["RequestEnable"]
            : request["RequestEnable"] == "true";
        log["Retention"] = request["Retention"] is "" ? log["Retention"] : request.Number("Retention");
        return Envelope([]);
    }
}
