using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>VPCs and their flow logs: asynchronous, not idempotent, few per region, one write at a time.</summary>
/// <remarks>Written from the vpc reference and the metadata of Vpc 2016-04-28.</remarks>
internal sealed partial class Vpc : IPart, ILocalProduct, IFlowLogService
{
    private const string VpcType = "ACS::VPC::VPC";
    private const string FlowLogType = "ACS::VPC::FlowLog";

    /// <summary>A VPC with an instance of one of these has no flow log. Source: vpc reference, section 3.</summary>
    private static readonly HashSet<string> Excluded = new(
        "c1 c2 c4 ce4 cm4 d1 e3 e4 ga1 gn4 gn5 i1 m1 m2 mn4 n1 n2 n4 s1 s2 s3 se1 sn1 sn2 t1 xn4"
            .Split(' ')
            .Select(family => $"ecs.{family}"),
        StringComparer.Ordinal
    );

    private readonly Dictionary<string, Network> _networks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FlowLog> _flowLogs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _serviceOpen = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Region), DateTimeOffset> _busyUntil = [];
    private Cloud _cloud = null!;
    private NamedDelay _available = null!;
    private NamedDelay _activation = null!;
    private NamedDelay _task = null!;

    public string Product => "vpc";

    private IVpcInstances Instances => _cloud.Services.Get<IVpcInstances>();

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _available = cloud.Delays.Declare(
            "VPC available",
            TimeSpan.FromSeconds(5),
            "assumed: Pending before Available, no figure"
        );
        _activation = cloud.Delays.Declare(
            "flow log active",
            TimeSpan.FromSeconds(10),
            "assumed: asynchronous, the Terraform provider polls every 5 s"
        );
        _task = cloud.Delays.Declare(
            "flow log write",
            TimeSpan.FromSeconds(1),
            "assumed: parallel writes of a region collide (TaskConflict, IncorrectStatus)"
        );
        RegisterApi(cloud);
        cloud.Services.Add<IFlowLogService>(this);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    /// <summary>Opens the flow-log service of an account.</summary>
    public void OpenService(string account) => _serviceOpen.Add(account);

    public void CloseService(string account) => _serviceOpen.Remove(account);

    public void Seed(ScenarioResource resource) => Make(resource, pendingFor: null);

    public void SwitchOn(ScenarioResource resource, LogPlace place)
    {
        OpenService(resource.Account);
        var log = new FlowLog(
            resource.Account,
            resource.Region,
            $"fl-{_cloud.NextHex(18)}",
            resource.Id,
            _cloud.Clock.GetUtcNow()
        )
        {
            Name = $"flow-{resource.Name}",
            Place = place,
        };
        log.Status.Become("Active");
        _flowLogs.Add(log.Id, log);
    }

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        var now = _cloud.Clock.GetUtcNow();
        switch (change.Do)
        {
            case "create":
                var own = resource.Properties.TryGetValue("availableAfter", out var text)
                    ? YamlMap.ParseTime(text)
                    : null;
                Make(resource, own ?? _cloud.Delays.Of(_available));
                return
                [
                    new Deed(
                        "Vpc",
                        "CreateVpc",
                        new JObject { ["RegionId"] = resource.Region, ["VpcName"] = resource.Name },
                        new JObject { ["VpcId"] = resource.Id },
                        (VpcType, resource.Id)
                    ),
                ];
            case "delete":
                _ = Find(resource);
                Remove(resource.Id);
                return [Deed("DeleteVpc", resource)];
            case "switchOff":
                var log =
                    LogsOf(resource.Id).FirstOrDefault(l => l.Status.At(now) is "Active")
                    ?? throw new InvalidOperationException($"{resource.Id} has no active flow log.");
                log.Status.Become("Inactive");
                return
                [
                    new Deed(
                        "Vpc",
                        "DeactiveFlowLog",
                        new JObject { ["RegionId"] = resource.Region, ["FlowLogId"] = log.Id },
                        new JObject { ["Success"] = "true" },
                        (FlowLogType, log.Id)
                    ),
                ];
            case "releaseInstances":
                return
                [
                    .. Instances
                        .Release(resource.Account, resource.Region, resource.Id, Excluded.Contains)
                        .Select(id => new Deed(
                            "Ecs",
                            "DeleteInstance",
                            new JObject { ["RegionId"] = resource.Region, ["InstanceId"] = id },
                            [],
                            ("ACS::ECS::Instance", id)
                        )),
                ];
            case "tag" or "untag":
                Retag(Find(resource).Tags, change);
                return [Deed(change.Do is "tag" ? "TagResources" : "UnTagResources", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a VPC.");
        }
    }

    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        return _networks.Values.Select(network => new LoggingState(
            network.Key,
            "flow",
            WhyNot(network),
            [.. LogsOf(network.Id).Where(log => log.Writes(now)).Select(log => log.Place)]
        ));
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        return from log in _flowLogs.Values
            where log.Writes(now)
            from network in NetworksOf(log)
            where WhyNot(network) is null && network.Status.At(now) is "Available"
            select new LogSource(
                network.Key,
                "flow",
                log.Place,
                (at, marker, dice) =>
                    VpcRecords.Flow(
                        network.Account,
                        network.Region,
                        network.Id,
                        log.AggregationMinutes,
                        at,
                        marker,
                        dice
                    )
            );
    }

    private string? WhyNot(Network network) =>
        Offered.LacksLogs("vpc", network.Region) ? $"flow logs are not offered in {network.Region}"
        : Instances.In(network.Account, network.Region, network.Id).FirstOrDefault(i => Excluded.Contains(i.Family))
            is { Id: not null } one
            ? $"{one.Id} is of the excluded family {one.Family}"
        : null;

    private IEnumerable<Network> NetworksOf(FlowLog log) =>
        _networks.TryGetValue(log.ResourceId, out var network) ? [network] : [];

    private IEnumerable<FlowLog> LogsOf(string vpcId) => _flowLogs.Values.Where(log => log.ResourceId == vpcId);

    private void Make(ScenarioResource resource, TimeSpan? pendingFor)
    {
        var network = new Network(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            Name = resource.Name,
        };
        foreach (var (key, value) in resource.Tags)
        {
            network.Tags[key] = value;
        }
        if (pendingFor is { } pause)
        {
            network.Status.Become("Pending", "Available", _cloud.Clock.GetUtcNow() + pause);
        }
        if (!_networks.TryAdd(resource.Id, network))
        {
            throw new InvalidOperationException($"There is a VPC {resource.Id} already.");
        }
        foreach (
            var family in resource
                .Properties.GetValueOrDefault("families", "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            Instances.Place(resource.Account, resource.Region, resource.Id, family);
        }
    }

    private void Remove(string vpcId)
    {
        _networks.Remove(vpcId);
        foreach (var log in LogsOf(vpcId).ToList())
        {
            _flowLogs.Remove(log.Id);
        }
    }

    private Network Find(ScenarioResource resource) =>
        _networks.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no VPC {resource.Id}.");

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            "Vpc",
            name,
            new JObject { ["RegionId"] = resource.Region, ["VpcId"] = resource.Id },
            [],
            (VpcType, resource.Id)
        );

    private static void Retag(Dictionary<string, string> tags, ScenarioChange change)
    {
        foreach (var (key, value) in change.Resource.Tags)
        {
            if (change.Do is "tag")
            {
                tags[key] = value;
            }
            else
            {
                tags.Remove(key);
            }
        }
    }

    private sealed class Network(string account, string region, string id, DateTimeOffset createdAt)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("vpc", account, region, id);
        public DateTimeOffset CreatedAt => createdAt;
        public required string Name { get; set; }
        public Phase Status { get; } = new("Available");
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }

    private sealed class FlowLog(string account, string region, string id, string resourceId, DateTimeOffset createdAt)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public string ResourceId => resourceId;
        public DateTimeOffset CreatedAt => createdAt;
        public string ResourceType { get; init; } = "VPC";
        public required string Name { get; set; }
        public string Description { get; set; } = "";
        public required LogPlace Place { get; init; }
        public string TrafficType { get; init; } = "All";
        public string IpVersion { get; set; } = "IPv4";
        public int AggregationMinutes { get; set; } = 10;
        public Phase Status { get; } = new("Inactive");
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        /// <summary>Whether it writes the whole traffic now.</summary>
        public bool Writes(DateTimeOffset now) =>
            ResourceType is "VPC" && TrafficType is "All" && Status.At(now) is "Active";
    }
}
