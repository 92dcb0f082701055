namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The data transformation job; null when it or its project do not exist.</summary>
    public Task<EtlJob?> GetEtlJobAsync(ProjectName project, string job, CancellationToken cancel) =>
        GetAsync(GetEtl(project, job), EtlGone, EtlJob.From, cancel);

    /// <summary>Makes a data transformation job, which then runs for good. One that exists throws <c>JobAlreadyExist</c>.</summary>
    public Task CreateEtlJobAsync(ProjectName project, EtlJob job, CancellationToken cancel) =>
        CreateAsync(
            new("CreateETL", HttpMethod.Post, project, "/etls") { Json = job.Over([]) },
            async stop => await GetEtlJobAsync(project, job.Name, stop) is not null,
            cancel
        );

    /// <summary>Changes a data transformation job: reads the whole object, lays <paramref name="job"/> over it and writes it back.</summary>
    public async Task UpdateEtlJobAsync(ProjectName project, EtlJob job, CancellationToken cancel)
    {
        var now = await ReadAsync(GetEtl(project, job.Name), json => json, cancel);
        await SendAsync(
            new("UpdateETL", HttpMethod.Put, project, $"/etls/{Uri.EscapeDataString(job.Name)}")
            {
                Json = job.Over(now),
            },
            cancel
        );
    }

    /// <summary>Deletes a data transformation job. One that does not exist is success.</summary>
    public Task DeleteEtlJobAsync(ProjectName project, string job, CancellationToken cancel) =>
        DeleteAsync(
            new("DeleteETL", HttpMethod.Delete, project, $"/etls/{Uri.EscapeDataString(job)}"),
            EtlGone,
            cancel
        );

    /// <summary>The data transformation jobs of a project, page by page.</summary>
    public IAsyncEnumerable<EtlJob> ListEtlJobsAsync(ProjectName project, CancellationToken cancel) =>
        PagesAsync(
            (offset, size) =>
                new("ListETLs", HttpMethod.Get, project, "/etls") { Query = [("offset", offset), ("size", size)] },
            "results",
            "total",
            row => EtlJob.From(row.AsObject()),
            cancel
        );

    private const string EtlGone = "ProjectNotExist JobNotExist";

    private static SlsRequest GetEtl(ProjectName project, string job) =>
        new("GetETL", HttpMethod.Get, project, $"/etls/{Uri.EscapeDataString(job)}");
}
