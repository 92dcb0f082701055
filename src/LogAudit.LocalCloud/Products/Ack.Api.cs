using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Ack
{
    private readonly Dictionary<string, DateTimeOffset> _tasks = new(StringComparer.Ordinal);

    private void RegisterApi(Cloud cloud)
    {
        cloud.Api.Hosts("CS", "cs.{region}.aliyuncs.com");
        ApiParameter[] filters =
        [
            Text("cluster_id"),
            Text("cluster_spec"),
            Text("cluster_type"),
            Text("name"),
            Text("profile"),
            Long("page_number"),
            Long("page_size"),
        ];
        Add("DescribeClustersForRegion", "GET", "/regions/{region_id}/clusters", [Path("region_id"), .. filters], List);
        Add(
            "DescribeClusterDetail",
            "GET",
            "/clusters/{ClusterId}",
            [Path("ClusterId")],
            call => Row(Of(call, "ClusterId"))
        );
        Add("GetClusterAuditProject", "GET", "/clusters/{clusterid}/audit", [Path("clusterid")], GetAudit);
        Add(
            "UpdateClusterAuditLogConfig",
            "PUT",
            "/clusters/{clusterid}/audit_log",
            [Path("clusterid"), Body("disable"), Body("sls_project_name")],
            UpdateAudit,
            isWrite: true
        );
        Add(
            "ListClusterAddonInstances",
            "GET",
            "/clusters/{cluster_id}/addon_instances",
            [Path("cluster_id")],
            call => new JObject
            {
                ["addons"] = new JArray(
                    Of(call, "cluster_id")
                        .Components.Keys.Select(name => new JObject
                        {
                            ["name"] = name,
                            ["state"] = "active",
                            ["version"] = "1.2.3",
                        })
                ),
            }
        );
        Add(
            "GetClusterAddonInstance",
            "GET",
            "/clusters/{cluster_id}/addon_instances/{instance_name}",
            [Path("cluster_id"), Path("instance_name")],
            call =>
            {
                var (name, config) = Component(call, "instance_name");
                return new JObject
                {
                    ["name"] = name,
                    ["state"] = "active",
                    ["version"] = "1.2.3",
                    ["config"] = config.ToString(Formatting.None),
                    ["logging"] = new JObject { ["capable"] = true, ["enabled"] = false },
                };
            }
        );
        Add(
            "ModifyClusterAddon",
            "POST",
            "/clusters/{cluster_id}/components/{component_id}/config",
            [Path("cluster_id"), Path("component_id"), Body("config")],
            Modify,
            isWrite: true
        );
        Add("DescribeTaskInfo", "GET", "/tasks/{task_id}", [Path("task_id")], TaskInfo);

        void Add(
            string action,
            string method,
            string path,
            IReadOnlyList<ApiParameter> parameters,
            Func<ApiCall, JObject> run,
            bool isWrite = false
        ) =>
            cloud.Api.Roa(
                "CS",
                "2015-12-15",
                action,
                method,
                path,
                parameters,
                path.StartsWith("/clusters/", StringComparison.Ordinal)
                    ? new RamRule(
                        $"cs:{action}",
                        call => $"acs:cs:{call.Region}:{call.AccountId}:cluster/{call.Text(parameters[0].Name)}"
                    )
                    : new RamRule($"cs:{action}"),
                isWrite,
                run
            );
    }

    private JObject List(ApiCall call)
    {
        var region = call.Text("region_id");
        var number = (int)(call.Long("page_number") ?? 1);
        // Assumed: ten rows a page and fifty at most; the reference prints only examples.
        var size = (int)(call.Long("page_size") ?? 10);
        if (number < 1 || size is < 1 or > 50)
        {
            throw new CloudError(400, "InvalidParameter", "page_number starts at 1, and page_size is 1 to 50.");
        }
        var rows = _clusters
            .Values.Where(one => one.Account == call.AccountId && one.Region == region)
            .Where(one => call.Optional("cluster_id") is not { } id || one.Id == id)
            .Where(one => call.Optional("cluster_type") is not { } type || one.Type == type)
            .Where(one => call.Optional("profile") is not { } profile || one.Profile == profile)
            .Where(one => call.Optional("name") is not { } name || one.Name == name)
            .ToList();
        return new JObject
        {
            ["clusters"] = new JArray(rows.Skip((number - 1) * size).Take(size).Select(Row)),
            ["page_info"] = new JObject
            {
                ["page_number"] = number,
                ["page_size"] = size,
                ["total_count"] = rows.Count,
            },
        };
    }

    private JObject Row(Cluster cluster) =>
        new()
        {
            ["cluster_id"] = cluster.Id,
            ["name"] = cluster.Name,
            ["region_id"] = cluster.Region,
            ["cluster_type"] = cluster.Type,
            ["profile"] = cluster.Profile,
            ["cluster_spec"] = cluster.Type is "ManagedKubernetes" ? "ack.pro.small" : "",
            ["state"] = cluster.State.At(_cloud.Clock.GetUtcNow()),
            ["network_mode"] = "vpc",
            ["vpc_id"] = $"vpc-of-{cluster.Id}",
            ["current_version"] = "1.34.1-aliyun.1",
            ["created"] = ResourceTags.Iso(cluster.CreatedAt),
            ["tags"] = new JArray(cluster.Tags.Select(tag => new JObject { ["key"] = tag.Key, ["value"] = tag.Value })),
        };

    private JObject GetAudit(ApiCall call)
    {
        var cluster = Of(call, "clusterid");
        return new JObject
        {
            ["audit_enabled"] = cluster.AuditProject.Length > 0,
            ["sls_project_name"] = cluster.AuditProject,
        };
    }

    private JObject UpdateAudit(ApiCall call)
    {
        var cluster = Running(call, "clusterid");
        var project = (string?)call.Body["sls_project_name"];
        if (project is not null && project != $"k8s-log-{cluster.Id}" && cluster.Type is not "ManagedKubernetes")
        {
            throw new CloudError(400, "InvalidParameter", "Only a managed cluster may name another project.");
        }
        SetAudit(cluster, (bool?)call.Body["disable"] is not true, project);
        return Started(call, cluster);
    }

    private JObject Modify(ApiCall call)
    {
        var cluster = Running(call, "cluster_id");
        var (name, _) = Component(call, "component_id");
        JObject config;
        try
        {
            config = WireJson.Object((string?)call.Body["config"] ?? "{}");
        }
        catch (JsonException)
        {
            throw new CloudError(400, "InvalidParameter", "config is a JSON object as text.");
        }
        cluster.Components[name] = config;
        if ((string?)config["sls_project_name"] is { Length: > 0 } project)
        {
            EnsureLogstore(cluster, project, name is EventComponent ? "k8s-event" : "nginx-ingress");
        }
        return Started(call, cluster);
    }

    /// <summary>The work goes on in a task; the cluster is updating meanwhile.</summary>
    private JObject Started(ApiCall call, Cluster cluster)
    {
        var task = $"T-{_cloud.NextHex(24)}";
        var end = _cloud.Clock.GetUtcNow() + _cloud.Delays.Of(_task);
        _tasks[task] = end;
        cluster.State.Become("updating", "running", end);
        return new JObject
        {
            ["cluster_id"] = cluster.Id,
            ["request_id"] = call.Request.RequestId,
            ["task_id"] = task,
        };
    }

    private JObject TaskInfo(ApiCall call) =>
        _tasks.TryGetValue(call.Text("task_id"), out var end)
            ? new JObject
            {
                ["task_id"] = call.Text("task_id"),
                ["state"] = _cloud.Clock.GetUtcNow() >= end ? "success" : "running",
            }
            : throw new CloudError(404, "ErrorTaskNotFound", "The task does not exist.");

    private Cluster Of(ApiCall call, string hole)
    {
        var id = call.Text(hole);
        if (
            _clusters.GetValueOrDefault(id) is not { } cluster
            || cluster.Account != call.AccountId
            || cluster.Region != call.Region
        )
        {
            throw new CloudError(404, "ErrorClusterNotFound", $"The cluster {id} does not exist.");
        }
        if (call.Action.IsWrite)
        {
            call.Touched.Add((ClusterType, id));
        }
        return cluster;
    }

    // Assumed: the code; the status is that of the reference, section 6.
    private Cluster Running(ApiCall call, string hole) =>
        Of(call, hole) is var cluster && cluster.State.At(_cloud.Clock.GetUtcNow()) is "running"
            ? cluster
            : throw new CloudError(409, "ErrorClusterState", $"The cluster {cluster.Id} is not running.");

    private (string Name, JObject Config) Component(ApiCall call, string hole)
    {
        var name = call.Text(hole);
        return Config(Of(call, "cluster_id"), name) is { } config
            ? (name, config)
            : throw new CloudError(404, "AddonNotFound", $"The component {name} is not installed.");
    }
}
