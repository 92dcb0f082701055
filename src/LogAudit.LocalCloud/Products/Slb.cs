using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Classic Load Balancer: load balancers with listeners, and the access-log attribute of each.</summary>
/// <remarks>Written from the slb reference and the metadata of Slb 2014-05-15.</remarks>
internal sealed partial class Slb : IPart, ILocalProduct
{
    private const string ResourceType = "ACS::SLB::LoadBalancer";

    private readonly Dictionary<string, LoadBalancer> _balancers = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;

    public string Product => "slb";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var balancer = Make(
            resource.Account,
            resource.Region,
            resource.Id,
            resource.Name,
            resource.Properties.GetValueOrDefault("address", "internet"),
            resource.Properties.GetValueOrDefault("network", "vpc")
        );
        balancer.Status = resource.Properties.GetValueOrDefault("status", "active");
        foreach (var (key, value) in resource.Tags)
        {
            balancer.Tags[key] = value;
        }
        var protocol = resource.Properties.GetValueOrDefault("listener", "http");
        if (protocol is not "none")
        {
            balancer.Listeners[PortOf(protocol)] = new Listener(protocol) { Running = true };
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place) => Find(resource).LogsTo = place;

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return Created(resource, change.ByConsole);
            case "delete":
                _ = Find(resource);
                _balancers.Remove(resource.Id);
                return [Deed("DeleteLoadBalancer", resource)];
            case "switchOff":
                var attribute = Find(resource);
                var place =
                    attribute.LogsTo ?? throw new InvalidOperationException($"{resource.Id} has no access log.");
                attribute.LogsTo = null;
                return
                [
                    Deed(
                        "DeleteAccessLogsDownloadAttribute",
                        resource,
                        ("LogsDownloadAttributes", Attributes(resource.Id, place))
                    ),
                ];
            case "start" or "stop":
                Find(resource).Status = change.Do is "start" ? "active" : "inactive";
                return [Deed("SetLoadBalancerStatus", resource, ("LoadBalancerStatus", Find(resource).Status))];
            case "tag":
                foreach (var (key, value) in resource.Tags)
                {
                    Find(resource).Tags[key] = value;
                }
                return [Deed("TagResources", resource, ("ResourceType", "instance"))];
            case "untag":
                foreach (var key in resource.Tags.Keys)
                {
                    Find(resource).Tags.Remove(key);
                }
                return [Deed("UntagResources", resource, ("ResourceType", "instance"))];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to an slb resource.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        _balancers.Values.Select(balancer => new LoggingState(
            balancer.Key,
            "access",
            Offered.LacksLogs("slb", balancer.Region) ? $"access logs are not offered in {balancer.Region}"
                : balancer.HasLayer7 ? null
                : "no HTTP or HTTPS listener",
            balancer is { HasLayer7: true, LogsTo: { } place } ? [place] : []
        ));

    public IEnumerable<LogSource> Sources() =>
        from balancer in _balancers.Values
        where balancer.Status is "active" && balancer.LogsTo is not null
        from listener in balancer.Listeners.Values
        where listener is { Running: true, IsLayer7: true }
        select new LogSource(
            balancer.Key,
            "access",
            balancer.LogsTo!.Value,
            (at, marker, dice) =>
                SlbRecords.Access(
                    balancer.Account,
                    balancer.Region,
                    balancer.Id,
                    balancer.Name,
                    balancer.NetworkType is "vpc" ? "VPC" : "Classic",
                    balancer.VpcId,
                    listener.Protocol is "https",
                    at,
                    marker,
                    dice
                )
        );

    private static List<Deed> Created(ScenarioResource resource, bool byConsole)
    {
        // A purchase in the console is recorded as "Create" and need not name the instance.
        // Source: slb reference, section 7.
        var deeds = new List<Deed>
        {
            byConsole
                ? new Deed("Slb", "Create", new JObject { ["RegionId"] = resource.Region }, Response: null)
                : new Deed(
                    "Slb",
                    "CreateLoadBalancer",
                    new JObject { ["RegionId"] = resource.Region, ["LoadBalancerName"] = resource.Name },
                    new JObject { ["LoadBalancerId"] = resource.Id },
                    (ResourceType, resource.Id)
                ),
        };
        var protocol = resource.Properties.GetValueOrDefault("listener", "http");
        if (protocol is not "none")
        {
            deeds.Add(
                Deed(
                    $"CreateLoadBalancer{protocol.ToUpperInvariant()}Listener",
                    resource,
                    ("ListenerPort", $"{PortOf(protocol)}")
                )
            );
            deeds.Add(Deed("StartLoadBalancerListener", resource, ("ListenerPort", $"{PortOf(protocol)}")));
        }
        return deeds;
    }

    private static Deed Deed(
        string name,
        ScenarioResource resource,
        params ReadOnlySpan<(string Name, string Value)> more
    )
    {
        var request = new JObject { ["RegionId"] = resource.Region, ["LoadBalancerId"] = resource.Id };
        foreach (var (key, value) in more)
        {
            request[key] = value;
        }
        return new Deed("Slb", name, request, [], (ResourceType, resource.Id));
    }

    private LoadBalancer Find(ScenarioResource resource) =>
        _balancers.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no load balancer {resource.Id}.");

    private LoadBalancer Make(string account, string region, string id, string name, string address, string network)
    {
        var balancer = new LoadBalancer(account, region, id)
        {
            Name = name,
            AddressType = address,
            NetworkType = network,
            VpcId = network is "vpc" ? $"vpc-{_cloud.NextHex(17)}" : "",
            CreatedAt = _cloud.Clock.GetUtcNow(),
        };
        return _balancers.TryAdd(id, balancer)
            ? balancer
            : throw new InvalidOperationException($"There is a load balancer {id} already.");
    }

    private static int PortOf(string protocol) => protocol is "https" ? 443 : 80;

    private static string Attributes(string id, LogPlace place) =>
        new JArray(
            new JObject
            {
                ["LoadBalancerId"] = id,
                ["LogProject"] = place.Project,
                ["LogStore"] = place.Logstore,
                ["LogType"] = "layer7",
            }
        ).ToString(Newtonsoft.Json.Formatting.None);

    private sealed class LoadBalancer(string account, string region, string id)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("slb", account, region, id);
        public required string Name { get; set; }
        public required string AddressType { get; init; }
        public required string NetworkType { get; init; }
        public required string VpcId { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public string Status { get; set; } = "active";
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
        public SortedDictionary<int, Listener> Listeners { get; } = [];
        public LogPlace? LogsTo { get; set; }
        public bool HasLayer7 => Listeners.Values.Any(listener => listener.IsLayer7);
    }

    private sealed class Listener(string protocol)
    {
        public string Protocol => protocol;
        public bool IsLayer7 => protocol is "http" or "https";

        /// <summary>A new listener is stopped until it is started.</summary>
        public bool Running { get; set; }
    }
}
