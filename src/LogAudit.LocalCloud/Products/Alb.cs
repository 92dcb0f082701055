using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Application Load Balancer: load balancers whose access log is switched by jobs.</summary>
/// <remarks>Written from the alb reference and the metadata of Alb 2020-06-16.</remarks>
internal sealed partial class Alb : IPart, ILocalProduct
{
    private const string ResourceType = "ACS::ALB::LoadBalancer";

    private readonly Dictionary<string, LoadBalancer> _balancers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;
    private NamedDelay _job = null!;

    public string Product => "alb";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare(
            "ALB creation",
            TimeSpan.FromSeconds(30),
            "assumed; the create event fires while the load balancer is Provisioning (alb reference, section 7)"
        );
        _job = cloud.Delays.Declare(
            "ALB access-log job",
            TimeSpan.FromSeconds(5),
            "assumed; callers retry after 3-5 s (alb reference, section 6)"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource) =>
        Make(resource).Status.Become(resource.Properties.GetValueOrDefault("status", "Active"));

    public void SwitchOn(ScenarioResource resource, LogPlace place) => Find(resource).LogsTo.Become(place);

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        var now = _cloud.Clock.GetUtcNow();
        switch (change.Do)
        {
            case "create":
                var own = resource.Properties.TryGetValue("activeAfter", out var text) ? YamlMap.ParseTime(text) : null;
                Make(resource).Status.Become("Provisioning", "Active", now + (own ?? _cloud.Delays.Of(_creation)));
                return [Created(resource, change.ByConsole)];
            case "delete":
                _ = Find(resource);
                _balancers.Remove(resource.Id);
                return [Deed("DeleteLoadBalancer", resource)];
            case "switchOff":
                Find(resource).LogsTo.Become(null);
                return [Deed("DisableLoadBalancerAccessLog", resource)];
            case "start" or "stop":
                // Without a running listener a load balancer is Inactive.
                Find(resource).Status.Become(change.Do is "start" ? "Active" : "Inactive");
                return [Deed(change.Do is "start" ? "StartListener" : "StopListener", resource)];
            case "tag" or "untag":
                ResourceTags.Change(Find(resource).Tags, resource.Tags, add: change.Do is "tag");
                return [Deed(change.Do is "tag" ? "TagResources" : "UnTagResources", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to an alb resource.");
        }
    }

    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        return _balancers.Values.Select(balancer => new LoggingState(
            balancer.Key,
            "access",
            Offered.LacksLogs("alb", balancer.Region) ? $"access logs are not offered in {balancer.Region}"
                : balancer.Status.At(now) is "CreateFailed" ? "its creation failed"
                : null,
            balancer.LogsTo.At(now) is { } place ? [place] : []
        ));
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        foreach (var balancer in _balancers.Values)
        {
            if (
                balancer.Listener is not "none"
                && balancer.Status.At(now) is "Active" or "Configuring"
                && balancer.LogsTo.At(now) is { } place
            )
            {
                yield return new LogSource(
                    balancer.Key,
                    "access",
                    place,
                    (at, marker, dice) =>
                        AlbRecords.Access(balancer.Id, balancer.Listener is not "http", at, marker, dice)
                );
            }
        }
    }

    private static Deed Created(ScenarioResource resource, bool byConsole) =>
        byConsole
            ? new Deed("Alb", "Create", new JObject { ["RegionId"] = resource.Region }, Response: null)
            : new Deed(
                "Alb",
                "CreateLoadBalancer",
                new JObject { ["RegionId"] = resource.Region, ["LoadBalancerName"] = resource.Name },
                new JObject { ["LoadBalancerId"] = resource.Id, ["JobId"] = $"job-{resource.Id}" },
                (ResourceType, resource.Id)
            );

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            "Alb",
            name,
            new JObject { ["RegionId"] = resource.Region, ["LoadBalancerId"] = resource.Id },
            [],
            (ResourceType, resource.Id)
        );

    private LoadBalancer Find(ScenarioResource resource) =>
        _balancers.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no load balancer {resource.Id}.");

    private LoadBalancer Make(ScenarioResource resource)
    {
        var balancer = new LoadBalancer(resource.Account, resource.Region, resource.Id)
        {
            Name = resource.Name,
            AddressType = resource.Properties.GetValueOrDefault("address", "Internet"),
            Listener = resource.Properties.GetValueOrDefault("listener", "https"),
            VpcId = $"vpc-{_cloud.NextHex(17)}",
            CreatedAt = _cloud.Clock.GetUtcNow(),
        };
        ResourceTags.Change(balancer.Tags, resource.Tags, add: true);
        return _balancers.TryAdd(resource.Id, balancer)
            ? balancer
            : throw new InvalidOperationException($"There is a load balancer {resource.Id} already.");
    }

    private sealed class LoadBalancer(string account, string region, string id)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("alb", account, region, id);
        public required string Name { get; init; }
        public required string AddressType { get; init; }
        public required string Listener { get; init; }
        public required string VpcId { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public Phase Status { get; } = new("Active");
        public Phase<LogPlace?> LogsTo { get; } = new(null);
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>A job of the service.</summary>
    private sealed record Job(
        string Account,
        string Region,
        string Id,
        string Api,
        string ResourceId,
        DateTimeOffset Begun,
        DateTimeOffset Ends
    );
}
