using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>PolarDB-X 1.0: instances with logical databases, each with an SQL audit of its own.</summary>
/// <remarks>Written from the drds reference and the metadata of Drds 2019-01-23.</remarks>
internal sealed partial class Drds : IPart, ILocalProduct
{
    // Assumed in the drds reference, section 1.
    private const string ResourceType = "ACS::DRDS::DBInstance";

    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;

    public string Product => "drds";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare("DRDS instance creation", TimeSpan.FromMinutes(5), "assumed: minutes");
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource) =>
        Make(resource).Status.Become(resource.Properties.GetValueOrDefault("status", "RUN"));

    // The product chooses the place itself.
    public void SwitchOn(ScenarioResource resource, LogPlace place)
    {
        var one = Find(resource);
        foreach (var database in one.Audited.Keys)
        {
            Audit(one, database);
        }
    }

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                var ready = _cloud.Clock.GetUtcNow() + Creation.TimeOf(_cloud, resource, _creation);
                var made = Make(resource);
                made.Status.Become("DO_CREATE", "RUN", ready);
                return
                [
                    new Deed(
                        "Drds",
                        change.ByConsole ? "Create" : "CreateDrdsInstance",
                        new JObject { ["RegionId"] = resource.Region },
                        Response: null
                    ),
                    .. made.Audited.Keys.Select(name => Deed("CreateDrdsDB", resource, name)),
                ];
            case "delete":
                _ = Find(resource);
                _instances.Remove(resource.Id);
                return [Deed("RemoveDrdsInstance", resource, null)];
            case "switchOff":
                var one = Find(resource);
                var on = one.Audited.Where(pair => pair.Value).Select(pair => pair.Key).ToList();
                on.ForEach(name => one.Audited[name] = false);
                return [.. on.Select(name => Deed("DisableSqlAudit", resource, name))];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a drds resource.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        _instances.Values.Select(one => new LoggingState(
            one.Key,
            "audit",
            Offered.LacksLogs("drds", one.Region) ? $"SQL audit is not offered in {one.Region}"
                : one.Audited.Count == 0 ? "it has no database"
                : null,
            one.Audited.Count > 0 && one.Audited.Values.All(isOn => isOn) ? [PlaceOf(one)] : []
        ));

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        return from one in _instances.Values
            where one.Status.At(now) is "RUN"
            from database in one.Audited
            where database.Value
            select new LogSource(
                one.Key,
                "audit",
                PlaceOf(one),
                (at, marker, dice) => DrdsRecords.Audit(one.Id, database.Key, at, marker, dice)
            );
    }

    private void Audit(Instance one, string database)
    {
        // Days: not documented (assumed).
        OwnStore.Ensure(_cloud, one.Account, one.Region, PlaceOf(one), 7);
        one.Audited[database] = true;
    }

    /// <summary>Source: drds reference, section 2.</summary>
    private static LogPlace PlaceOf(Instance one) => new($"drds-audit-{one.Region}-{one.Account}", "drds-audit-log");

    private Instance Find(ScenarioResource resource) =>
        _instances.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no instance {resource.Id}.");

    private Instance Make(ScenarioResource resource)
    {
        var one = new Instance(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            Name = resource.Name,
        };
        var databases = resource.Properties.GetValueOrDefault("databases", "orders");
        foreach (var name in databases.Split(',', StringSplitOptions.TrimEntries).Where(name => name is not "none"))
        {
            one.Audited[name] = false;
        }
        return _instances.TryAdd(resource.Id, one)
            ? one
            : throw new InvalidOperationException($"There is an instance {resource.Id} already.");
    }

    private static Deed Deed(string name, ScenarioResource resource, string? database)
    {
        var request = new JObject { ["RegionId"] = resource.Region, ["DrdsInstanceId"] = resource.Id };
        if (database is not null)
        {
            request["DbName"] = database;
        }
        return new Deed("Drds", name, request, new JObject { ["Success"] = true }, (ResourceType, resource.Id));
    }

    private sealed class Instance(string account, string region, string id, DateTimeOffset createdAt)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("drds", account, region, id);
        public DateTimeOffset CreatedAt => createdAt;
        public required string Name { get; init; }
        public Phase Status { get; } = new("RUN");

        /// <summary>Its databases, and whether the audit of each is on.</summary>
        public SortedDictionary<string, bool> Audited { get; } = new(StringComparer.Ordinal);
    }
}
