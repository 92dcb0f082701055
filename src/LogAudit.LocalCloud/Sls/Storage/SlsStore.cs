using System.Collections.Concurrent;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>
/// All projects of LocalCloud. Other parts of LocalCloud write here as the cloud's products do, without a request.
/// </summary>
/// <param name="clock">Time of the cloud.</param>
internal sealed class SlsStore(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, SlsProject> projects = new(StringComparer.Ordinal);
    private Action<SlsLogstore, SlsShard> listeners = (_, _) => { };
    private long lastFirstCursor;
    private long appendCount;

    /// <summary>All projects by name.</summary>
    public IReadOnlyList<SlsProject> Projects => [.. projects.Values.OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>LogGroups stored since the start, in all Logstores: a cheap sign that something is new.</summary>
    public long AppendCount => Interlocked.Read(ref appendCount);

    /// <summary>A project by name, null when there is none.</summary>
    public SlsProject? Project(string name) => projects.GetValueOrDefault(name);

    /// <summary>A Logstore by project and name, null when there is none.</summary>
    public SlsLogstore? Logstore(string project, string logstore) => Project(project)?.Logstore(logstore);

    /// <summary>Makes a project at once, as the service itself does, or gives the one that is there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="account">Uid of its owner.</param>
    /// <param name="region">Its region.</param>
    /// <returns>The project; it may belong to somebody else when the name was taken.</returns>
    public SlsProject EnsureProject(string name, string account, string region) =>
        projects.GetOrAdd(name, key => new SlsProject(this, key, account, region, clock.GetUtcNow(), clock));

    /// <summary>Drops a project with all that is in it.</summary>
    /// <returns>Whether it was there.</returns>
    public bool DeleteProject(string name) => projects.TryRemove(name, out _);

    /// <summary>Has somebody told after every LogGroup that was stored, on the writer's thread: be quick and do not throw.</summary>
    public void OnAppend(Action<SlsLogstore, SlsShard> listener) => listeners += listener;

    internal SlsProject Create(string name, string account, string region, TimeSpan visibleAfter)
    {
        var made = new SlsProject(this, name, account, region, clock.GetUtcNow() + visibleAfter, clock);
        // Names are unique in the whole cloud. Source: SLS protocol 9, ProjectAlreadyExist.
        return projects.TryAdd(name, made)
            ? made
            : throw new CloudError(400, "ProjectAlreadyExist", $"Project {name} already exist.");
    }

    internal void Announce(SlsLogstore logstore, SlsShard shard)
    {
        Interlocked.Increment(ref appendCount);
        listeners(logstore, shard);
    }

    /// <summary>A first cursor for a new shard: the nanosecond of its making, never given twice.</summary>
    internal long FirstCursor(DateTimeOffset now)
    {
        var wanted = (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        while (true)
        {
            var last = Interlocked.Read(ref lastFirstCursor);
            var given = Math.Max(wanted, last + 1_000_000);
            if (Interlocked.CompareExchange(ref lastFirstCursor, given, last) == last)
                return given;
        }
    }
}
