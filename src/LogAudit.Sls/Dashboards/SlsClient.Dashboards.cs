using System.Text.Json.Nodes;

namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The dashboard with its charts, as the service writes it; null when it or its project do not exist.</summary>
    public Task<JsonObject?> GetDashboardAsync(ProjectName project, string dashboard, CancellationToken cancel) =>
        GetAsync(
            new("GetDashboard", HttpMethod.Get, project, $"/dashboards/{Uri.EscapeDataString(dashboard)}"),
            DashboardGone,
            json => json,
            cancel
        );

    /// <summary>Makes a dashboard; its name is the member <c>dashboardName</c>.</summary>
    /// <remarks>One that exists throws <c>ParameterInvalid</c> ("specified dashboard already exists").</remarks>
    public Task CreateDashboardAsync(ProjectName project, JsonObject dashboard, CancellationToken cancel) =>
        CreateAsync(
            new("CreateDashboard", HttpMethod.Post, project, "/dashboards") { Json = dashboard },
            async stop => await GetDashboardAsync(project, dashboard.Text("dashboardName"), stop) is not null,
            cancel
        );

    /// <summary>Replaces the dashboard of that <c>dashboardName</c> as a whole.</summary>
    public Task UpdateDashboardAsync(ProjectName project, JsonObject dashboard, CancellationToken cancel) =>
        SendAsync(
            new(
                "UpdateDashboard",
                HttpMethod.Put,
                project,
                $"/dashboards/{Uri.EscapeDataString(dashboard.Text("dashboardName"))}"
            )
            {
                Json = dashboard,
            },
            cancel
        );

    /// <summary>Deletes a dashboard. One that does not exist is success.</summary>
    public Task DeleteDashboardAsync(ProjectName project, string dashboard, CancellationToken cancel) =>
        DeleteAsync(
            new("DeleteDashboard", HttpMethod.Delete, project, $"/dashboards/{Uri.EscapeDataString(dashboard)}"),
            DashboardGone,
            cancel
        );

    /// <summary>The names of a project's dashboards, page by page.</summary>
    public IAsyncEnumerable<string> ListDashboardsAsync(ProjectName project, CancellationToken cancel) =>
        PagesAsync(
            (offset, size) =>
                new("ListDashboard", HttpMethod.Get, project, "/dashboards")
                {
                    Query = [("offset", offset), ("size", size)],
                },
            "dashboards",
            "total",
            row => row.AsText("dashboards[]"),
            cancel
        );

    private const string DashboardGone = "ProjectNotExist DashboardNotExist";
}
