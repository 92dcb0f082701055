using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Anti-DDoS: a switch per domain of Proxy (Pro in the mainland, Premium outside of it), and Origin instances, which only a person can switch.</summary>
internal sealed class Ddos(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string DomainLog = "ddos.domain-log";

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, "domains", scope, cancel)
            .Concat(api.ResourcesAsync(facts, "instances", scope, cancel));

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
                var ready = offered.Where(one => facts.Against(kind, one) is null).ToArray();
                var isOrigin = kind.Name is "origin";
                var on =
                    ready.Length == 0 ? []
                    : isOrigin ? await OriginsAsync(ready[0], cancel)
                    : await DomainsAsync(ready, cancel);
                return [.. offered.Select(one => Judge(kind, one, isOrigin, on.Contains(one.Id)))];
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed Judge(LogKind kind, ResourceRef one, bool isOrigin, bool isOn) =>
        facts.Against(kind, one) is { } obstacle ? one.Is(kind, obstacle)
        : isOrigin
            ? one.Is(
                kind,
                isOn
                    ? new Observation.Enabled()
                    : ByHand.Off(kind, $"mitigation analysis of {one.Id} is off, and no call switches it on")
            )
        : one.IsAsFixed(kind, isOn ? null : switches.Fix(DomainLog, one, switches.Off(DomainLog))) with
        {
            KeptBy = switches.Of("ddos.own-days", one),
        };

    // A domain that is not listed is off.
    private async Task<HashSet<string>> DomainsAsync(ResourceRef[] domains, CancellationToken cancel) =>
        (await switches.ReadAsync(DomainLog, domains, cancel))
            .Where(one => switches.IsOn(DomainLog, one.Value.State))
            .Select(one => one.Key)
            .ToHashSet(StringComparer.Ordinal);

    // And so is an instance.
    private async Task<HashSet<string>> OriginsAsync(ResourceRef any, CancellationToken cancel)
    {
        var list = facts.Lists["opened"];
        return (await api.AllAsync(list.In(any.Account, any.Region), list.Paging, cancel))
            .Where(row => row.Need("Enable", list.Product.Code, list.Action) is "true")
            .Select(row => row.Need("InstanceId", list.Product.Code, list.Action))
            .ToHashSet(StringComparer.Ordinal);
    }
}
