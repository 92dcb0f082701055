using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>The two settings of a cluster that switch logs: the project of its API audit, and the project in the configuration of a component.</summary>
/// <remarks>Both states are one member, <c>project</c>; empty means off.</remarks>
internal sealed class AckCluster(OpenApiClient api, Writing writing, ProductFacts facts)
{
    /// <summary>Setting kind of the API audit; its id is the cluster.</summary>
    public const string AuditLog = "ack.audit-log";

    /// <summary>Setting kind of a component; its id is <c>cluster/component</c>.</summary>
    public const string Component = "ack.component";

    // Member of a component's configuration. Source: ACK, configuration of ack-node-problem-detector and logtail-ds.
    private const string ProjectKey = "sls_project_name";

    public static SettingRef AuditOf(ResourceRef cluster) => new(AuditLog, cluster.Account, cluster.Region, cluster.Id);

    public static SettingRef ComponentOf(ResourceRef cluster, string component) =>
        new(Component, cluster.Account, cluster.Region, $"{cluster.Id}/{component}");

    /// <summary>The project that ACK makes for a cluster, and the only one from which logs are carried on.</summary>
    public static string ProjectOf(string cluster) => $"k8s-log-{cluster}";

    /// <summary>The components of a cluster with their states.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ComponentsAsync(
        ResourceRef cluster,
        CancellationToken cancel
    )
    {
        const string action = "ListClusterAddonInstances";
        var answer = await api.CallAsync(Get(AuditOf(cluster), action, $"{cluster.Id}/addon_instances"), cancel);
        var rows =
            answer["addons"] as JArray ?? throw Rows.Unreadable("CS", action, "the answer has no list at addons");
        return rows.ToDictionary(
            row => row.Need("name", "CS", action),
            row => row.Need("state", "CS", action),
            StringComparer.Ordinal
        );
    }

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var project =
            setting.Kind is AuditLog
                ? await AuditProjectAsync(setting, cancel)
                : ProjectOf(await ConfigAsync(setting, cancel), setting);
        return SettingState.Of(("project", project));
    }

    public async Task SendAsync(SettingRef setting, SettingState wanted, CancellationToken cancel)
    {
        var call =
            setting.Kind is AuditLog
                ? Audit(setting, wanted["project"])
                : await ConfigureAsync(setting, wanted, cancel);
        await writing.SendAsync(call, facts.Errors, IsSoAsync, cancel);
        // Both work in a task of the cluster; the cluster is updating until it ends.
        await writing.WaitAsync(IsSoAsync, cancel);

        async Task<bool> IsSoAsync(CancellationToken stop) => wanted.Equals(await ReadAsync(setting, stop));
    }

    private static ApiCall Audit(SettingRef setting, string project)
    {
        var body = new JObject { ["disable"] = project.Length == 0 };
        if (project.Length > 0)
        {
            body[ProjectKey] = project;
        }

        return Call(setting, "PUT", "UpdateClusterAuditLogConfig", $"{setting.Id}/audit_log") with
        {
            Body = body,
        };
    }

    private async Task<ApiCall> ConfigureAsync(SettingRef setting, SettingState wanted, CancellationToken cancel)
    {
        var (cluster, component) = Parts(setting);
        var config = await ConfigAsync(setting, cancel);
        config[ProjectKey] = wanted["project"];
        return Call(setting, "POST", "ModifyClusterAddon", $"{cluster}/components/{component}/config") with
        {
            Body = new JObject { ["config"] = config.ToString(Formatting.None) },
        };
    }

    private async Task<string> AuditProjectAsync(SettingRef setting, CancellationToken cancel)
    {
        const string action = "GetClusterAuditProject";
        var answer = await api.CallAsync(Get(setting, action, $"{setting.Id}/audit"), cancel);
        return answer.Need("audit_enabled", "CS", action) is "true" ? answer.Need(ProjectKey, "CS", action) : "";
    }

    private async Task<JObject> ConfigAsync(SettingRef setting, CancellationToken cancel)
    {
        const string action = "GetClusterAddonInstance";
        var (cluster, component) = Parts(setting);
        var answer = await api.CallAsync(Get(setting, action, $"{cluster}/addon_instances/{component}"), cancel);
        try
        {
            return answer.TextOf("config") is { Length: > 0 } text ? JObject.Parse(text) : [];
        }
        catch (JsonException)
        {
            throw Rows.Unreadable("CS", action, $"the configuration of {component} is not JSON");
        }
    }

    // A component that counts only with a switch of its own writes nothing while that is off.
    private string ProjectOf(JObject config, SettingRef setting) =>
        facts.Words["switchedComponents"].Contains(Parts(setting).Component, StringComparer.Ordinal)
        && config.TextOf(facts.Words["componentSwitch"][0]) is not "true"
            ? ""
            : config.TextOf(ProjectKey);

    private static (string Cluster, string Component) Parts(SettingRef setting) =>
        setting.Id.Split('/') is [var cluster, var component]
            ? (cluster, component)
            : throw new InvalidOperationException($"{setting} does not name a cluster and a component.");

    private static ApiCall Get(SettingRef setting, string action, string path) => Call(setting, "GET", action, path);

    private static ApiCall Call(SettingRef setting, string method, string action, string path) =>
        new()
        {
            Product = ApiProducts.Cs,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Method = method,
            Path = $"/clusters/{path}",
        };
}
