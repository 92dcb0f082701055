using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>The part of DAS that switches the SQL log. One central host, whatever the instance's region; errors come inside the envelope.</summary>
internal sealed partial class Rds
{
    private void RegisterDas(Cloud cloud)
    {
        cloud.Api.Hosts("DAS", "das.cn-shanghai.aliyuncs.com");
        var id = Body("InstanceId", ApiType.String, required: true);
        // The RAM prefix of DAS is hdm. Source: rds reference, section 6; the read action is assumed.
        Add("DescribeSqlLogConfig", false, [id], DescribeSqlLog);
        Add(
            "ModifySqlLogConfig",
            true,
            [
                id,
                Body("Enable", ApiType.Boolean),
                Body("RequestEnable", ApiType.Boolean),
                Body("Retention", ApiType.Integer),
                Body("HotRetention", ApiType.Integer),
                Boolean("EnableAudit"),
                List("Filters"),
            ],
            ModifySqlLog
        );

        void Add(string action, bool isWrite, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(
                "DAS",
                "2020-01-16",
                action,
                parameters,
                new RamRule(
                    $"hdm:{action}",
                    call => $"acs:hdm:*:{call.AccountId}:dbinstance/{call.Text("InstanceId")}"
                ),
                isWrite,
                run
            );
    }

    private JObject DescribeSqlLog(ApiCall call) =>
        Mine(call) is { } database ? Envelope("200", "Successful", Config(database, call.Now)) : NotFound(call);

    private JObject ModifySqlLog(ApiCall call)
    {
        if (Mine(call) is not { } database)
        {
            return NotFound(call);
        }
        // Codes inside the envelope other than 200 were not readable (assumed to be those of RDS).
        if (database.Status.At(call.Now) is not "Running")
        {
            return Envelope(
                "OperationDenied.DBInstanceStatus",
                "The operation is not permitted due to the status of the instance."
            );
        }
        if (WhyNot(database, "audit", call.Now) is { } why)
        {
            return Envelope("InstanceEngineType.NotSupport", $"The instance does not support this: {why}.");
        }
        var now = database.SqlLog;
        var enable = call.Boolean("Enable") ?? now.Enabled;
        var retention = call.Integer("Retention") ?? Math.Max(30, now.RetentionDays);
        var hot = call.Integer("HotRetention") ?? Math.Max(1, now.HotDays);
        if (retention is not (30 or 180 or 365) || hot is < 1 or > 7)
        {
            return Envelope(
                "InvalidParameter",
                "Retention is 30, 180 or 365 days in this version and HotRetention 1 to 7."
            );
        }
        database.SqlLog = enable
            ? new SqlLog(
                Enabled: true,
                call.Boolean("RequestEnable") ?? now.RequestEnabled,
                call.Boolean("EnableAudit") ?? now.Audit,
                retention,
                hot,
                call.Now + _cloud.Delays.Of(_sqlLog)
            )
            : SqlLog.Off;
        call.Touched.Add((InstanceType, database.Id));
        return Envelope("200", "Successful", Config(database, call.Now));
    }

    private static JObject Config(Database database, DateTimeOffset now)
    {
        var log = database.SqlLog;
        var supported = WhyNot(database, "audit", now) is null or "the instance is not running";
        return new JObject
        {
            ["SqlLogEnable"] = log.Enabled,
            ["Enable"] = log.Enabled,
            ["RequestEnable"] = log.RequestEnabled,
            ["Retention"] = log.RetentionDays,
            ["HotRetention"] = log.HotDays,
            ["ColdRetention"] = Math.Max(0, log.RetentionDays - log.HotDays),
            ["Version"] =
                log.Enabled ? "SQL_LOG_V3"
                : supported ? "SQL_LOG_NOT_ENABLE"
                : "SQL_LOG_NOT_SUPPORT",
            ["SupportVersion"] = supported ? "SQL_LOG_V3" : "SQL_LOG_NOT_SUPPORT",
            ["SqlLogState"] = now < log.SettledAt ? "RUNNING" : "FINISH",
            ["CollectorVersion"] = log.Enabled ? "MYSQL_V2" : "",
        };
    }

    private Database? Mine(ApiCall call) =>
        _instances.GetValueOrDefault(call.Text("InstanceId")) is { } database && database.Account == call.AccountId
            ? database
            : null;

    private static JObject NotFound(ApiCall call) =>
        Envelope("InvalidDBInstanceId.NotFound", $"The specified instance {call.Text("InstanceId")} does not exist.");

    private static JObject Envelope(string code, string message, JObject? data = null)
    {
        var envelope = new JObject
        {
            ["Code"] = code,
            ["Message"] = message,
            ["Success"] = code is "200" ? "true" : "false",
        };
        if (data is not null)
        {
            envelope["Data"] = data;
        }
        return envelope;
    }
}
