using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>A region with Kubernetes clusters whose audit and components can be switched.</summary>
internal sealed class AckCloud
{
    private readonly Dictionary<string, JObject> audits = [];
    private readonly Lock gate = new();

    public AckCloud(params string[] clusters)
    {
        foreach (var id in clusters)
        {
            Clusters.Add(Cluster(id));
            audits[id] = new JObject { ["audit_enabled"] = false, ["sls_project_name"] = "" };
            Components[id] = new() { ["ack-node-problem-detector"] = """{"Retention":"keep"}""" };
        }

        Cloud
            .Exchanges.On("DescribeClustersForRegion", List)
            .On("GetClusterAuditProject", request => Locked(() => audits[IdOf(request)].DeepClone()))
            .On("UpdateClusterAuditLogConfig", UpdateAudit)
            .On("ListClusterAddonInstances", request => Locked(() => Addons(IdOf(request))))
            .On("GetClusterAddonInstance", request => Locked(() => Addon(request)))
            .On("ModifyClusterAddon", Modify);
    }

    public Cloud Cloud { get; } = new();

    public Exchanges Exchanges => Cloud.Exchanges;

    public List<JObject> Clusters { get; } = [];

    /// <summary>Configurations by component, by cluster.</summary>
    public Dictionary<string, Dictionary<string, string>> Components { get; } = [];

    /// <summary>State of every component.</summary>
    public string ComponentState { get; set; } = "active";

    public static JObject Cluster(string id, string state = "running", string type = "ManagedKubernetes") =>
        new()
        {
            ["cluster_id"] = id,
            ["name"] = $"name of {id}",
            ["cluster_type"] = type,
            ["profile"] = "Default",
            ["network_mode"] = "vpc",
            ["state"] = state,
            ["tags"] = new JArray(new JObject { ["key"] = "env", ["value"] = "prod" }),
        };

    public void Audit(string id, string project) =>
        audits[id] = new JObject { ["audit_enabled"] = true, ["sls_project_name"] = project };

    public Task<Dictionary<string, Observed>> ObserveAsync(string kind, Scope? scope = null) =>
        Cloud.ObserveAsync("ack", kind, Cloud.Target("k8s_log"), scope);

    private Reply List(SeenRequest request)
    {
        var (number, size) = (request.Number("page_number"), request.Number("page_size"));
        var rows = Clusters.Where(row =>
            request["cluster_id"] is "" || (string?)row["cluster_id"] == request["cluster_id"]
        );
        var page = new JObject
        {
            ["clusters"] = new JArray(rows.Skip((number - 1) * size).Take(size)),
            ["page_info"] = new JObject { ["total_count"] = rows.Count() },
        };
        return Reply.Json(page.ToString());
    }

    private Reply UpdateAudit(SeenRequest request) =>
        Locked(() =>
        {
            var body = Body(request);
            var disabled = (bool)body["disable"]!;
            audits[IdOf(request)] = new JObject
            {
                ["audit_enabled"] = !disabled,
                ["sls_project_name"] = disabled ? "" : body["sls_project_name"],
            };
            return new JObject { ["task_id"] = "T-1" };
        });

    private JObject Addons(string id) =>
        new()
        {
            ["addons"] = new JArray(
                Components[id].Keys.Select(name => new JObject { ["name"] = name, ["state"] = ComponentState })
            ),
        };

    private JObject Addon(SeenRequest request)
    {
        var name = request.Path.Split('/')[4];
        return new JObject { ["name"] = name, ["config"] = Components[IdOf(request)][name] };
    }

    private Reply Modify(SeenRequest request) =>
        Locked(() =>
        {
            Components[IdOf(request)][request.Path.Split('/')[4]] = (string)Body(request)["config"]!;
            return new JObject { ["task_id"] = "T-2" };
        });

    private Reply Locked(Func<JToken> answer)
    {
        lock (gate)
        {
            return Reply.Json(answer().ToString());
        }
    }

    private static JObject Body(SeenRequest request) =>
        JObject.Parse(System.Text.Encoding.UTF8.GetString(request.Body));

    private static string IdOf(SeenRequest request) => request.Path.Split('/')[2];
}
