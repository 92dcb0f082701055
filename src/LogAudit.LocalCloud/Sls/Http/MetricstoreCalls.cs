using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Metricstores, in one step or as a Logstore with a sub store. Source: SLS protocol 9, Metricstore.</summary>
internal static class MetricstoreCalls
{
    private const string Resource = "project/{project}/metricstore/{logstore}";

    private static readonly string[] SubStoreKeys = ["__name__", "__labels__", "__time_nano__", "__value__"];

    public static readonly SlsOperation[] Operations =
    [
        new(
            "CreateMetricStore",
            "POST",
            "/metricstores",
            "log:CreateMetricStore",
            "project/{project}/metricstore/{body:name}",
            Create
        )
        {
            IsWrite = true,
        },
        new("ListMetricStores", "GET", "/metricstores", "log:ListMetricStores", "project/{project}/metricstore/*", List)
        {
            Parameters = ["offset", "size", "name", "mode"],
        },
        new("GetMetricStore", "GET", "/metricstores/{logstore}", "log:GetMetricStore", Resource, Get),
        new("UpdateMetricStore", "PUT", "/metricstores/{logstore}", "log:UpdateMetricStore", Resource, Update)
        {
            IsWrite = true,
        },
        new("DeleteMetricStore", "DELETE", "/metricstores/{logstore}", "log:DeleteMetricStore", Resource, Delete)
        {
            IsWrite = true,
        },
        new(
            "CreateSubStore",
            "POST",
            "/logstores/{logstore}/substores",
            "log:CreateSortedSubStore",
            "project/{project}/logstore/{logstore}",
            CreateSub
        )
        {
            IsWrite = true,
        },
        new(
            "GetSubStore",
            "GET",
            "/logstores/{logstore}/substores/{sub}",
            "log:GetSortedSubStore",
            "project/{project}/logstore/{logstore}",
            GetSub
        ),
    ];

    private static CloudResponse Create(SlsCall call)
    {
        call.NeedProject.Create(LogstoreSettings.ForMetrics(call.Body));
        return CloudResponse.Empty();
    }

    private static CloudResponse List(SlsCall call)
    {
        var (name, mode) = (call.Query("name") ?? "", call.Query("mode"));
        string[] all =
        [
            .. call
                .NeedProject.Logstores.Where(one => one.Settings.IsMetricstore)
                .Where(one =>
                    one.Name.Contains(name, StringComparison.Ordinal) && (mode is null || one.Settings.Mode == mode)
                )
                .Select(one => one.Name),
        ];
        var (page, total) = call.Page(all, usual: 200, most: 500);
        return CloudResponse.Json(
            new JObject
            {
                ["count"] = page.Count,
                ["total"] = total,
                ["metricstores"] = new JArray(page),
            }
        );
    }

    private static CloudResponse Get(SlsCall call) =>
        CloudResponse.Json(Metricstore(call).Settings.ToMetricJson(Metricstore(call).CreatedAt));

    private static CloudResponse Update(SlsCall call)
    {
        LogstoreCalls.Replace(call, Metricstore(call));
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call)
    {
        call.NeedProject.DeleteLogstore(Metricstore(call).Name);
        return CloudResponse.Empty();
    }

    private static CloudResponse CreateSub(SlsCall call)
    {
        if (!call.Logstore.Settings.IsMetricstore)
            throw SlsRefusal.Parameter("a sub store needs a logstore of telemetryType Metrics");
        // A metric sample has exactly these keys. Source: SLS protocol 9, Metricstore.
        var keys = (call.Body["keys"] as JArray)?.OfType<JObject>().Select(key => key.NeedText("name")) ?? [];
        if (!SubStoreKeys.SequenceEqual(keys, StringComparer.Ordinal))
            throw SlsRefusal.Parameter("keys of a sub store must be " + string.Join(", ", SubStoreKeys));
        if (call.Logstore.SubStore is not null)
            throw SlsRefusal.Parameter("sub store already exists");
        call.Logstore.SubStore = call.Body;
        return CloudResponse.Empty();
    }

    private static CloudResponse GetSub(SlsCall call) =>
        call.Logstore.SubStore is { } sub && sub.Text("name") == call.Path("sub")
            ? CloudResponse.Json(sub)
            : throw new CloudError(404, "SubStoreNotExist", $"sub store {call.Path("sub")} does not exist");

    private static SlsLogstore Metricstore(SlsCall call) =>
        call.Logstore.Settings.IsMetricstore ? call.Logstore : throw SlsRefusal.NoLogstore(call.Path("logstore"));
}
