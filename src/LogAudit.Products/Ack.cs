using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Kubernetes clusters: the API audit is a setting of the cluster, events and ingress come from components in it; all land in the cluster's own project.</summary>
internal sealed class Ack(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly AckCluster clusters = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [AckCluster.AuditLog, AckCluster.Component];

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (cluster, stop) => JudgeAsync(kind, cluster, stop), cancel);

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        clusters.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) =>
                clusters.SendAsync(
                    change.Setting,
                    wanted ?? throw new InvalidOperationException($"{change.Setting} cannot be removed, only emptied."),
                    cancel
                ),
            cancel
        );

    private async Task<Observed> JudgeAsync(LogKind kind, ResourceRef cluster, CancellationToken cancel)
    {
        if (facts.Against(kind, cluster) is { } obstacle)
        {
            return cluster.Is(kind, obstacle);
        }

        var judged = kind.Name is "audit"
            ? Judge(kind, cluster, AckCluster.AuditOf(cluster), await AuditAsync(cluster, cancel), mendable: true)
            : await JudgeComponentAsync(kind, cluster, cancel);
        return judged with { Lands = Landing(kind, cluster) };
    }

    private Task<SettingState?> AuditAsync(ResourceRef cluster, CancellationToken cancel) =>
        clusters.ReadAsync(AckCluster.AuditOf(cluster), cancel);

    private async Task<Observed> JudgeComponentAsync(LogKind kind, ResourceRef cluster, CancellationToken cancel)
    {
        var installed = await clusters.ComponentsAsync(cluster, cancel);
        if (facts.Words.TryGetValue($"{kind.Name}Source", out var sources) && !sources.Any(installed.ContainsKey))
        {
            return cluster.Is(kind, new Observation.NotApplicable($"it has no {string.Join(" or ", sources)}"));
        }

        var writers = facts.Words[$"{kind.Name}Component"];
        if (writers.FirstOrDefault(installed.ContainsKey) is not { } component)
        {
            return cluster.Is(kind, ByHand.Off(kind, $"{cluster.Id} has no component {string.Join(" or ", writers)}"));
        }

        if (installed[component] is not "active")
        {
            return cluster.Is(
                kind,
                new Observation.Unknown($"{component} of {cluster.Id} is {installed[component]}", LookAgain: true)
            );
        }

        var setting = AckCluster.ComponentOf(cluster, component);
        // The ingress log also needs an object in the cluster, which no call of the service makes.
        return Judge(kind, cluster, setting, await clusters.ReadAsync(setting, cancel), mendable: kind.Name is "event");
    }

    private static Observed Judge(
        LogKind kind,
        ResourceRef cluster,
        SettingRef setting,
        SettingState? present,
        bool mendable
    )
    {
        var own = AckCluster.ProjectOf(cluster.Id);
        var (project, why) = (present?["project"] ?? "", $"{kind.Name} log of {cluster.Id} is off");
        return project.Same(own) ? cluster.Is(kind, new Observation.Enabled())
            : project.Length > 0
                ? cluster.Is(
                    kind,
                    new Observation.Disabled($"{kind.Name} log of {cluster.Id} goes to {project}, not to {own}")
                    {
                        Todo =
                            $"move it to the project {own} in the console of the cluster; logs are carried on from there only",
                    }
                )
            : mendable
                ? cluster.Is(
                    kind,
                    new Observation.Disabled(why),
                    new SettingChange(setting, present, SettingState.Of(("project", own)), why)
                )
            : cluster.Is(kind, ByHand.Off(kind, why));
    }

    private LogTarget Landing(LogKind kind, ResourceRef cluster) =>
        new(
            cluster.Account,
            cluster.Region,
            new ProjectName(AckCluster.ProjectOf(cluster.Id)),
            new LogstoreName(
                facts.Words[$"{kind.Name}Logstore"][0].Replace("{cluster}", cluster.Id, StringComparison.Ordinal)
            )
        );
}
