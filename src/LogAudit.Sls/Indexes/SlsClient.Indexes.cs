namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The Logstore's index; null when it has none, or the Logstore or project do not exist.</summary>
    public Task<IndexConfig?> GetIndexAsync(ProjectName project, LogstoreName logstore, CancellationToken cancel) =>
        GetAsync(
            new("GetIndex", HttpMethod.Get, project, $"/logstores/{logstore}/index"),
            "ProjectNotExist LogStoreNotExist IndexConfigNotExist",
            IndexJson.Read,
            cancel
        );

    /// <summary>Gives a Logstore its index. A Logstore that has one throws <c>IndexAlreadyExist</c>.</summary>
    public Task CreateIndexAsync(
        ProjectName project,
        LogstoreName logstore,
        IndexConfig index,
        CancellationToken cancel
    ) =>
        CreateAsync(
            new("CreateIndex", HttpMethod.Post, project, $"/logstores/{logstore}/index")
            {
                Json = IndexJson.Write(index),
            },
            async stop => await GetIndexAsync(project, logstore, stop) is not null,
            cancel
        );

    /// <summary>Replaces a Logstore's index as a whole.</summary>
    public Task UpdateIndexAsync(
        ProjectName project,
        LogstoreName logstore,
        IndexConfig index,
        CancellationToken cancel
    ) =>
        SendAsync(
            new("UpdateIndex", HttpMethod.Put, project, $"/logstores/{logstore}/index")
            {
                Json = IndexJson.Write(index),
            },
            cancel
        );

    /// <summary>Takes a Logstore's index away. None is success.</summary>
    public Task DeleteIndexAsync(ProjectName project, LogstoreName logstore, CancellationToken cancel) =>
        DeleteAsync(
            new("DeleteIndex", HttpMethod.Delete, project, $"/logstores/{logstore}/index"),
            "ProjectNotExist LogStoreNotExist IndexConfigNotExist",
            cancel
        );
}
