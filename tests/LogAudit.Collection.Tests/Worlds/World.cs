using System.Collections.Concurrent;
using LogAudit.OpenApi;

namespace LogAudit.Collection.Tests.Worlds;

/// <summary>A cloud of settings in memory: everything is a state under a reference, writes can fail, lose their answer or be cut off.</summary>
internal sealed class World
{
    private readonly ConcurrentDictionary<SettingRef, SettingState> settings = new();
    private Random? faults;
    private CancellationTokenSource? kill;
    private int killIn = -1;
    private double faultShare;

    public List<ResourceRef> Resources { get; } = [];

    public HashSet<AccountId> Denied { get; } = [];

    /// <summary>Kinds of setting whose answer nobody can read, which is found by who knows neither account nor region.</summary>
    public HashSet<string> Garbled { get; } = [];

    /// <summary>Settings that the service changes only later.</summary>
    public HashSet<SettingRef> OnlyLater { get; } = [];

    /// <summary>Logstores of the centre that hold fresh records of an account; null while nobody can tell.</summary>
    public HashSet<(string Logstore, AccountId Account)>? Arrived { get; set; } = [];

    public ConcurrentQueue<SettingChange> Writes { get; } = new();

    public int Reads;

    public SettingState? this[SettingRef setting] => settings.GetValueOrDefault(setting);

    public IReadOnlyDictionary<SettingRef, SettingState> Settings => settings;

    /// <summary>Somebody else sets a state.</summary>
    public void Put(SettingRef setting, SettingState? state)
    {
        if (state is null)
        {
            settings.TryRemove(setting, out _);
        }
        else
        {
            settings[setting] = state;
        }
    }

    public void Misbehave(int seed, double share) => (faults, faultShare) = (new Random(seed), share);

    public void Behave() => (faults, killIn) = (null, -1);

    /// <summary>Cuts the run off at the n-th call from now, before or after it took effect.</summary>
    public void KillIn(int calls, CancellationTokenSource run) => (killIn, kill) = (calls, run);

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        await Task.Yield();
        Interlocked.Increment(ref Reads);
        Step(setting, loseAnswer: false, cancel);
        return this[setting];
    }

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        await Task.Yield();
        Step(change.Setting, loseAnswer: false, cancel);
        if (OnlyLater.Contains(change.Setting))
        {
            throw new NotYetException("one change in five minutes", new IOException("refused"));
        }

        Writes.Enqueue(change);
        Put(change.Setting, change.To);
        Step(change.Setting, loseAnswer: true, cancel);
    }

    /// <summary>One call: may be denied, fail, lose its answer, or be the last that the process makes.</summary>
    public void Step(SettingRef setting, bool loseAnswer, CancellationToken cancel)
    {
        if (Denied.Contains(setting.Account))
        {
            throw new UnauthorizedAccessException($"account {setting.Account} denies access");
        }

        if (Garbled.Contains(setting.Kind))
        {
            throw OpenApiException.Create(
                "Slb",
                "Describe",
                ClientErrorCodes.UnreadableAnswer,
                200,
                "it has no Status"
            );
        }

        if (Interlocked.Decrement(ref killIn) == 0)
        {
            kill?.Cancel();
        }

        cancel.ThrowIfCancellationRequested();
        lock (settings)
        {
            if (faults is not null && faults.NextDouble() < faultShare)
            {
                throw new IOException(loseAnswer ? "the answer was lost" : "the service failed");
            }
        }
    }
}

/// <summary>Reads and writes the settings of some kinds in the world.</summary>
internal sealed class WorldSettings(World world, params string[] kinds) : ISettingHandler
{
    public IReadOnlyCollection<string> SettingKinds => kinds;

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        world.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var project = change.Setting.Id.Split('/')[0];
        if (
            change.To is not null
            && change.Setting.Id.Contains('/', StringComparison.Ordinal)
            && !world.Settings.Keys.Any(one => one.Kind == SettingKindsOf.Project && one.Id == project)
        )
        {
            throw new InvalidOperationException($"ProjectNotExist {project}");
        }

        return world.WriteAsync(change, cancel);
    }

    private static class SettingKindsOf
    {
        public const string Project = LogAudit.Collection.SettingKinds.Project;
    }
}

/// <summary>The records in the world.</summary>
internal sealed class WorldArrivals(World world) : IArrivals
{
    public async Task<bool> AnyAsync(LogKind kind, ResourceRef resource, CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        return world.Arrived?.Contains((kind.Logstore, resource.Account))
            ?? throw new IOException("the index did not answer");
    }
}

/// <summary>The collection policies in the world.</summary>
internal sealed class WorldPolicies(World world) : IPolicyBook
{
    public async Task<IReadOnlyDictionary<string, SettingState>> ListAsync(AccountId owner, CancellationToken cancel)
    {
        await Task.Yield();
        Interlocked.Increment(ref world.Reads);
        world.Step(new(SettingKinds.CollectionPolicy, owner, new("cn-hangzhou"), "list"), loseAnswer: false, cancel);
        return world
            .Settings.Where(pair => pair.Key.Kind == SettingKinds.CollectionPolicy && pair.Key.Account == owner)
            .ToDictionary(pair => pair.Key.Id, pair => pair.Value);
    }
}

/// <summary>The dashboards in the world.</summary>
internal sealed class WorldDashboards(World world) : IDashboardNames
{
    public async Task<IReadOnlySet<string>> InAsync(SettingRef dashboard, CancellationToken cancel)
    {
        await Task.Yield();
        Interlocked.Increment(ref world.Reads);
        world.Step(dashboard with { Id = "list" }, loseAnswer: false, cancel);
        return world
            .Settings.Keys.Where(one => one.Kind == SettingKinds.Dashboard && one.Account == dashboard.Account)
            .Select(one => one.Id.Split('/')[1])
            .ToHashSet(StringComparer.Ordinal);
    }
}
