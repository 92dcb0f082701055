using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>A product whose data file says all: its logs are collected by collection policies, read by API or switched by a person, and nothing of its own is written.</summary>
internal sealed class DataProduct(OpenApiClient api, ProductFacts facts) : IProductHandler
{
    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [];

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
            offered =>
                Task.FromResult<IReadOnlyList<Observed>>([
                    .. offered.Select(resource =>
                        resource.Is(kind, Spec.Unmet(resource) ?? ByHand.StateOf(kind, resource))
                    ),
                ]),
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) => throw Foreign(setting);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => throw Foreign(change.Setting);

    private InvalidOperationException Foreign(SettingRef setting) =>
        new($"{setting} is no setting of {Spec.Title}, which has none that LogAudit writes.");
}
