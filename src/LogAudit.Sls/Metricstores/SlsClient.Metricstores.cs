namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>The Metricstore's configuration; null when project or Metricstore do not exist.</summary>
    public Task<MetricstoreConfig?> GetMetricstoreAsync(
        ProjectName project,
        LogstoreName name,
        CancellationToken cancel
    ) => GetAsync(GetMetricstore(project, name), MetricstoreGone, MetricstoreConfig.From, cancel);

    /// <summary>Makes a Metricstore for Prometheus samples.</summary>
    public Task CreateMetricstoreAsync(ProjectName project, MetricstoreConfig config, CancellationToken cancel) =>
        CreateAsync(
            new("CreateMetricStore", HttpMethod.Post, project, "/metricstores") { Json = config.Over([]) },
            async stop => await GetMetricstoreAsync(project, config.Name, stop) is not null,
            cancel
        );

    /// <summary>Changes a Metricstore: reads the whole object, lays <paramref name="config"/> over it and writes it back.</summary>
    public async Task UpdateMetricstoreAsync(ProjectName project, MetricstoreConfig config, CancellationToken cancel)
    {
        var now = await ReadAsync(GetMetricstore(project, config.Name), json => json, cancel);
        var shards = now["shardCount"]?.DeepClone();
        var wanted = config.Over(now);
        wanted["shardCount"] = shards ?? config.ShardCount;
        await SendAsync(
            new("UpdateMetricStore", HttpMethod.Put, project, $"/metricstores/{config.Name}") { Json = wanted },
            cancel
        );
    }

    /// <summary>Deletes a Metricstore with its samples. One that does not exist is success.</summary>
    public Task DeleteMetricstoreAsync(ProjectName project, LogstoreName name, CancellationToken cancel) =>
        DeleteAsync(
            new("DeleteMetricStore", HttpMethod.Delete, project, $"/metricstores/{name}"),
            MetricstoreGone,
            cancel
        );

    // Assumed: the code of a missing Metricstore is one of the three; the source does not print it.
    private const string MetricstoreGone = "ProjectNotExist LogStoreNotExist MetricStoreNotExist";

    private static SlsRequest GetMetricstore(ProjectName project, LogstoreName name) =>
        new("GetMetricStore", HttpMethod.Get, project, $"/metricstores/{name}");
}
