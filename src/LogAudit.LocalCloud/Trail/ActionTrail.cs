using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls.Search;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>ActionTrail: trails that deliver audit events to a Logstore, and the events of the last days.</summary>
/// <remarks>Written from the actiontrail reference and section 3 of the organisation reference.</remarks>
internal sealed partial class ActionTrail : IPart, ILocalProduct
{
    /// <summary><c>__topic__</c> of a trail's own Logstore.</summary>
    public const string Topic = "actiontrail_audit_event";

    private const string Events = "events";
    private const string Platform = "platform";
    private const string ServiceName = "actiontrail.aliyuncs.com";
    private static readonly TimeSpan DeliveryPause = TimeSpan.FromMilliseconds(100);

    private readonly List<AuditTrail> _trails = [];
    private readonly Lock _queueGate = new();
    private readonly Queue<(DateTimeOffset Due, AuditTrail Trail, AuditEvent Event)> _queue = new();
    private readonly AuditArchive _archive = new();
    private Cloud _cloud = null!;
    private NamedDelay _delivery = null!;
    private NamedDelay _start = null!;
    private NamedDelay _queryable = null!;

    public string Product => "actiontrail";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _delivery = cloud.Delays.Declare(
            "trail delivery",
            TimeSpan.FromMinutes(5),
            "assumed: minutes; events are queryable after about 10 (actiontrail limits page)"
        );
        _start = cloud.Delays.Declare(
            "trail start",
            TimeSpan.FromSeconds(10),
            "assumed: the Terraform provider polls every 10 s until Status=Enable"
        );
        _queryable = cloud.Delays.Declare(
            "event queryable",
            TimeSpan.FromMinutes(10),
            "actiontrail limits page: about 10 minutes"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
        cloud.Services.Get<AuditLog>().Subscribe(Enqueue);
        cloud.Background.Every("trail delivery", DeliveryPause, DeliverAsync);
    }

    public void Seed(ScenarioResource resource)
    {
        if (resource.Properties.GetValueOrDefault("platform", "false") is "true")
        {
            SeedPlatform(resource);
            return;
        }
        var project =
            resource.Properties.GetValueOrDefault("project")
            ?? throw new InvalidOperationException("A trail needs the property project.");
        var owner = Storage.FindProject(project);
        _trails.Add(
            new AuditTrail(
                resource.Account,
                resource.Id,
                resource.Region,
                resource.Properties.GetValueOrDefault("organization") is "true",
                _cloud.Clock.GetUtcNow()
            )
            {
                Events = resource.Properties.GetValueOrDefault("events", "All"),
                Regions = "All",
                ProjectArn =
                    $"acs:log:{owner?.Region ?? resource.Region}:{owner?.AccountId ?? resource.Account}:project/{project}",
                RoleArn = "",
            }
        );
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place) =>
        Start(Find(resource), _cloud.Clock.GetUtcNow(), TimeSpan.Zero);

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var now = _cloud.Clock.GetUtcNow();
        switch (change.Do)
        {
            case "create":
                Seed(change.Resource);
                var isPlatform = _platform.Values.Any(one => one.Name == change.Resource.Id);
                return [Deed(isPlatform ? "CreateInnerTrail" : "CreateTrail", change.Resource)];
            case "delete":
                _trails.Remove(Find(change.Resource));
                return [Deed("DeleteTrail", change.Resource)];
            case "start":
                Start(Find(change.Resource), now, _cloud.Delays.Of(_start));
                return [Deed("StartLogging", change.Resource)];
            case "stop" or "switchOff":
                Stop(Find(change.Resource), now);
                return [Deed("StopLogging", change.Resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a trail.");
        }
    }

    /// <summary>Whether the events of each account are delivered: by a trail of its own or by the organisation's.</summary>
    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        foreach (var account in _cloud.Accounts)
        {
            var trails = _trails.Where(t =>
                t.Status.At(now) is "Enable" && t.Events is "All" && t.Regions is "All" && Covers(t, account.Id)
            );
            yield return new LoggingState(
                new ResourceKey(Product, account.Id, "", account.Id),
                Events,
                WhyNot: null,
                [.. trails.Where(t => t.Project.Length > 0).Select(t => new LogPlace(t.Project, t.Logstore))]
            );
            yield return new LoggingState(
                new ResourceKey(Product, account.Id, "", account.Id),
                Platform,
                WhyNot: null,
                _platform.TryGetValue(account.Id, out var platform) ? [platform.Place] : []
            );
        }
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        var trails =
            from trail in _trails
            where trail.Status.At(now) is "Enable" && trail.Project.Length > 0
            from account in _cloud.Accounts
            where Covers(trail, account.Id)
            select new LogSource(
                new ResourceKey(Product, account.Id, trail.HomeRegion, trail.Name),
                Events,
                new LogPlace(trail.Project, trail.Logstore),
                (at, marker, dice) => Line(TrailActivity.Make(account.Id, trail.HomeRegion, at, marker, dice))
            );
        return trails.Concat(PlatformSources());
    }

