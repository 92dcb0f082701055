using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>What RDS shows of its logs by API: slow statements, the error log, performance.</summary>
internal sealed partial class Rds
{
    // Keys and the names of their values. Assumed: the page of the documents that lists them was not readable.
    private static readonly Dictionary<string, string[]> PerformanceKeys = new(StringComparer.Ordinal)
    {
        ["MySQL_QPSTPS"] = ["QPS", "TPS"],
        ["MySQL_Sessions"] = ["active_session", "total_session"],
        ["MySQL_MemCpuUsage"] = ["cpuusage", "memusage"],
        ["MySQL_IOPS"] = ["io"],
        ["MySQL_NetworkTraffic"] = ["recv_k", "sent_k"],
        ["MySQL_DetailedSpaceUsage"] = ["ins_size", "data_size", "log_size", "tmp_size", "other_size"],
        ["MySQL_InnoDBBufferRatio"] = ["ibuf_read_hit", "ibuf_use_ratio", "ibuf_dirty_ratio"],
        ["MySQL_InnoDBDataReadWriten"] = ["inno_data_read", "inno_data_written"],
        ["MySQL_InnoDBLogRequests"] = ["ibuf_request_r", "ibuf_request_w"],
        ["MySQL_InnoDBLogWrites"] = ["Innodb_log_write_requests", "Innodb_log_writes", "Innodb_os_log_fsyncs"],
        ["MySQL_TempDiskTableCreates"] = ["tb_tmp_disk"],
        ["MySQL_COMDML"] =
        [
            "com_delete",
            "com_insert",
            "com_insert_select",
            "com_replace",
            "com_replace_select",
            "com_select",
            "com_update",
        ],
        ["MySQL_RowDML"] = ["inno_row_readed", "inno_row_update", "inno_row_delete", "inno_row_insert"],
    };

    private void RegisterReads(Cloud cloud)
    {
        IReadOnlyList<ApiParameter> window =
        [
            RequiredText("DBInstanceId"),
            RequiredText("StartTime"),
            RequiredText("EndTime"),
        ];
        ApiParameter[] paged = [.. window, Integer("PageNumber"), Integer("PageSize")];
        Add("DescribeSlowLogRecords", [.. paged, .. Texts("DBName NodeId SQLHASH")], SlowRecords);
        Add("DescribeErrorLogs", paged, Errors);
        Add("DescribeDBInstancePerformance", [.. window, RequiredText("Key")], Performance);

        void Add(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("Rds", Version, action, parameters, OneInstance(action), isWrite: false, run);
    }

    private JObject SlowRecords(ApiCall call) =>
        SlowRows.Page(Page(call, "slow", 30, 200), "SQLSlowRecord", SlowRows.Json);

    private JObject Errors(ApiCall call) =>
        SlowRows.Page(
            Page(call, "error", 30, 100),
            "ErrorLog",
            row => new JObject
            {
                ["CreateTime"] = ReadWindow.Text(row.Time),
                ["ErrorInfo"] = EngineErrors.Line(row),
                ["Database"] = row.Dice.Of("orders", ""),
                ["User"] = row.Dice.Of("app_rw", ""),
                ["UserIp"] = row.Dice.PrivateIp(),
            }
        );

    private JObject Performance(ApiCall call)
    {
        var database = Own(call);
        var (from, to) = ReadWindow.Of(call);
        var keys = call.Text("Key").Split(',');
        if (keys.Length > 30 || keys.FirstOrDefault(key => !PerformanceKeys.ContainsKey(key)) is not null)
        {
            throw new CloudError(400, "InvalidKey.NotFound", "Key names at most 30 known keys, joined by commas.");
        }
        foreach (var name in keys.SelectMany(key => PerformanceKeys[key]))
        {
            var points = PerformanceCurves.Minutes(from, to, call.Now).Select(at => (at, Point(database.Id, name, at)));
            _cloud.Services.Get<ShownLogs>().Points("rds", database.Id, name, points, to);
        }
        return new JObject
        {
            ["DBInstanceId"] = database.Id,
            ["Engine"] = database.Engine,
            ["StartTime"] = call.Text("StartTime"),
            ["EndTime"] = call.Text("EndTime"),
            ["PerformanceKeys"] = new JObject
            {
                ["PerformanceKey"] = new JArray(
                    keys.Select(key => new JObject
                    {
                        ["Key"] = key,
                        ["Unit"] = "int",
                        ["ValueFormat"] = string.Join('&', PerformanceKeys[key]),
                        ["Values"] = new JObject
                        {
                            ["PerformanceValue"] = new JArray(
                                PerformanceCurves
                                    .Minutes(from, to, call.Now)
                                    .Select(at => new JObject
                                    {
                                        ["Date"] = ReadWindow.Text(at),
                                        ["Value"] = string.Join(
                                            '&',
                                            PerformanceKeys[key].Select(name => Point(database.Id, name, at))
                                        ),
                                    })
                            ),
                        },
                    })
                ),
            },
        };
    }

    private static string Point(string id, string name, DateTimeOffset at) =>
        SlowRows.Text(PerformanceCurves.Value(id, name, at));

    private Page<ReadableRow> Page(ApiCall call, string log, int least, int most)
    {
        var database = Own(call);
        var (from, to) = ReadWindow.Of(call);
        _ = call.Integer("PageSize", least, least, most);
        var rows = _cloud
            .Services.Get<ReadableLogs>()
            .Between(database.Id, log, from, to, database.Status.At(call.Now) is "Running");
        var page = Pages.ByNumber(call, [.. rows], least, most);
        _cloud.Services.Get<ShownLogs>().Rows(database.Key, log, page.Rows, to);
        return page;
    }
}
