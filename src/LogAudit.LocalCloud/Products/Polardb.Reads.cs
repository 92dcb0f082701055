using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

/// <summary>What PolarDB shows of its logs by API: slow statements and performance. Its error log is read by DAS.</summary>
internal sealed partial class Polardb
{
    private const int MostKeys = 5;

    // Keys and the names of their metrics. Assumed: the page of the documents that lists them was not readable.
    private static readonly Dictionary<string, string[]> PerformanceKeys = new(StringComparer.Ordinal)
    {
        ["PolarDBCPU"] = ["cpu_ratio"],
        ["PolarDBMemory"] = ["mem_ratio"],
        ["PolarDBQPSTPS"] = ["mean_qps", "mean_tps"],
        ["PolarDBConnections"] = ["mean_active_session", "mean_total_session"],
        ["PolarDBIOSTAT"] = ["mean_iops", "mean_iops_r", "mean_iops_w"],
        ["PolarDBNetworkTraffic"] = ["mean_input_s", "mean_output_s"],
        ["PolarDBDiskUsage"] =
        [
            "mean_data_size",
            "mean_binlog_size",
            "mean_redolog_size",
            "mean_sys_dir_size",
            "mean_tmp_dir_size",
            "mean_other_log_size",
        ],
        ["PolarDBComDML"] =
        [
            "mean_com_select",
            "mean_com_insert",
            "mean_com_update",
            "mean_com_delete",
            "mean_com_replace",
        ],
        ["PolarDBRowDML"] =
        [
            "mean_innodb_rows_read",
            "mean_innodb_rows_inserted",
            "mean_innodb_rows_updated",
            "mean_innodb_rows_deleted",
        ],
        ["PolarDBInnoDBBufferRatio"] =
        [
            "mean_innodb_buffer_read_hit",
            "mean_innodb_buffer_use_ratio",
            "mean_innodb_buffer_dirty_ratio",
        ],
    };

    private void RegisterReads(Cloud cloud)
    {
        ApiParameter[] window = [RequiredText("StartTime"), RequiredText("EndTime")];
        Add(
            "DescribeSlowLogRecords",
            [
                RequiredText("RegionId"),
                RequiredText("DBClusterId"),
                .. window,
                Integer("PageNumber"),
                Integer("PageSize"),
                .. Texts("DBName NodeId SQLHASH"),
            ],
            SlowRecords
        );
        ApiParameter[] performance = [.. window, RequiredText("Key"), .. Texts("Interval Type")];
        Add(
            "DescribeDBClusterPerformance",
            [RequiredText("DBClusterId"), .. performance],
            call => Performance(call, Own(call), Own(call).Nodes)
        );
        Add("DescribeDBNodePerformance", [RequiredText("DBNodeId"), .. performance], OfNode);

        void Add(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc("polardb", Version, action, parameters, OneCluster(action), isWrite: false, run);
    }

    private JObject SlowRecords(ApiCall call)
    {
        Offered.Demand(call);
        var cluster = Own(call);
        var (from, to) = ReadWindow.Of(call);
        // Assumed: from 30 to 100 rows a page.
        _ = call.Integer("PageSize", 30, 30, 100);
        var rows = _cloud
            .Services.Get<ReadableLogs>()
            .Between(cluster.Id, "slow", from, to, cluster.IsRunning(call.Now));
        var page = Pages.ByNumber(call, [.. rows], 30, 100);
        _cloud.Services.Get<ShownLogs>().Rows(cluster.Key, "slow", page.Rows, to);
        return SlowRows.Page(
            page,
            "SQLSlowRecord",
            row =>
            {
                var json = SlowRows.Json(row);
                json["DBNodeId"] = cluster.Nodes[row.Dice.Number(0, cluster.Nodes.Count)];
                return json;
            }
        );
    }

    private JObject OfNode(ApiCall call)
    {
        var node = call.Text("DBNodeId");
        var cluster =
            _clusters.Values.FirstOrDefault(c =>
                c.Account == call.AccountId && c.Nodes.Contains(node, StringComparer.Ordinal)
            ) ?? throw new CloudError(404, "InvalidDBNodeId.NotFound", $"The specified node {node} does not exist.");
        return Performance(call, cluster, [node]);
    }

    private JObject Performance(ApiCall call, Cluster cluster, IReadOnlyList<string> nodes)
    {
        var (start, end) = ReadWindow.Of(call);
        var keys = call.Text("Key").Split(',');
        if (keys.Length > MostKeys || keys.FirstOrDefault(key => !PerformanceKeys.ContainsKey(key)) is not null)
        {
            throw new CloudError(400, "InvalidPerformanceKey", $"Key names at most {MostKeys} known keys.");
        }
        foreach (
            var (name, node) in keys.SelectMany(key => PerformanceKeys[key]).SelectMany(_ => nodes, ValueTuple.Create)
        )
        {
            var points = PerformanceCurves
                .Minutes(start, end, call.Now)
                .Select(at => (at, SlowRows.Text(PerformanceCurves.Value(node, name, at))));
            _cloud.Services.Get<ShownLogs>().Points("polardb", node, name, points, end);
        }
        return new JObject
        {
            ["DBClusterId"] = cluster.Id,
            ["StartTime"] = call.Text("StartTime"),
            ["EndTime"] = call.Text("EndTime"),
            ["PerformanceKeys"] = new JObject
            {
                ["PerformanceItem"] = new JArray(
                    from key in keys
                    from metric in PerformanceKeys[key]
                    from node in nodes
                    select new JObject
                    {
                        ["Measurement"] = key,
                        ["MetricName"] = metric,
                        ["DBNodeId"] = node,
                        ["Points"] = new JObject
                        {
                            ["PerformanceItemValue"] = new JArray(
                                PerformanceCurves
                                    .Minutes(start, end, call.Now)
                                    .Select(at => new JObject
                                    {
                                        ["Timestamp"] = at.ToUnixTimeMilliseconds(),
                                        ["Value"] = SlowRows.Text(PerformanceCurves.Value(node, metric, at)),
                                    })
                            ),
                        },
                    }
                ),
            },
        };
    }
}
