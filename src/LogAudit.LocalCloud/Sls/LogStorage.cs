using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;

namespace LogAudit.LocalCloud.Sls;

/// <summary>What SLS offers the products: writing without a request.</summary>
internal sealed class LogStorage(SlsStore store) : ILogStorage
{
    public LogProject? FindProject(string project) =>
        store.Project(project) is { } found
            ? new LogProject(found.Name, found.Account, found.Region, found.CreatedAt)
            : null;

    public bool LogstoreExists(string project, string logstore) => store.Logstore(project, logstore) is not null;

    public void EnsureProject(string accountId, string region, string project) =>
        store.EnsureProject(project, accountId, region);

    public void EnsureLogstore(string project, string logstore, int ttlDays, int shards) =>
        store.Project(project)?.EnsureLogstore(logstore, ttlDays, shards);

    public int? DaysOf(string project, string logstore) => store.Logstore(project, logstore)?.Settings.TtlDays;

    public void KeepFor(string project, string logstore, int days)
    {
        if (store.Logstore(project, logstore) is { } found)
            found.Settings = found.Settings with { TtlDays = days };
    }

    public bool Append(
        string project,
        string logstore,
        string topic,
        string source,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        IReadOnlyList<LogItem> items
    )
    {
        if (items.Count == 0 || store.Logstore(project, logstore) is not { } target)
            return false;
        target.Append(items, topic, source, tags);
        return true;
    }
}
