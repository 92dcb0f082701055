using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>Database Autonomy Service: switches the SQL log of databases and reads their error log. One central host, whatever the region; errors come inside the envelope.</summary>
/// <remarks>Written from the rds and polardb references and the metadata of DAS 2020-01-16.</remarks>
internal sealed class Das : IPart, ISqlLogs
{
    private readonly List<Func<string, string, ISqlLogDatabase?>> _products = [];
    private Cloud _cloud = null!;
    private NamedDelay _switch = null!;

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _switch = cloud.Delays.Declare(
            "DAS SQL log switch",
            TimeSpan.FromSeconds(20),
            "assumed: SqlLogState is RUNNING before FINISH"
        );
        cloud.Services.Add<ISqlLogs>(this);
        cloud.Api.Hosts("DAS", "das.cn-shanghai.aliyuncs.com");
        var id = Body("InstanceId", ApiType.String, required: true);
        Add("DescribeSqlLogConfig", false, [id], Describe);
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
            Modify
        );
        Add(
            "DescribeErrorLogRecords",
            false,
            [
                id,
                Body("StartTime", ApiType.Long, required: true),
                Body("EndTime", ApiType.Long, required: true),
                Body("PageNumber", ApiType.Integer),
                Body("PageSize", ApiType.Integer),
                Body("NodeId", ApiType.String),
                Body("Role", ApiType.String),
                Body("Filters", ApiType.RepeatList),
            ],
            ErrorLog
        );

        // The RAM prefix of DAS is hdm. Source: rds reference, section 6; the read actions are assumed.
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

    public void Offer(Func<string, string, ISqlLogDatabase?> find) => _products.Add(find);

    private JObject Describe(ApiCall call) =>
        Mine(call) is { } database ? Envelope("200", "Successful", Config(database, call.Now)) : NotFound(call);

    private JObject Modify(ApiCall call)
    {
        if (Mine(call) is not { } database)
        {
            return NotFound(call);
        }
        // Codes inside the envelope other than 200 were not readable (assumed to be those of RDS).
        if (!database.IsRunning(call.Now))
        {
            return Envelope(
                "OperationDenied.DBInstanceStatus",
                "The operation is not permitted due to the status of the instance."
            );
        }
        if (database.LacksSqlLog is { } why)
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
                call.Now + _cloud.Delays.Of(_switch)
            )
            : SqlLog.Off;
        call.Touched.Add((database.ResourceType, database.Id));
        return Envelope("200", "Successful", Config(database, call.Now));
    }

    private static JObject Config(ISqlLogDatabase database, DateTimeOffset now)
    {
        var log = database.SqlLog;
        var supported = database.LacksSqlLog is null;
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

    // Times in Unix milliseconds. The number of all rows at Data.Total and the form of CreateTime are assumed.
    private JObject ErrorLog(ApiCall call)
    {
        if (Mine(call) is not { } database)
        {
            return NotFound(call);
        }
        var (from, to) = (Time(call, "StartTime"), Time(call, "EndTime"));
        if (from >= to)
        {
            return Envelope("InvalidParameter", "StartTime must be before EndTime.");
        }
        var rows = _cloud
            .Services.Get<ReadableLogs>()
            .Between(database.Id, "error", from, to, database.IsRunning(call.Now))
            .ToList();
        var page = Pages.ByNumber(call, rows, 10, 100);
        _cloud.Services.Get<ShownLogs>().Rows(database.Key, "error", page.Rows, to);
        return Envelope(
            "200",
            "Successful",
            new JObject
            {
                ["Logs"] = page.Json(row => new JObject
                {
                    ["CreateTime"] = row.Time.ToUnixTimeMilliseconds(),
                    ["Category"] = row.Dice.Of("Server", "InnoDB", "Replication"),
                    ["Content"] = EngineErrors.Line(row),
                    ["ConnInfo"] = row.Dice.PrivateIp(),
                    ["DBInstanceName"] = database.Id,
                }),
                ["Total"] = page.Total,
                ["PageNumber"] = page.Number,
                ["PageSize"] = page.Size,
            }
        );
    }

    private static DateTimeOffset Time(ApiCall call, string name) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(call.Long(name) ?? 0, 0, 253402300799999));

    private ISqlLogDatabase? Mine(ApiCall call) =>
        _products
            .Select(find => find(call.AccountId, call.Text("InstanceId")))
            .FirstOrDefault(database => database is not null);

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