    /// <summary>An event as a trail's Logstore holds it: one field that carries the whole event.</summary>
    private static LogRecord Line(AuditEvent happened) =>
        new(Topic, happened.Time, [new("event", happened.ToJson().ToString(Formatting.None))], happened.Id);

    private ILogStorage Storage => _cloud.Services.Get<ILogStorage>();

    /// <summary>Whether a trail takes the events of an account.</summary>
    private bool Covers(AuditTrail trail, string account) =>
        trail.Account == account
        || (
            trail.IsOrganization
            && (
                _cloud
                    .Services.Find<IOrganisation>()
                    ?.AccountsAround(trail.Account)
                    .Contains(account, StringComparer.Ordinal)
                ?? false
            )
        );

    private void Enqueue(AuditEvent happened)
    {
        _archive.Add(happened);
        lock (_cloud.Gate)
        {
            var now = _cloud.Clock.GetUtcNow();
            var due = now + _cloud.Delays.Of(_delivery);
            foreach (var trail in _trails)
            {
                if (trail.Status.At(now) is "Enable" && trail.Takes(happened) && Covers(trail, happened.Account))
                {
                    lock (_queueGate)
                    {
                        _queue.Enqueue((due, trail, happened));
                    }
                }
            }
        }
    }

    private Task DeliverAsync(CancellationToken stop)
    {
        var now = _cloud.Clock.GetUtcNow();
        var due = new List<(AuditTrail Trail, AuditEvent Event)>();
        lock (_queueGate)
        {
            while (_queue.TryPeek(out var next) && next.Due <= now)
            {
                due.Add((next.Trail, next.Event));
                _queue.Dequeue();
            }
        }
        foreach (var batch in due.GroupBy(d => d.Trail, d => d.Event))
        {
            Deliver(batch.Key, [.. batch], now);
        }
        return Task.CompletedTask;
    }

    private void Deliver(AuditTrail trail, IReadOnlyList<AuditEvent> events, DateTimeOffset now)
    {
        var lines = events.Select(Line).ToList();
        var error = RoleError(trail);
        var written =
            error.Length == 0
            && _cloud
                .Services.Get<LogWriter>()
                .Write(
                    Product,
                    Events,
                    new LogPlace(trail.Project, trail.Logstore),
                    Topic,
                    [
                        .. lines.Select(
                            (line, i) =>
                                (new ResourceKey(Product, events[i].Account, events[i].Region, trail.Name), line)
                        ),
                    ]
                );
        trail.DeliveredAt = written ? now : trail.DeliveredAt;
        trail.DeliveryError =
            written ? ""
            : error.Length > 0 ? error
            : "LogStoreNotExist";
    }

    /// <summary>Why the trail may not write to its project; empty when it may.</summary>
    private string RoleError(AuditTrail trail)
    {
        var owner = Storage.FindProject(trail.Project)?.AccountId;
        if (owner is null)
        {
            return "ProjectNotExist";
        }
        if (
            trail.RoleArn.Length == 0
            || trail.RoleArn.EndsWith("/aliyunserviceroleforactiontrail", StringComparison.OrdinalIgnoreCase)
        )
        {
            return owner == trail.Account || trail.RoleArn.Length > 0
                ? ""
                : "Unauthorized: the project belongs to another account and the trail has no role there";
        }
        return _cloud.Trust.AssumeAsService(trail.RoleArn, ServiceName, trail.Account) is null
            ? $"NoPermission: {trail.RoleArn} does not exist or does not trust {ServiceName}"
            : "";
    }

    private void Start(AuditTrail trail, DateTimeOffset now, TimeSpan after)
    {
        if (trail.Status.At(now) is "Enable")
        {
            return;
        }
        trail.Status.Become(trail.Status.At(now), "Enable", now + after);
        trail.StartedAt = now;
        // Made, indexed and write-protected by ActionTrail; kept for ever until somebody changes that.
        MakeLogstore(trail, now);
    }

    private void MakeLogstore(AuditTrail trail, DateTimeOffset now) =>
        MakeDedicated(new LogPlace(trail.Project, trail.Logstore), now);

    private void MakeDedicated(LogPlace place, DateTimeOffset now)
    {
        Storage.EnsureLogstore(place.Project, place.Logstore, 3650, 2);
        if (_cloud.Services.Find<SlsStore>()?.Logstore(place.Project, place.Logstore) is { } logstore)
        {
            logstore.DedicatedTo = "actiontrail";
            logstore.Index ??= IndexConfig.Read(TrailIndex.Body(), now, now);
        }
    }

    private static void Stop(AuditTrail trail, DateTimeOffset now)
    {
        trail.Status.Become("Disable");
        trail.StoppedAt = now;
    }

    private AuditTrail Find(ScenarioResource resource) =>
        _trails.Find(t => t.Account == resource.Account && t.Name == resource.Id)
        ?? throw new InvalidOperationException($"There is no trail {resource.Id}.");

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            "Actiontrail",
            name,
            new JObject { ["Name"] = resource.Id, ["RegionId"] = resource.Region },
            [],
            ("ACS::ActionTrail::Trail", resource.Id)
        );
}
