using System.Collections.Concurrent;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>One project: owner, region and what lives in it.</summary>
internal sealed class SlsProject
{
    /// <summary>Logstores and Metricstores a project may hold. Source: SLS quotas.</summary>
    internal const int MaxLogstores = 200;

    /// <summary>Shards a project may hold. Source: SLS quotas.</summary>
    internal const int MaxShards = 400;

    private readonly ConcurrentDictionary<string, SlsLogstore> logstores = new(StringComparer.Ordinal);
    private readonly TimeProvider clock;

    internal SlsProject(
        SlsStore store,
        string name,
        string account,
        string region,
        DateTimeOffset visibleAt,
        TimeProvider clock
    )
    {
        Store = store;
        Name = name;
        Account = account;
        Region = region;
        VisibleAt = visibleAt;
        this.clock = clock;
        CreatedAt = LastModifiedAt = clock.GetUtcNow();
    }

    /// <summary>Its name, unique in the whole cloud.</summary>
    public string Name { get; }

    /// <summary>Uid of the account that owns it.</summary>
    public string Account { get; }

    /// <summary>Region that it lies in.</summary>
    public string Region { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Its Logstores and Metricstores, by name.</summary>
    public IReadOnlyList<SlsLogstore> Logstores =>
        [.. logstores.Values.OrderBy(one => one.Name, StringComparer.Ordinal)];

    internal SlsStore Store { get; }

    /// <summary>From when on its data plane and children answer.</summary>
    internal DateTimeOffset VisibleAt { get; }

    internal DateTimeOffset LastModifiedAt { get; private set; }

    internal string Description { get; private set; } = "";

    internal string ResourceGroupId { get; set; } = "";

    internal string Redundancy { get; set; } = "LRS";

    internal bool RecycleBin { get; private set; }

    internal string? Policy { get; set; }

    internal JObject? Logging { get; set; }

    internal ConcurrentDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    internal ConcurrentDictionary<string, JObject> Dashboards { get; } = new(StringComparer.Ordinal);

    internal ConcurrentDictionary<string, Jobs.SlsJob> Jobs { get; } = new(StringComparer.Ordinal);

    internal int ShardCount => logstores.Values.Sum(one => one.Shards.Count);

    /// <summary>A Logstore by name, null when there is none.</summary>
    public SlsLogstore? Logstore(string name) => logstores.GetValueOrDefault(name);

    /// <summary>Makes a Logstore as the service itself does, or gives the one that is there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ttlDays">Days it keeps data.</param>
    /// <param name="shardCount">Shards at the start.</param>
    public SlsLogstore EnsureLogstore(string name, int ttlDays = 180, int shardCount = 2) =>
        logstores.GetOrAdd(name, key => new SlsLogstore(this, new LogstoreSettings(key, ttlDays, shardCount), clock));

    /// <summary>Drops a Logstore with all its data.</summary>
    /// <returns>Whether it was there.</returns>
    public bool DeleteLogstore(string name) => logstores.TryRemove(name, out _);

    internal SlsLogstore Create(LogstoreSettings settings)
    {
        if (logstores.Count >= MaxLogstores || ShardCount + settings.ShardCount > MaxShards)
            throw new CloudError(400, "ProjectQuotaExceed", "Project Quota Exceed: logstore");
        var made = new SlsLogstore(this, settings, clock);
        return logstores.TryAdd(settings.Name, made)
            ? made
            : throw new CloudError(400, "LogStoreAlreadyExist", $"logstore {settings.Name} already exists");
    }

    internal void Describe(string description, bool recycleBin)
    {
        Description = description;
        RecycleBin = recycleBin;
        LastModifiedAt = clock.GetUtcNow();
    }
}
