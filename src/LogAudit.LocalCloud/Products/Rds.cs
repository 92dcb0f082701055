using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>ApsaraDB RDS: an instance logs when its SQL log, which DAS switches, is on and a collection policy wants it.</summary>
/// <remarks>Written from the rds reference and the metadata of Rds 2014-08-15.</remarks>
internal sealed partial class Rds : IPart, ILocalProduct
{
    private const string InstanceType = "ACS::RDS::DBInstance";
    private static readonly string[] Kinds = ["audit", "slow", "error", "performance"];

    private readonly Dictionary<string, Database> _instances = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;
    private NamedDelay _restart = null!;

    public string Product => "rds";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare(
            "RDS instance creation",
            TimeSpan.FromMinutes(5),
            "assumed: minutes; the create event fires before the instance is Running"
        );
        _restart = cloud.Delays.Declare(
            "RDS restart",
            TimeSpan.FromMinutes(1),
            "assumed; up to 5 minutes of logs may be lost (rds reference, section 3)"
        );
        RegisterApi(cloud);
        RegisterReads(cloud);
        cloud
            .Services.Get<ISqlLogs>()
            .Offer((account, id) => _instances.GetValueOrDefault(id) is { } own && own.Account == account ? own : null);
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
                return
                [
                    change.ByConsole
                        ? new Deed("Rds", "Create", new JObject { ["RegionId"] = resource.Region }, Response: null)
                        : new Deed(
                            "Rds",
                            "CreateDBInstance",
                            new JObject
                            {
                                ["RegionId"] = resource.Region,
                                ["Engine"] = resource.Properties.GetValueOrDefault("engine", "MySQL"),
                            },
                            new JObject { ["DBInstanceId"] = resource.Id, ["OrderId"] = "200000000000001" },
                            (InstanceType, resource.Id)
                        ),
                ];
            case "delete":
                _ = Find(resource);
                _instances.Remove(resource.Id);
                return [Deed("DeleteDBInstance", resource)];
            case "switchOff":
                Find(resource).SqlLog = SqlLog.Off;
                return
                [
                    new Deed(
                        "DAS",
                        "ModifySqlLogConfig",
                        new JObject { ["InstanceId"] = resource.Id, ["Enable"] = false },
                        [],
                        (InstanceType, resource.Id)
                    ),
                ];
            case "start":
                Find(resource).Status.Become("Starting", "Running", now + _cloud.Delays.Of(_restart));
                return [Deed("StartDBInstance", resource)];
            case "stop":
                Find(resource).Status.Become("Stopped");
                return [Deed("StopDBInstance", resource)];
            case "tag" or "untag":
                ResourceTags.Change(Find(resource).Tags, resource.Tags, change.Do is "tag");
                return [Deed(change.Do is "tag" ? "TagResources" : "UntagResources", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a database instance.");
        }
    }

    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        return from database in _instances.Values
            let isRunning = database.Status.At(now) is "Running"
            from kind in Kinds
            select new LoggingState(
                database.Key,
                kind,
                WhyNot(database, kind, now),
                isRunning && (kind is not "audit" || database.SqlLog.Enabled) ? Places(database, kind) : []
            )
            {
                IsShown = isRunning && kind is not "audit",
            };
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        return from database in _instances.Values
            where database.Status.At(now) is "Running"
            from kind in Kinds
            where WhyNot(database, kind, now) is null && (kind is not "audit" || database.SqlLog.Enabled)
            let places = Places(database, kind)
            where places.Count > 0
            select new LogSource(
                database.Key,
                kind,
                places[0],
                (at, marker, dice) => RdsRecords.Of(kind, Written(database), at, marker, dice)
            )
            {
                Policy = Subject(database, kind),
            };
    }

    private static RdsDatabase Written(Database database) =>
        new(database.Account, database.Region, database.Id, database.Name, database.Engine, database.Version);

    private static string? WhyNot(Database database, string kind, DateTimeOffset now) =>
        Lacks(database, kind) ?? (database.Status.At(now) is "Stopped" ? "the instance is not running" : null);

    /// <summary>Why a database can never have a log; null when it can.</summary>
    private static string? Lacks(Database database, string kind) =>
        Offered.IsLocal(database.Region) ? $"SQL logs are not offered in {database.Region}"
        : database.Engine is "MariaDB" ? "MariaDB has no SQL log"
        : kind is not "audit" && database.Engine is "SQLServer" ? $"SQL Server has no {kind} log"
        : kind is "performance" && database.Engine is not "MySQL" ? $"{database.Engine} has no metrics"
        : database.Engine is "MySQL" && database.Category is "Basic" or "serverless_basic"
            ? "the Basic edition has no SQL log"
        : null;

    private static PolicySubject Subject(Database database, string kind) =>
        new(database.Account, "rds", $"{kind}_log", database.Id, database.Region, database.Tags);

    // Metrics have no policy: nothing delivers what has no code.
    private IReadOnlyList<LogPlace> Places(Database database, string kind) =>
        PolicyPlaces.Of(_cloud, Subject(database, kind));

    private Database Make(ScenarioResource resource)
    {
        var database = new Database(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            Name = resource.Name,
            Engine = resource.Properties.GetValueOrDefault("engine", "MySQL"),
            Version = resource.Properties.GetValueOrDefault("version", "8.0"),
            Category = resource.Properties.GetValueOrDefault("category", "HighAvailability"),
            Type = resource.Properties.GetValueOrDefault("type", "Primary"),
        };
        foreach (var (key, value) in resource.Tags)
        {
            database.Tags[key] = value;
        }
        return _instances.TryAdd(resource.Id, database)
            ? database
            : throw new InvalidOperationException($"There is a database instance {resource.Id} already.");
    }

    private Database Find(ScenarioResource resource) =>
        _instances.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no database instance {resource.Id}.");

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            "Rds",
            name,
            new JObject { ["RegionId"] = resource.Region, ["DBInstanceId"] = resource.Id },
            [],
            (InstanceType, resource.Id)
        );

    private sealed class Database(string account, string region, string id, DateTimeOffset createdAt) : ISqlLogDatabase
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("rds", account, region, id);
        public DateTimeOffset CreatedAt => createdAt;
        public required string Name { get; set; }
        public required string Engine { get; init; }
        public required string Version { get; init; }
        public required string Category { get; init; }
        public required string Type { get; init; }
        public string ResourceType => InstanceType;
        public Phase Status { get; } = new("Running");
        public SqlLog SqlLog { get; set; } = SqlLog.Off;
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
        public string? LacksSqlLog => Lacks(this, "audit");

        public bool IsRunning(DateTimeOffset now) => Status.At(now) is "Running";
    }
}
