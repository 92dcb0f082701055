using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Sls.Jobs;
using LogAudit.LocalCloud.Sls.Policies;
using LogAudit.LocalCloud.Trail;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>Plays a scenario on a cloud: builds its organisation, makes its changes, has its resources write logs, and judges what became of them.</summary>
public sealed class ScenarioRunner
{
    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(100);

    private readonly Cloud _cloud;
    private readonly ScenarioScript _script;
    private readonly ScenarioStage _stage;
    private readonly CentralStores _central;
    private readonly Coverage _coverage;
    private readonly LogGenerator _logs;
    private readonly Lock _gate = new();
    private readonly List<PlayedChange> _changes = [];

    private ScenarioRunner(Cloud cloud, ScenarioScript script, ScenarioStage stage)
    {
        _stage = stage;
        _cloud = cloud;
        _script = script;
        _central = new CentralStores(cloud, script);
        _coverage = new Coverage(cloud, script, _central);
        _logs = new LogGenerator(cloud, script.Seed);
    }

    /// <summary>Builds the organisation of a scenario in a cloud that is still empty.</summary>
    public static ScenarioRunner Prepare(Cloud cloud, ScenarioScript script)
    {
        var stage = new ScenarioStage(cloud, script);
        stage.Build();
        return new ScenarioRunner(cloud, script, stage);
    }

    /// <summary>The scenario.</summary>
    public ScenarioScript Script => _script;

    /// <summary>Changes made so far, in order.</summary>
    public IReadOnlyList<PlayedChange> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>Every log line written so far, in order; those of a trail are its events.</summary>
    public IReadOnlyList<WrittenRecord> Written(int from = 0) => _cloud.Services.Get<LogWriter>().Ledger.Since(from);

    /// <summary>Values of metrics that the API of products showed, and how many of them a central Metricstore holds, by product code.</summary>
    public IReadOnlyDictionary<string, (int Shown, int Stored)> Points() => _central.Points();

    /// <summary>One row per resource, by the cloud's own state.</summary>
    public IReadOnlyList<CoverageRow> Resources() => _coverage.Resources();

    /// <summary>One row per resource and kind of log, by the cloud's own state.</summary>
    public IReadOnlyList<CoverageRow> Rows() => _coverage.Rows();

    /// <summary>A key of an administrator of an account, to deploy with.</summary>
    /// <returns>AccessKey id and secret.</returns>
    public (string Id, string Secret) Administrator(string uid)
    {
        lock (_cloud.Gate)
        {
            var account =
                _cloud.FindAccount(uid) ?? throw new ArgumentException($"There is no account {uid}.", nameof(uid));
            if (!account.Users.TryGetValue("administrator", out var user))
            {
                user = account.AddUser("administrator");
                user.Attached.Add(PolicyAttachment.System("AdministratorAccess"));
            }
            var key = account.AddKey(user);
            return (key.Id, key.Secret);
        }
    }

    /// <summary>Has resources write log lines. Gives how many were written; fewer when nothing logs.</summary>
    /// <param name="count">Lines wanted.</param>
    /// <param name="product">Only this product; null for all.</param>
    public int WriteLogs(int count, string? product = null) => _logs.Write(count, product);

    /// <summary>Has all resources write log lines that carry an earlier time, as after a delay. Gives how many were written.</summary>
    /// <param name="count">Lines wanted.</param>
    /// <param name="at">The time.</param>
    public int WriteLogs(int count, DateTimeOffset at) => _logs.Write(count, at: at);

    /// <summary>Lets the jobs of SLS carry on at once what was written, regional to central.</summary>
    public void Carry()
    {
        // Twice: a job may take up what another has just delivered.
        for (var round = 0; round < 2; round++)
        {
            _cloud.Services.Get<EtlRunner>().Run();
            _cloud.Services.Get<Centralizer>().Run();
        }
    }

