using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>PolarDB: a cluster of nodes logs when its SQL log, which DAS switches, is on and a collection policy wants it.</summary>
/// <remarks>Written from the polardb reference and the metadata of polardb 2017-08-01.</remarks>
internal sealed partial class Polardb : IPart, ILocalProduct
{
    private const string ClusterType = "ACS::PolarDB::DBCluster";

    private readonly Dictionary<string, Cluster> _clusters = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;
    private NamedDelay _restart = null!;

    public string Product => "polardb";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare(
            "PolarDB cluster creation",
            TimeSpan.FromMinutes(5),
            "assumed: minutes; the create event fires before the cluster is Running"
        );
        _restart = cloud.Delays.Declare(
            "PolarDB node restart",
            TimeSpan.FromMinutes(1),
            "assumed; up to 5 minutes of logs may be lost (polardb reference, section 3)"
        );
        RegisterApi(cloud);
        RegisterReads(cloud);
        cloud
            .Services.Get<ISqlLogs>()
            .Offer((account, id) => _clusters.GetValueOrDefault(id) is { } own && own.Account == account ? own : null);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource) =>
        Make(resource).Status.Become(resource.Properties.GetValueOrDefault("status", "Running"));

    public void SwitchOn(ScenarioResource resource, LogPlace place) =>
        Find(resource).SqlLog = SqlLog.On(_cloud.Clock.GetUtcNow());

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        var now = _cloud.Clock.GetUtcNow();
        switch (change.Do)
        {
            case "create":
                Make(resource).Status.Become("Creating", "Running", now + Creation.TimeOf(_cloud, resource, _creation));
                return [Created(resource, change.ByConsole)];
            case "delete":
                _ = Find(resource);
                _clusters.Remove(resource.Id);
                return [Deed("DeleteDBCluster", resource)];
            case "switchOff":
                Find(resource).SqlLog = SqlLog.Off;
                return
                [
                    new Deed(
                        "DAS",
                        "ModifySqlLogConfig",
                        new JObject { ["InstanceId"] = resource.Id, ["Enable"] = false },
                        [],
                        (ClusterType, resource.Id)
                    ),
                ];
            case "start":
                Find(resource).Status.Become("Rebooting", "Running", now + _cloud.Delays.Of(_restart));
                return [Deed("RestartDBNode", resource)];
            case "stop":
                Find(resource).Status.Become("Stopped");
                return [Deed("StopDBCluster", resource)];
            case "tag" or "untag":
                ResourceTags.Change(Find(resource).Tags, resource.Tags, change.Do is "tag");
                return [Deed(change.Do is "tag" ? "TagResources" : "UntagResources", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a database cluster.");
        }
    }

    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        foreach (var cluster in _clusters.Values)
        {
            foreach (var kind in (string[])["audit", "slow", "error", "performance"])
            {
                var isOn = cluster.IsRunning(now) && (kind is not "audit" || cluster.SqlLog.Enabled);
                yield return new LoggingState(
                    cluster.Key,
                    kind,
                    WhyNot(cluster, now),
                    isOn ? PolicyPlaces.Of(_cloud, Subject(cluster, kind)) : []
                )
                {
                    IsShown = cluster.IsRunning(now) && kind is not "audit",
                };
            }
        }
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        foreach (var cluster in _clusters.Values.Where(c => c.IsRunning(now) && WhyNot(c, now) is null))
        {
            foreach (
                var (kind, line) in ((string, Func<PolardbNode, LineMaker>)[])
                    [
                        ("audit", node => (at, marker, dice) => PolardbRecords.Audit(node, at, marker, dice)),
                        ("slow", node => (at, marker, dice) => PolardbRecords.Slow(node, at, marker, dice)),
                        ("error", node => (at, marker, dice) => PolardbRecords.Error(node, at, marker, dice)),
                    ]
            )
            {
                var places = PolicyPlaces.Of(_cloud, Subject(cluster, kind));
                if (places.Count > 0 && (kind is not "audit" || cluster.SqlLog.Enabled))
                {
                    var node = new PolardbNode(
                        cluster.Account,
                        cluster.Region,
                        cluster.Id,
                        cluster.Nodes[0],
                        cluster.Version
                    );
                    yield return new LogSource(cluster.Key, kind, places[0], line(node))
                    {
                        Policy = Subject(cluster, kind),
                    };
                }
            }
        }
    }

    private static string? WhyNot(Cluster cluster, DateTimeOffset now) =>
        cluster.LacksSqlLog ?? (cluster.Status.At(now) is "Stopped" ? "the cluster is not running" : null);

    private static PolicySubject Subject(Cluster cluster, string kind) =>
        new(cluster.Account, "polardb", $"{kind}_log", cluster.Id, cluster.Region, cluster.Tags);

    private Cluster Make(ScenarioResource resource)
    {
        var cluster = new Cluster(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            Name = resource.Name,
            Type = resource.Properties.GetValueOrDefault("type", "MySQL"),
            Version = resource.Properties.GetValueOrDefault("version", "8.0"),
        };
        ResourceTags.Change(cluster.Tags, resource.Tags, add: true);
        return _clusters.TryAdd(resource.Id, cluster)
            ? cluster
            : throw new InvalidOperationException($"There is a database cluster {resource.Id} already.");
    }

    private Cluster Find(ScenarioResource resource) =>
        _clusters.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no database cluster {resource.Id}.");

    private static Deed Created(ScenarioResource resource, bool byConsole) =>
        byConsole
            ? new Deed("polardb", "Create", new JObject { ["RegionId"] = resource.Region }, Response: null)
            : new Deed(
                "polardb",
                "CreateDBCluster",
                new JObject { ["RegionId"] = resource.Region, ["DBType"] = "MySQL" },
                new JObject { ["DBClusterId"] = resource.Id, ["OrderId"] = "200000000000001" },
                (ClusterType, resource.Id)
            );

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            "polardb",
            name,
            new JObject { ["RegionId"] = resource.Region, ["DBClusterId"] = resource.Id },
            [],
            (ClusterType, resource.Id)
        );

    private sealed class Cluster(string account, string region, string id, DateTimeOffset createdAt) : ISqlLogDatabase
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public string ResourceType => ClusterType;
        public ResourceKey Key => new("polardb", account, region, id);
        public DateTimeOffset CreatedAt => createdAt;
        public required string Name { get; set; }
        public required string Type { get; init; }
        public required string Version { get; init; }

        /// <summary>Ids of the nodes: the one that writes first.</summary>
        public IReadOnlyList<string> Nodes { get; } = [$"{Head(id)}-rw", $"{Head(id)}-ro"];
        public Phase Status { get; } = new("Running");
        public SqlLog SqlLog { get; set; } = SqlLog.Off;
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
        public string? LacksSqlLog =>
            Offered.IsLocal(Region) ? $"SQL logs are not offered in {Region}"
            : Type is not "MySQL" ? $"{Type} has no SQL log"
            : null;

        public bool IsRunning(DateTimeOffset now) => Status.At(now) is "Running";

        private static string Head(string id) =>
            id.StartsWith("pc-", StringComparison.Ordinal) ? $"pi-{id[3..]}" : $"pi-{id}";
    }
}
