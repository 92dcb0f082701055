using System.Collections.Concurrent;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Tests.Products;

/// <summary>Projects and Logstores that only remember what was appended.</summary>
internal sealed class PlainLogStorage : ILogStorage
{
    private readonly ConcurrentDictionary<string, LogProject> _projects = new();
    private readonly ConcurrentDictionary<(string Project, string Logstore), ConcurrentQueue<LogItem>> _logstores =
        new();

    public LogProject? FindProject(string project) => _projects.GetValueOrDefault(project);

    public bool LogstoreExists(string project, string logstore) => _logstores.ContainsKey((project, logstore));

    public void EnsureProject(string accountId, string region, string project) =>
        _projects.TryAdd(project, new LogProject(project, accountId, region, DateTimeOffset.UnixEpoch));

    public void EnsureLogstore(string project, string logstore, int ttlDays, int shards) =>
        _logstores.TryAdd((project, logstore), new());

    public bool Append(
        string project,
        string logstore,
        string topic,
        string source,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        IReadOnlyList<LogItem> items
    )
    {
        if (!_logstores.TryGetValue((project, logstore), out var queue))
        {
            return false;
        }
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }
        return true;
    }

    public IReadOnlyList<LogItem> Items(string project, string logstore) =>
        _logstores.TryGetValue((project, logstore), out var queue) ? [.. queue] : [];
}
