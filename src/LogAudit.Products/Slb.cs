using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs of Classic Load Balancer: one attribute per load balancer, which names one project of its own account and region.</summary>
internal sealed class Slb(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler
{
    private const string AccessLog = "slb.access-log";

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
        Observing.TogetherAsync(
            kind,
            resources,
            async offered =>
            {
                var wanted = LogPlace.Of(target);
                var present = await switches.ReadAsync(AccessLog, offered, cancel);
                var layer7 = offered.All(balancer => wanted.Equals(present.GetValueOrDefault(balancer.Id).State))
                    ? []
                    : await LayerSevenAsync(offered, cancel);
                return
                [
                    .. offered.Select(balancer =>
                        Judge(kind, balancer, present.GetValueOrDefault(balancer.Id).State, wanted, layer7)
                    ),
                ];
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed Judge(
        LogKind kind,
        ResourceRef balancer,
        SettingState? present,
        SettingState wanted,
        HashSet<string> layer7
    ) =>
        wanted.Equals(present) || layer7.Contains(balancer.Id)
            ? LogPlace.OfBalancer(
                kind,
                switches.Of(AccessLog, balancer),
                balancer,
                present,
                wanted,
                options.MayRedirect(Spec.Code)
            )
            : balancer.Is(kind, new Observation.NotApplicable("it has no HTTP or HTTPS listener"));

    private async Task<HashSet<string>> LayerSevenAsync(IReadOnlyList<ResourceRef> balancers, CancellationToken cancel)
    {
        var list = facts.Lists["listeners"];
        var call = list.In(balancers[0].Account, balancers[0].Region);
        var rows = await api.AllAsync(
            balancers.Count > 1
                ? call
                : call with
                {
                    Parameters = call.Parameters.WithList("LoadBalancerId", [balancers[0].Id]),
                },
            list.Paging,
            cancel
        );
        return rows.Where(row => row.Need("ListenerProtocol", list.Product.Code, list.Action) is "http" or "https")
            .Select(row => row.Need("LoadBalancerId", list.Product.Code, list.Action))
            .ToHashSet(StringComparer.Ordinal);
    }
}
