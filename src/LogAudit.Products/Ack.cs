using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Kubernetes clusters: the API audit is a setting of the cluster, events and ingress come from components in it; all land in the cluster's own project.</summary>
internal sealed class Ack(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string AuditLog = "ack.audit-log";
    private const string Component = "ack.component";

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.EachAsync(kind, resources, (cluster, stop) => JudgeAsync(kind, cluster, stop), cancel);

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private async Task<Observed> JudgeAsync(LogKind kind, ResourceRef cluster, CancellationToken cancel)
    {
        if (facts.Against(kind, cluster) is { } obstacle)
        {
            return cluster.Is(kind, obstacle);
        }

        var judged = kind.Name is "audit"
            ? Judge(kind, cluster, AuditLog, (await RowAsync(AuditLog, cluster, cancel)).State)
            : await JudgeComponentAsync(kind, cluster, cancel);
        return judged with { Resource = cluster, Lands = Landing(kind, cluster) };
    }

    private async Task<Observed> JudgeComponentAsync(LogKind kind, ResourceRef cluster, CancellationToken cancel)
    {
        var list = facts.Lists["components"];
        var call = list.Call.In(cluster.Account, cluster.Region, Holes.Of(cluster));
        var installed = (await api.AllAsync(call, list.Paging, cancel)).ToDictionary(
            row => row.Need("name", list.Product.Code, list.Action),
            row => row.Need("state", list.Product.Code, list.Action),
            StringComparer.Ordinal
        );
        var (sources, writers) = (Words(kind, "Source"), Words(kind, "Component"));
        if (sources.Count > 0 && !sources.Any(installed.ContainsKey))
        {
            return cluster.Is(kind, new Observation.NotApplicable($"it has no {string.Join(" or ", sources)}"));
        }

        if (writers.FirstOrDefault(installed.ContainsKey) is not { } component)
        {
            return cluster.Is(kind, ByHand.Off(kind, $"{cluster.Id} has no component {string.Join(" or ", writers)}"));
        }

        if (installed[component] is not "active" and var state)
        {
            return cluster.Is(
                kind,
                new Observation.Unknown($"{component} of {cluster.Id} is {state}", LookAgain: true)
            );
        }

        var one = cluster.With(new Dictionary<string, string>(StringComparer.Ordinal) { ["component"] = component });
        var (present, told) = await RowAsync(Component, one, cancel);
        // A component that counts only with a switch of its own writes nothing while that is off.
        var isOff = Words(kind, "Switch").Any(name => told.TextOf(name) is not "true");
        return Judge(kind, one, Component, isOff ? switches.Off(Component) : present);
    }

    private Observed Judge(LogKind kind, ResourceRef cluster, string setting, SettingState? present)
    {
        if (switches.Fix(setting, cluster, present, kind) is not { } fix)
        {
            return cluster.Is(kind, new Observation.Enabled());
        }

        if (present?["project"] is { Length: > 0 } project)
        {
            var own = fix.To!["project"];
            return cluster.Is(
                kind,
                new Observation.Disabled($"{kind.Name} log of {cluster.Id} goes to {project}, not to {own}")
                {
                    Todo =
                        $"move it to the project {own} in the console of the cluster; logs are carried on from there only",
                }
            );
        }

        // The ingress log also needs an object in the cluster, which no call of the service makes.
        return kind.Name is "ingress" ? cluster.Is(kind, ByHand.Off(kind, fix.Why)) : cluster.IsAsFixed(kind, fix);
    }

    private async Task<SwitchRow> RowAsync(string setting, ResourceRef cluster, CancellationToken cancel) =>
        (await switches.ReadAsync(setting, [cluster], cancel))[cluster.Id];

    private IReadOnlyList<string> Words(LogKind kind, string what) =>
        facts.Words.GetValueOrDefault($"{kind.Name}{what}", []);

    private LogTarget Landing(LogKind kind, ResourceRef cluster) =>
        new(
            cluster.Account,
            cluster.Region,
            new ProjectName(Holes.Fill(facts.Words["project"][0], Holes.Of(cluster))),
            new LogstoreName(Holes.Fill(Words(kind, "Logstore")[0], Holes.Of(cluster)))
        );
}
