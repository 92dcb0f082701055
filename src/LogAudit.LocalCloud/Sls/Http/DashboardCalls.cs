using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Dashboards and their charts. Source of codes and texts: Java functional tests, SLS protocol 9.</summary>
internal static class DashboardCalls
{
    private const int MostDashboards = 100;
    private const int MostCharts = 200;

    private const string One = "/dashboards/{dashboard}";
    private const string Chart = "/dashboards/{dashboard}/charts/{chart}";
    private const string Resource = "project/{project}/dashboard/{dashboard}";

    public static readonly SlsOperation[] Operations =
    [
        new(
            "CreateDashboard",
            "POST",
            "/dashboards",
            "log:CreateDashboard",
            "project/{project}/dashboard/{body:dashboardName}",
            Create
        )
        {
            IsWrite = true,
        },
        new("ListDashboard", "GET", "/dashboards", "log:ListDashboard", "project/{project}/dashboard/*", List)
        {
            Parameters = ["dashboardName", "displayName", "offset", "size", "tags"],
        },
        new("GetDashboard", "GET", One, "log:GetDashboard", Resource, call => CloudResponse.Json(Need(call))),
        new("UpdateDashboard", "PUT", One, "log:UpdateDashboard", Resource, Update) { IsWrite = true },
        new("DeleteDashboard", "DELETE", One, "log:DeleteDashboard", Resource, Delete) { IsWrite = true },
        new("GetChart", "GET", Chart, "log:GetDashboard", Resource, call => CloudResponse.Json(NeedChart(call))),
        new(
            "CreateChart",
            "POST",
            One + "/charts",
            "log:UpdateDashboard",
            Resource,
            call => ChangeCharts(call, charts => charts.Add(call.Body))
        )
        {
            IsWrite = true,
        },
        new("UpdateChart", "PUT", Chart, "log:UpdateDashboard", Resource, UpdateChart) { IsWrite = true },
        new("DeleteChart", "DELETE", Chart, "log:UpdateDashboard", Resource, DeleteChart) { IsWrite = true },
    ];

    private static CloudResponse Create(SlsCall call)
    {
        var dashboards = call.NeedProject.Dashboards;
        if (dashboards.Count >= MostDashboards)
            throw SlsRefusal.Quota($"a project may have {MostDashboards} dashboards");
        Check(call.Body);
        return dashboards.TryAdd(call.Body.NeedText("dashboardName"), call.Body)
            ? CloudResponse.Empty()
            : throw SlsRefusal.Parameter("specified dashboard already exists");
    }

    private static CloudResponse List(SlsCall call)
    {
        var (name, display) = (call.Query("dashboardName") ?? "", call.Query("displayName") ?? "");
        JObject[] all =
        [
            .. call
                .NeedProject.Dashboards.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Where(pair => pair.Key.Contains(name, StringComparison.Ordinal))
                .Select(pair => pair.Value)
                .Where(one => (one.Text("displayName") ?? "").Contains(display, StringComparison.Ordinal)),
        ];
        var (page, total) = call.Page(all, usual: 100, most: 500);
        return CloudResponse.Json(
            new JObject
            {
                ["count"] = page.Count,
                ["total"] = total,
                ["dashboards"] = new JArray(page.Select(one => one["dashboardName"]!.DeepClone())),
                ["dashboardItems"] = new JArray(
                    page.Select(one => new JObject
                    {
                        ["dashboardName"] = one["dashboardName"]?.DeepClone(),
                        ["displayName"] = one.Text("displayName") ?? "",
                        ["description"] = one.Text("description") ?? "",
                    })
                ),
            }
        );
    }

    private static CloudResponse Update(SlsCall call)
    {
        _ = Need(call);
        if (call.Body.NeedText("dashboardName") != call.Path("dashboard"))
            throw SlsRefusal.Parameter("dashboardName is not the name in the path");
        Check(call.Body);
        call.NeedProject.Dashboards[call.Path("dashboard")] = call.Body;
        return CloudResponse.Empty();
    }

    private static CloudResponse Delete(SlsCall call)
    {
        _ = Need(call);
        call.NeedProject.Dashboards.TryRemove(call.Path("dashboard"), out _);
        return CloudResponse.Empty();
    }

    private static CloudResponse UpdateChart(SlsCall call)
    {
        var old = NeedChart(call);
        return ChangeCharts(
            call,
            charts =>
                charts[charts.IndexOf(charts.First(one => (string?)one["title"] == (string?)old["title"]))] = call.Body
        );
    }

    private static CloudResponse DeleteChart(SlsCall call)
    {
        var old = NeedChart(call);
        return ChangeCharts(
            call,
            charts => charts.First(one => (string?)one["title"] == (string?)old["title"]).Remove()
        );
    }

    private static CloudResponse ChangeCharts(SlsCall call, Action<JArray> change)
    {
        var changed = (JObject)Need(call).DeepClone();
        var charts = changed["charts"] as JArray ?? [];
        changed["charts"] = charts;
        change((JArray)changed["charts"]!);
        Check(changed);
        call.NeedProject.Dashboards[call.Path("dashboard")] = changed;
        return CloudResponse.Empty();
    }

    private static void Check(JObject dashboard)
    {
        _ = dashboard.NeedText("dashboardName");
        if (dashboard["charts"] is not (null or JArray))
            throw SlsRefusal.Body("charts must be a list");
        var charts = (dashboard["charts"] as JArray)?.OfType<JObject>().ToArray() ?? [];
        if (charts.Length > MostCharts)
            throw SlsRefusal.Quota($"a dashboard may have {MostCharts} charts");
        var titles = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chart in charts)
        {
            var title = chart.NeedText("title");
            _ = chart.NeedText("type");
            if (!titles.Add(title))
                throw SlsRefusal.Body("Duplicate chart title: " + title);
        }
    }

    private static JObject Need(SlsCall call) =>
        call.NeedProject.Dashboards.GetValueOrDefault(call.Path("dashboard"))
        ?? throw new CloudError(404, "DashboardNotExist", "specified dashboard does not exist");

    private static JObject NeedChart(SlsCall call) =>
        (Need(call)["charts"] as JArray)
            ?.OfType<JObject>()
            .FirstOrDefault(chart => (string?)chart["title"] == call.Path("chart"))
        ?? throw new CloudError(404, "ChartNotExist", "specified chart does not exist");
}
