using System.Globalization;
using System.Text.Json.Nodes;
using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Dashboards: charts in a grid of three columns, over one Logstore unless a chart names another. The stamp in the description tells later whether a person edited it.</summary>
internal sealed class DashboardSettings(SlsAccess sls) : ISettingHandler, IDashboardNames
{
    private const int Columns = 3;
    private const int ChartWidth = 10;
    private const int ChartHeight = 8;
    private const int SecondsOfDay = 86_400;

    public IReadOnlyCollection<string> SettingKinds => [Collection.SettingKinds.Dashboard];

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(setting);
        return await sls.For(setting).GetDashboardAsync(project, name, cancel) is { } dashboard
            ? State(dashboard)
            : null;
    }

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var (project, name) = SlsAccess.Split(change.Setting);
        var client = sls.For(change.Setting);
        if (change.To is null)
        {
            await client.DeleteDashboardAsync(project, name, cancel);
            return;
        }

        var dashboard = Json(project, name, change.To);
        if (await client.GetDashboardAsync(project, name, cancel) is null)
        {
            await client.CreateDashboardAsync(project, dashboard, cancel);
        }
        else
        {
            await client.UpdateDashboardAsync(project, dashboard, cancel);
        }
    }

    public async Task<IReadOnlySet<string>> InAsync(SettingRef dashboard, CancellationToken cancel)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (
                var name in sls.For(dashboard).ListDashboardsAsync(SlsAccess.Split(dashboard).Project, cancel)
            )
            {
                names.Add(name);
            }
        }
        catch (SlsException missing) when (missing.IsNotFound)
        {
            // A project that is not there holds no dashboards.
        }

        return names;
    }

    internal static SettingState State(JsonObject dashboard)
    {
        var charts = (dashboard["charts"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var own = charts
            .Select(chart => Text(chart["search"]?["logstore"]))
            .FirstOrDefault(name => name.Length > 0, "");
        return SettingState.Of(
            ("displayName", Text(dashboard["displayName"])),
            ("logstore", own),
            ("charts", Wanted.Charts(charts.Select(chart => Chart(chart, own)))),
            ("stamp", DashboardStamp.In(Text(dashboard["description"])))
        );
    }

    /// <remarks>Shape: SLS CreateDashboard. Assumed: the chart types beyond table, map and aggpro, which sources show.</remarks>
    internal static JsonObject Json(ProjectName project, string name, SettingState state) =>
        new()
        {
            ["dashboardName"] = name,
            ["displayName"] = state["displayName"],
            ["description"] = DashboardStamp.Describe(state["stamp"]),
            ["attribute"] = new JsonObject { ["type"] = "grid" },
            ["charts"] = new JsonArray([
                .. Wanted
                    .Charts(state["charts"])
                    .Index()
                    .Select(chart => (JsonNode)Chart(project, state["logstore"], chart.Item, chart.Index)),
            ]),
        };

    private static ChartSpec Chart(JsonObject chart, string own) =>
        new(Text(chart["title"]), Text(chart["type"]), Text(chart["search"]?["query"]))
        {
            Logstore = Text(chart["search"]?["logstore"]) is var other && other != own ? other : "",
            Days = Days(Text(chart["search"]?["start"])),
        };

    /// <summary><c>-86400s</c> as 1; a span that we do not write is none of ours and reads as 0.</summary>
    private static int Days(string start) =>
        start.StartsWith('-')
        && start.EndsWith('s')
        && int.TryParse(start[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds % SecondsOfDay == 0
            ? seconds / SecondsOfDay
            : 0;

    private static JsonObject Chart(ProjectName project, string own, ChartSpec chart, int index)
    {
        var logstore = chart.Logstore.Length > 0 ? chart.Logstore : own;
        return new JsonObject
        {
            ["title"] = chart.Title,
            ["type"] = chart.Type,
            ["action"] = new JsonObject(),
            ["search"] = new JsonObject
            {
                ["logstore"] = logstore,
                ["topic"] = "",
                ["query"] = chart.Query,
                ["start"] = string.Create(CultureInfo.InvariantCulture, $"-{chart.Days * SecondsOfDay}s"),
                ["end"] = "now",
                ["dataSourceType"] = "current",
                ["chartQueries"] = new JsonArray(
                    new JsonObject
                    {
                        ["datasource"] = "logstore",
                        ["name"] = "A",
                        ["project"] = project.Value,
                        ["logstore"] = logstore,
                        ["query"] = chart.Query,
                        ["tokenQuery"] = chart.Query,
                    }
                ),
            },
            ["display"] = new JsonObject
            {
                ["xPos"] = index % Columns * ChartWidth,
                ["yPos"] = index / Columns * ChartHeight,
                ["width"] = ChartWidth,
                ["height"] = ChartHeight,
                ["displayName"] = chart.Title,
            },
        };
    }

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
