using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Kubernetes clusters: API audit, components, and the project that each cluster has for its logs.</summary>
/// <remarks>Written from the ack reference and the metadata of CS 2015-12-15.</remarks>
internal sealed partial class Ack : IPart, ILocalProduct
{
    private const string ClusterType = "ACS::ACK::Cluster";
    private const string EventComponent = "ack-node-problem-detector";
    private const string IngressComponent = "logtail-ds";
    private const string Controller = "nginx-ingress-controller";

    private readonly SortedDictionary<string, Cluster> _clusters = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;
    private NamedDelay _task = null!;

    public string Product => "ack";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare(
            "ACK cluster creation",
            TimeSpan.FromMinutes(10),
            "ack reference, section 7: ten minutes and more from initial to running"
        );
        _task = cloud.Delays.Declare(
            "ACK task",
            TimeSpan.FromSeconds(60),
            "ack reference, section 6: a client looks at the cluster after 60 s"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource) =>
        Make(resource).State.Become(resource.Properties.GetValueOrDefault("status", "running"));

    public void SwitchOn(ScenarioResource resource, LogPlace place) =>
        SetAudit(Find(resource), on: true, project: null);

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Make(resource)
                    .State.Become(
                        "initial",
                        "running",
                        _cloud.Clock.GetUtcNow() + Creation.TimeOf(_cloud, resource, _creation)
                    );
                return
                [
                    new Deed(
                        "CS",
                        "CreateCluster",
                        new JObject { ["name"] = resource.Name, ["region_id"] = resource.Region },
                        new JObject { ["cluster_id"] = resource.Id, ["task_id"] = "T-1" },
                        (ClusterType, resource.Id)
                    ),
                ];
            case "delete":
                _ = Find(resource);
                _clusters.Remove(resource.Id);
                return [Deed("DeleteCluster", resource, "ClusterId", body: null)];
            case "switchOff":
                SetAudit(Find(resource), on: false, project: null);
                return [Deed("UpdateClusterAuditLogConfig", resource, "clusterid", new JObject { ["disable"] = true })];
            case "tag" or "untag":
                foreach (var (key, value) in resource.Tags)
                {
                    if (change.Do is "tag")
                    {
                        Find(resource).Tags[key] = value;
                    }
                    else
                    {
                        Find(resource).Tags.Remove(key);
                    }
                }
                return [Deed("ModifyClusterTags", resource, "ClusterId", body: null)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a cluster.");
        }
    }

    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        foreach (var cluster in _clusters.Values)
        {
            var whyNot = WhyNot(cluster, now);
            yield return new LoggingState(cluster.Key, "audit", whyNot, Places(cluster, "audit"));
            yield return new LoggingState(cluster.Key, "event", whyNot, Places(cluster, "event"));
            yield return new LoggingState(
                cluster.Key,
                "ingress",
                whyNot ?? (cluster.Components.ContainsKey(Controller) ? null : $"no {Controller}"),
                Places(cluster, "ingress")
            );
        }
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        foreach (var cluster in _clusters.Values.Where(one => WhyNot(one, now) is null))
        {
            foreach (var kind in (string[])["audit", "event", "ingress"])
            {
                if (Places(cluster, kind) is [var place])
                {
                    yield return new LogSource(
                        cluster.Key,
                        kind,
                        place,
                        (at, marker, dice) => AckRecords.Of(kind, cluster.Name, cluster.Region, at, marker, dice)
                    );
                }
            }
        }
    }

    private static string? WhyNot(Cluster cluster, DateTimeOffset now) =>
        !LogRegions.Contains(cluster.Region) ? $"cluster logs are not offered in {cluster.Region}"
        : cluster.Type is "ExternalKubernetes" ? "the cluster is only registered"
        : cluster.State.At(now) is "failed" or "deleting" or "deleted" or "inactive" ? "the cluster does not run"
        : null;

    /// <summary>Regions whose cluster logs are collected. Source: ack reference, section 3.</summary>
    private static readonly HashSet<string> LogRegions =
    [
        "cn-shanghai",
        "cn-beijing",
        "cn-hangzhou",
        "cn-shenzhen",
        "cn-huhehaote",
        "cn-zhangjiakou",
        "cn-chengdu",
        "cn-hongkong",
    ];

    private static IReadOnlyList<LogPlace> Places(Cluster cluster, string kind) =>
        kind switch
        {
            "audit" when cluster.AuditProject.Length > 0 => [new(cluster.AuditProject, $"audit-{cluster.Id}")],
            "event" when Project(cluster, EventComponent) is { Length: > 0 } project => [new(project, "k8s-event")],
            "ingress"
                when cluster.Components.ContainsKey(Controller)
                    && Config(cluster, IngressComponent)?["IngressDashboardEnabled"]?.ToString() is "true"
                    && Project(cluster, IngressComponent) is { Length: > 0 } project => [new(project, "nginx-ingress")],
            _ => [],
        };

    private static string Project(Cluster cluster, string component) =>
        (string?)Config(cluster, component)?["sls_project_name"] ?? "";

    private static JObject? Config(Cluster cluster, string component) =>
        cluster.Components.GetValueOrDefault(component);

    /// <summary>Switches the API audit; the project and its Logstore are made on first use.</summary>
    private void SetAudit(Cluster cluster, bool on, string? project)
    {
        cluster.AuditProject = on ? project ?? $"k8s-log-{cluster.Id}" : "";
        if (on)
        {
            EnsureLogstore(cluster, cluster.AuditProject, $"audit-{cluster.Id}");
        }
    }

    private void EnsureLogstore(Cluster cluster, string project, string logstore)
    {
        var storage = _cloud.Services.Get<ILogStorage>();
        storage.EnsureProject(cluster.Account, cluster.Region, project);
        // Kept 90 days for events by the reference; for the others that is assumed.
        storage.EnsureLogstore(project, logstore, 90, 2);
    }

    private Cluster Make(ScenarioResource resource)
    {
        var cluster = new Cluster(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            Name = resource.Name,
            Type = resource.Properties.GetValueOrDefault("type", "ManagedKubernetes"),
            Profile = resource.Properties.GetValueOrDefault("profile", "Default"),
        };
        foreach (var (key, value) in resource.Tags)
        {
            cluster.Tags[key] = value;
        }
        // What a cluster of the console's wizard has, unless the scenario says otherwise.
        foreach (
            var component in resource
                .Properties.GetValueOrDefault("components", EventComponent)
                .Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
        )
        {
            cluster.Components[component] = [];
        }
        if (resource.Properties.GetValueOrDefault("ingressLog", "false") is "true")
        {
            cluster.Components[Controller] = [];
            cluster.Components[IngressComponent] = new JObject
            {
                ["IngressDashboardEnabled"] = "true",
                ["sls_project_name"] = $"k8s-log-{cluster.Id}",
            };
            EnsureLogstore(cluster, $"k8s-log-{cluster.Id}", "nginx-ingress");
        }
        return _clusters.TryAdd(resource.Id, cluster)
            ? cluster
            : throw new InvalidOperationException($"There is a cluster {resource.Id} already.");
    }

    private Cluster Find(ScenarioResource resource) =>
        _clusters.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no cluster {resource.Id}.");

    private static Deed Deed(string name, ScenarioResource resource, string idName, JObject? body)
    {
        var request = new JObject { [idName] = resource.Id };
        if (body is not null)
        {
            request["body"] = body.ToString(Newtonsoft.Json.Formatting.None);
        }
        return new Deed("CS", name, request, new JObject { ["cluster_id"] = resource.Id }, (ClusterType, resource.Id));
    }

    private sealed class Cluster(string account, string region, string id, DateTimeOffset createdAt)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("ack", account, region, id);
        public DateTimeOffset CreatedAt => createdAt;
        public required string Name { get; init; }
        public required string Type { get; init; }
        public required string Profile { get; init; }
        public Phase State { get; } = new("running");
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        /// <summary>Project of the API audit; empty when it is off.</summary>
        public string AuditProject { get; set; } = "";

        /// <summary>Installed components with their configurations.</summary>
        public SortedDictionary<string, JObject> Components { get; } = new(StringComparer.Ordinal);
    }
}
