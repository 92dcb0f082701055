using System.Text.Json.Nodes;

namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The project; null when there is none of that name.</summary>
    /// <remarks>SLS GetProject. A project of another account is not null: it throws with <see cref="SlsException.IsDenied"/>.</remarks>
    public Task<Project?> GetProjectAsync(ProjectName project, CancellationToken cancel) =>
        GetAsync(new("GetProject", HttpMethod.Get, project, "/"), "ProjectNotExist", Project.From, cancel);

    /// <summary>Makes a project in this client's region and account.</summary>
    /// <remarks>SLS CreateProject. It shows in the service after some seconds (up to a minute), its host name too. A project that exists throws <c>ProjectAlreadyExist</c>, also when another account owns the name.</remarks>
    public Task CreateProjectAsync(ProjectName project, string description, CancellationToken cancel) =>
        CreateAsync(
            new("CreateProject", HttpMethod.Post, project, "/")
            {
                Json = new JsonObject { ["projectName"] = project.Value, ["description"] = description },
            },
            async stop => await GetProjectAsync(project, stop) is not null,
            cancel
        );

    /// <summary>Deletes a project with all its logs. One that does not exist is success.</summary>
    public Task DeleteProjectAsync(ProjectName project, CancellationToken cancel) =>
        DeleteAsync(
            new("DeleteProject", HttpMethod.Delete, project, "/") { Query = [("forceDelete", "true")] },
            "ProjectNotExist",
            cancel
        );

    /// <summary>The projects of this client's account and region, page by page.</summary>
    /// <param name="nameContains">Only projects whose name contains this; empty for all.</param>
    /// <param name="cancel">Ends the listing.</param>
    public IAsyncEnumerable<Project> ListProjectsAsync(string nameContains, CancellationToken cancel) =>
        PagesAsync(
            (offset, size) =>
                new("ListProject", HttpMethod.Get, null, "/")
                {
                    Query =
                        nameContains.Length == 0
                            ? [("offset", offset), ("size", size)]
                            : [("offset", offset), ("projectName", nameContains), ("size", size)],
                },
            "projects",
            "total",
            row => Project.From(row.AsObject()),
            cancel
        );
}
