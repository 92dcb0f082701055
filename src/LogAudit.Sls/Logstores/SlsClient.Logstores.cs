namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The Logstore's configuration; null when project or Logstore do not exist.</summary>
    public Task<LogstoreConfig?> GetLogstoreAsync(
        ProjectName project,
        LogstoreName logstore,
        CancellationToken cancel
    ) => GetAsync(GetLogstore(project, logstore), LogstoreGone, LogstoreConfig.From, cancel);

    /// <summary>Makes a Logstore. One that exists throws <c>LogStoreAlreadyExist</c>.</summary>
    public Task CreateLogstoreAsync(ProjectName project, LogstoreConfig config, CancellationToken cancel) =>
        CreateAsync(
            new("CreateLogStore", HttpMethod.Post, project, "/logstores") { Json = config.Over([]) },
            async stop => await GetLogstoreAsync(project, config.Name, stop) is not null,
            cancel
        );

    /// <summary>Changes a Logstore: reads the whole object, lays <paramref name="config"/> over it and writes it back.</summary>
    /// <remarks>SLS UpdateLogStore wants the whole object. The shard count stays as it is.</remarks>
    public async Task UpdateLogstoreAsync(ProjectName project, LogstoreConfig config, CancellationToken cancel)
    {
        var now = await ReadAsync(GetLogstore(project, config.Name), json => json, cancel);
        var shards = now["shardCount"]?.DeepClone();
        var wanted = config.Over(now);
        wanted["shardCount"] = shards ?? config.ShardCount;
        await SendAsync(
            new("UpdateLogStore", HttpMethod.Put, project, $"/logstores/{config.Name}") { Json = wanted },
            cancel
        );
    }

    /// <summary>Deletes a Logstore with its logs. One that does not exist is success.</summary>
    public Task DeleteLogstoreAsync(ProjectName project, LogstoreName logstore, CancellationToken cancel) =>
        DeleteAsync(new("DeleteLogStore", HttpMethod.Delete, project, $"/logstores/{logstore}"), LogstoreGone, cancel);

    /// <summary>The names of a project's Logstores, page by page.</summary>
    public IAsyncEnumerable<LogstoreName> ListLogstoresAsync(ProjectName project, CancellationToken cancel) =>
        PagesAsync(
            (offset, size) =>
                new("ListLogStores", HttpMethod.Get, project, "/logstores")
                {
                    Query = [("offset", offset), ("size", size)],
                },
            "logstores",
            "total",
            row => new LogstoreName(row.AsText("logstores[]")),
            cancel
        );

    private const string LogstoreGone = "ProjectNotExist LogStoreNotExist";

    private static SlsRequest GetLogstore(ProjectName project, LogstoreName logstore) =>
        new("GetLogStore", HttpMethod.Get, project, $"/logstores/{logstore}");
}
