using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Consumers;
using LogAudit.LocalCloud.Sls.Search;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>One Logstore or Metricstore: settings, shards, index and consumer groups.</summary>
internal sealed class SlsLogstore
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly List<SlsShard> shards = [];
    private int nextShard;
    private int turn;

    internal SlsLogstore(SlsProject project, LogstoreSettings settings, TimeProvider clock)
    {
        Project = project;
        Settings = settings;
        this.clock = clock;
        CreatedAt = clock.GetUtcNow();
        Consumers = new ConsumerGroups(this, clock);
        foreach (var keys in KeyRange.Whole.Cut(settings.ShardCount))
            AddShard(keys, []);
    }

    /// <summary>The project that it belongs to.</summary>
    public SlsProject Project { get; }

    /// <summary>Its name.</summary>
    public string Name => Settings.Name;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Who may write when it is dedicated to a product; null when anybody with the right may.</summary>
    public string? DedicatedTo { get; set; }

    /// <summary>All shards, readonly ones too, by id.</summary>
    public IReadOnlyList<SlsShard> Shards
    {
        get
        {
            Expire();
            lock (gate)
                return [.. shards];
        }
    }

    internal LogstoreSettings Settings { get; set; }

    internal JObject? SubStore { get; set; }

    private IndexConfig? index;

    /// <summary>The index that somebody made; a Metricstore is searchable from the start.</summary>
    internal IndexConfig? Index
    {
        get => index ?? (Settings.IsMetricstore ? IndexConfig.OfMetrics : null);
        set => index = value;
    }

    internal ConsumerGroups Consumers { get; }

    /// <summary>Shard of an id, null when there is none.</summary>
    public SlsShard? Shard(int id) => Shards.FirstOrDefault(shard => shard.Id == id);

    /// <summary>Puts records in as one LogGroup, as a product of the cloud does.</summary>
    /// <param name="items">At least one.</param>
    /// <param name="topic">Topic of the group.</param>
    /// <param name="source">Source of the group.</param>
    /// <param name="tags">LogTags of the group.</param>
    /// <returns>Shard and cursor of the group.</returns>
    public (int Shard, long Cursor) Append(
        IReadOnlyList<LogItem> items,
        string topic = "",
        string source = "",
        IEnumerable<KeyValuePair<string, string>>? tags = null
    ) => Append(CheckedGroup.Of(items, topic, source, tags), hashKey: null, clientIp: null);

    /// <summary>Forgets every group received before a moment, as if its retention had passed.</summary>
    public void ExpireBefore(DateTimeOffset moment)
    {
        foreach (var shard in Shards)
            shard.Expire(moment.ToUnixTimeSeconds());
    }

    /// <summary>Forgets everything that is stored now: every begin cursor moves to the end.</summary>
    public void ExpireAll()
    {
        foreach (var shard in Shards)
            shard.ExpireBefore(shard.EndCursor);
    }

    internal (int Shard, long Cursor) Append(CheckedGroup group, UInt128? hashKey, string? clientIp)
    {
        var now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        var shard = Writable(hashKey);
        if (group.Facts.Logs == 0)
            return (shard.Id, shard.EndCursor);
        // appendMeta adds the client's address and the time of receipt. Source: CreateLogStore.
        var tags = !Settings.AppendMeta
            ? []
            : CheckedGroup.Tags(
                ("__client_ip__", clientIp ?? "127.0.0.1"),
                ("__receive_time__", now.ToString(CultureInfo.InvariantCulture))
            );
        var cursor = shard.Append(group.Bytes.Span, tags, group.Facts, now);
        Project.Store.Announce(this, shard);
        return (shard.Id, cursor);
    }

    internal IReadOnlyList<SlsShard> Split(int id, UInt128? key, int parts)
    {
        lock (gate)
        {
            var old = shards.Find(shard => shard.Id == id) ?? throw SlsRefusal.Parameter("invalid shard id");
            if (old.IsReadonly)
                throw SlsRefusal.Parameter("invalid shard id: only a readwrite shard can be split");
            if (key is { } middle && (middle <= old.Keys.Begin || middle >= old.Keys.End))
                throw SlsRefusal.Parameter("invalid mid hash");
            if (Project.ShardCount + parts > SlsProject.MaxShards)
                throw new CloudError(400, "ProjectQuotaExceed", "Project Quota Exceed: shard");
            old.Close(clock.GetUtcNow());
            KeyRange[] ranges = key is { } cut
                ? [new KeyRange(old.Keys.Begin, cut), new KeyRange(cut, old.Keys.End)]
                : [.. old.Keys.Cut(parts)];
            return [old, .. ranges.Select(range => AddShard(range, [old.Id]))];
        }
    }

    internal IReadOnlyList<SlsShard> Merge(int id)
    {
        lock (gate)
        {
            var left =
                shards.Find(shard => shard.Id == id && !shard.IsReadonly)
                ?? throw SlsRefusal.Parameter("invalid shard id");
            var right =
                shards.Find(shard => !shard.IsReadonly && shard.Keys.Begin == left.Keys.End)
                ?? throw SlsRefusal.Parameter("can not merge the last shard");
            left.Close(clock.GetUtcNow());
            right.Close(clock.GetUtcNow());
            return [left, right, AddShard(new KeyRange(left.Keys.Begin, right.Keys.End), [left.Id, right.Id])];
        }
    }

    /// <summary>Drops what is past retention; a readonly shard goes with its data. 3650 days is for ever.</summary>
    private void Expire()
    {
        if (Settings.TtlDays >= 3650)
            return;
        var limit = clock.GetUtcNow().AddDays(-Settings.TtlDays);
        lock (gate)
        {
            foreach (var shard in shards)
                shard.Expire(limit.ToUnixTimeSeconds());
            shards.RemoveAll(shard => shard.ReadonlySince < limit && shard.BeginCursor == shard.EndCursor);
        }
    }

    private SlsShard Writable(UInt128? hashKey)
    {
        lock (gate)
        {
            if (hashKey is { } key)
                return shards.Find(shard => !shard.IsReadonly && shard.Keys.Contains(key)) ?? throw NoShard();
            var open = shards.FindAll(shard => !shard.IsReadonly);
            return open.Count == 0 ? throw NoShard() : open[turn++ % open.Count];
        }
    }

    private SlsShard AddShard(KeyRange keys, IReadOnlyList<int> parents)
    {
        var now = clock.GetUtcNow();
        var shard = new SlsShard(nextShard++, keys, now, Project.Store.FirstCursor(now), parents);
        shards.Add(shard);
        return shard;
    }

    private static CloudError NoShard() => new(400, "LogStoreWithoutShard", "logstore has no readwrite shard");
}
