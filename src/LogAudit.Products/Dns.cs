using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Query logs of DNS. Each kind has resources of its own: VPCs with private zones, public domains, access domains of Global Traffic Manager.</summary>
internal sealed class Dns(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string GtmLog = "dns.gtm-log";
    private const string Kind = "dns.kind";

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        // A list is named as the kind whose resources it holds; a VPC stands in it once for each of its zones.
        foreach (var kind in Spec.LogKinds)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var resource in api.ResourcesAsync(facts, kind.Name, scope, cancel))
            {
                if (seen.Add(resource.Id))
                {
                    yield return resource;
                }
            }
        }
    }

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
                var service =
                    kind.Name is "intranet" && offered.Any(resource => IsOf(kind, resource))
                        ? await ServiceAsync(offered[0], cancel)
                        : "";
                return [.. offered.Select(resource => Judge(kind, resource, service))];
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed Judge(LogKind kind, ResourceRef resource, string service) =>
        !IsOf(kind, resource)
            ? resource.Is(
                kind,
                new Observation.NotApplicable($"it has only a log of the kind {resource.Properties[Kind]}")
            )
        : kind.Name is "intranet"
            ? resource.Is(
                kind,
                service is "OPENED"
                    ? ByHand.StateOf(kind, resource)
                    : ByHand.Off(kind, $"PrivateZone of {resource.Account} is {service}")
            )
        : Logging(resource) is not { } on
            ? resource.Is(kind, new Observation.Unknown($"the list does not say whether {resource.Id} is analysed"))
        : kind.Name is "public"
            ? resource.Is(
                kind,
                on ? ByHand.StateOf(kind, resource) : ByHand.Off(kind, $"queries of {resource.Id} are not analysed")
            )
        : JudgeGtm(kind, resource, on);

    // The switch has the queries recorded; only a policy or a person has them delivered.
    private Observed JudgeGtm(LogKind kind, ResourceRef config, bool on) =>
        !on ? config.IsAsFixed(kind, switches.Fix(GtmLog, config, switches.Off(GtmLog)))
        : kind.Route.HasFlag(Routes.Policy) ? config.Is(kind, new Observation.Enabled())
        : config.Is(kind, ByHand.Off(kind, config));

    private async Task<string> ServiceAsync(ResourceRef any, CancellationToken cancel)
    {
        var call = new CallShape(ApiProducts.PrivateZone, "DescribeUserServiceStatus").In(any.Account, any.Region);
        return (await api.CallAsync(call, cancel)).Need("Status", call.Product.Code, call.Action);
    }

    private static bool IsOf(LogKind kind, ResourceRef resource) => resource.Properties[Kind].Same(kind.Name);

    private static bool? Logging(ResourceRef resource) =>
        resource.Properties.GetValueOrDefault("logging", "") is { Length: > 0 } word ? word is "enable" : null;
}
