using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Bastionhost: instances, and the place to which a person made their logs go. No action of the API switches that.</summary>
/// <remarks>Written from the bastionhost reference and the metadata of Yundun-bastionhost 2019-12-09.</remarks>
internal sealed partial class Bastionhost : IPart, ILocalProduct
{
    private const string ResourceType = "ACS::Bastionhost::Instance";
    private const string Service = "Yundun-bastionhost";

    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;

    public string Product => "bastionhost";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare(
            "bastion host creation",
            TimeSpan.FromMinutes(10),
            "assumed: CREATING before RUNNING; the page names no length"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource) =>
        Make(resource).Status.Become(resource.Properties.GetValueOrDefault("status", "RUNNING"));

    /// <summary>What a person does outside of the API.</summary>
    public void SwitchOn(ScenarioResource resource, LogPlace place) => Find(resource).LogsTo = place;

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Make(resource)
                    .Status.Become(
                        "CREATING",
                        "RUNNING",
                        _cloud.Clock.GetUtcNow() + Creation.TimeOf(_cloud, resource, _creation)
                    );
                return
                [
                    new Deed(Service, "Create", new JObject { ["RegionId"] = resource.Region }, Response: null),
                    Deed("StartInstance", resource),
                ];
            case "delete":
                _ = Find(resource);
                _instances.Remove(resource.Id);
                return [Deed("Refund", resource)];
            // Forwarding is no matter of the API: nothing tells of it.
            case "switchOff":
                Find(resource).LogsTo = null;
                return [];
            case "tag" or "untag":
                ResourceTags.Change(Find(resource).Tags, resource.Tags, add: change.Do is "tag");
                return [Deed(change.Do is "tag" ? "TagResources" : "UntagResources", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a bastionhost resource.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        _instances.Values.Select(instance => new LoggingState(
            instance.Key,
            "operation",
            WhyNot: null,
            PlaceOf(instance) is { } place ? [place] : []
        ));

    public IEnumerable<LogSource> Sources() =>
        from instance in _instances.Values
        let place = PlaceOf(instance)
        where place is not null
        select new LogSource(
            instance.Key,
            "operation",
            place.Value,
            (at, marker, dice) =>
                BastionhostRecords.Operation(instance.Account, instance.Region, instance.Id, at, marker, dice)
        );

    /// <summary>Where its records go: only those of an instance of V3.2 or later that runs go anywhere.</summary>
    private LogPlace? PlaceOf(Instance instance) =>
        !instance.IsLegacy && instance.Status.At(_cloud.Clock.GetUtcNow()) is "RUNNING" ? instance.LogsTo : null;

    private Instance Make(ScenarioResource resource)
    {
        var instance = new Instance(resource.Account, resource.Region, resource.Id)
        {
            Description = resource.Name,
            IsLegacy = resource.Properties.GetValueOrDefault("legacy", "false") is "true",
            VpcId = $"vpc-{_cloud.NextHex(17)}",
        };
        foreach (var (key, value) in resource.Tags)
        {
            instance.Tags[key] = value;
        }
        return _instances.TryAdd(instance.Id, instance)
            ? instance
            : throw new InvalidOperationException($"There is a bastion host {resource.Id} already.");
    }

    private Instance Find(ScenarioResource resource) =>
        _instances.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no bastion host {resource.Id}.");

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            Service,
            name,
            new JObject { ["InstanceId"] = resource.Id, ["RegionId"] = resource.Region },
            [],
            (ResourceType, resource.Id)
        );

    private sealed class Instance(string account, string region, string id)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("bastionhost", account, region, id);
        public required string Description { get; init; }
        public required bool IsLegacy { get; init; }
        public required string VpcId { get; init; }
        public Phase Status { get; } = new("PENDING");
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        /// <summary>Where a person made its logs go; null while nobody did.</summary>
        public LogPlace? LogsTo { get; set; }
    }
}
