using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs of Application Load Balancer: one place per load balancer, told by the list itself and switched by jobs of the service.</summary>
internal sealed class Alb(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler
{
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
    ) =>
        Observing.EachAsync(
            kind,
            resources,
            (balancer, _) => Task.FromResult(Judge(kind, balancer, LogPlace.Of(target))),
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed Judge(LogKind kind, ResourceRef balancer, SettingState wanted)
    {
        if (facts.Against(kind, balancer) is { } obstacle)
        {
            return balancer.Is(kind, obstacle);
        }

        var told = balancer.Properties;
        var present = LogPlace.Read(told["log.project"], told["log.logstore"], "Alb", "ListLoadBalancers");
        return LogPlace.OfBalancer(
            kind,
            switches.Of("alb.access-log", balancer),
            balancer,
            present,
            wanted,
            options.MayRedirect(Spec.Code)
        );
    }
}