    /// <summary>Has resources write at the scenario's rate until cancelled.</summary>
    public async Task WriteLogsAsync(CancellationToken cancel)
    {
        var owed = 0.0;
        while (!cancel.IsCancellationRequested)
        {
            owed += _script.LogsPerSecond * WatchPause.TotalSeconds;
            if (owed >= 1)
            {
                _logs.Write((int)owed);
                owed -= (int)owed;
            }
            await Task.Delay(WatchPause, _cloud.Clock, cancel);
        }
    }

    /// <summary>Does at once what the timeline has a person do where no call switches a log on.</summary>
    public void DoByHand()
    {
        foreach (var change in _script.Timeline.Where(change => change.IsByHand))
        {
            Make(change);
        }
    }

    /// <summary>Makes the changes of the timeline at their times, from now on.</summary>
    public async Task PlayAsync(CancellationToken cancel)
    {
        var begin = _cloud.Clock.GetUtcNow();
        foreach (var change in _script.Timeline)
        {
            var wait = begin + change.At - _cloud.Clock.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await WatchAsync(wait, cancel);
            }
            Make(change);
        }
    }

    /// <summary>Waits until every change that needs repair is repaired, or the time is up. Gives whether all are.</summary>
    public async Task<bool> SettleAsync(TimeSpan atMost, CancellationToken cancel)
    {
        await WatchAsync(atMost, cancel, untilSettled: true);
        return Changes.All(change => !change.NeedsRepair || change.CollectingAt is not null);
    }

    private void Make(ScenarioChange change)
    {
        var resource = change.Resource;
        List<string> events;
        bool needsRepair;
        lock (_cloud.Gate)
        {
            var deeds = Do(change);
            var log = _cloud.Services.Get<AuditLog>();
            var user = _script.Accounts.First(a => a.Uid == resource.Account).Users is [var first, ..]
                ? first
                : "admin";
            events =
            [
                .. deeds.Select(deed => log.Record(deed, resource.Account, resource.Region, change.ByConsole, user).Id),
            ];
            needsRepair = !change.IsByHand && StateOf(resource) is CoverageState.NotCollecting;
        }
        lock (_gate)
        {
            _changes.Add(new PlayedChange(change, _cloud.Clock.GetUtcNow(), events, needsRepair));
        }
    }

    private IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        if (change.Do is not "switchOn")
        {
            return _cloud.Services.Get<LocalProducts>().Of(change.Resource.Product).Do(change);
        }
        // What no call switches leaves no event either (assumed).
        _stage.SwitchOn(change.Resource);
        return [];
    }

    private CoverageState? StateOf(ScenarioResource resource) =>
        _coverage.Resources().FirstOrDefault(row => row.Product == resource.Product && row.Id == resource.Id)?.State;

    private async Task WatchAsync(TimeSpan atMost, CancellationToken cancel, bool untilSettled = false)
    {
        var end = _cloud.Clock.GetUtcNow() + atMost;
        while (true)
        {
            var open = Look();
            var left = end - _cloud.Clock.GetUtcNow();
            if (left <= TimeSpan.Zero || (untilSettled && open == 0))
            {
                return;
            }
            await Task.Delay(left < WatchPause ? left : WatchPause, _cloud.Clock, cancel);
        }
    }

    /// <summary>Notes which resources collect by now; gives how many changes are still open.</summary>
    private int Look()
    {
        var open = Changes.Where(change => change is { NeedsRepair: true, CollectingAt: null }).ToList();
        if (open.Count == 0)
        {
            return 0;
        }
        var now = _cloud.Clock.GetUtcNow();
        var collecting = _coverage
            .Resources()
            .Where(row => row.State is CoverageState.Collecting)
            .Select(row => (row.Product, row.Id))
            .ToHashSet();
        foreach (var change in open.Where(c => collecting.Contains((c.Change.Resource.Product, c.Change.Resource.Id))))
        {
            change.CollectingAt = now;
        }
        return open.Count(change => change.CollectingAt is null);
    }
}
