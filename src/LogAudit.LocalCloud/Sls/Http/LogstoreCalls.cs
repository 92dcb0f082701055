using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Logstores. Source: SLS protocol 9, Logstore.</summary>
internal static class LogstoreCalls
{
    private const string Resource = "project/{project}/logstore/{logstore}";

    public static readonly SlsOperation[] Operations =
    [
        new(
            "CreateLogStore",
            "POST",
            "/logstores",
            "log:CreateLogStore",
            "project/{project}/logstore/{body:logstoreName}",
            Create
        )
        {
            IsWrite = true,
        },
        new("ListLogStores", "GET", "/logstores", "log:ListLogStores", "project/{project}/logstore/*", List)
        {
            Parameters = ["offset", "size", "logstoreName", "telemetryType", "mode"],
        },
        new("GetLogs", "GET", "/logstores/{logstore}", "log:GetLogStoreLogs", Resource, QueryCalls.GetLogs)
        {
            Switch = ("type", ["log"]),
            IsData = true,
            Parameters = ["from", "to", "query", "topic", "line", "offset", "reverse", "powerSql"],
        },
        new(
            "GetHistograms",
            "GET",
            "/logstores/{logstore}",
            "log:GetLogStoreHistogram",
            Resource,
            QueryCalls.GetHistograms
        )
        {
            Switch = ("type", ["histogram"]),
            IsData = true,
            Parameters = ["from", "to", "query", "topic", "interval"],
        },
        new(
            "GetLogStore",
            "GET",
            "/logstores/{logstore}",
            "log:GetLogStore",
            Resource,
            call => CloudResponse.Json(ToJson(call.Logstore))
        ),
        new("UpdateLogStore", "PUT", "/logstores/{logstore}", "log:UpdateLogStore", Resource, Update)
        {
            IsWrite = true,
        },
        new("DeleteLogStore", "DELETE", "/logstores/{logstore}", "log:DeleteLogStore", Resource, Delete)
        {
            IsWrite = true,
        },
    ];

    /// <summary>The JSON of a Logstore; <c>shardCount</c> is that of the shards that take data.</summary>
    public static JObject ToJson(SlsLogstore logstore) =>
        (logstore.Settings with { ShardCount = logstore.Shards.Count(shard => !shard.IsReadonly) }).ToJson(
            logstore.CreatedAt
        );

    public static void Replace(SlsCall call, SlsLogstore logstore) =>
        logstore.Settings = logstore.Settings.Updated(call.Body) with { LastModifyTime = call.Now.ToUnixTimeSeconds() };

    private static CloudResponse Create(SlsCall call)
    {
        call.NeedProject.Create(LogstoreSettings.ForCreate(call.Body));
        return CloudResponse.Empty();
    }

    private static CloudResponse List(SlsCall call)
    {
        var (name, telemetry, mode) = (
            call.Query("logstoreName") ?? "",
            call.Query("telemetryType"),
            call.Query("mode")
        );
        string[] all =
        [
            .. call
                .NeedProject.Logstores.Where(one =>
                    one.Name.Contains(name, StringComparison.Ordinal)
                    // None asks for Logstores, Metrics for Metricstores; without it both are listed. Source: ListLogStores.
                    && (telemetry is null || (telemetry == "Metrics") == one.Settings.IsMetricstore)
                    && (mode is null || one.Settings.Mode == mode)
                )
                .Select(one => one.Name),
        ];
        var (page, total) = call.Page(all, usual: 200, most: 500);
        return CloudResponse.Json(
            new JObject
            {
                ["count"] = page.Count,
                ["total"] = total,
                ["logstores"] = new JArray(page),
            }
        );
    }

    private static CloudResponse Update(SlsCall call)
    {
        Replace(call, call.Logstore);
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call)
    {
        call.NeedProject.DeleteLogstore(call.Logstore.Name);
        return CloudResponse.Empty();
    }
}
