using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Anti-DDoS: a switch per domain of Proxy (Pro in the mainland, Premium outside of it), and Origin instances, which only a person can switch.</summary>
internal sealed class Ddos(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly DdosProxy proxy = new(api, facts);
    private readonly DdosOrigin origin = new(api, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [DdosProxy.DomainLog];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Proxy has two sites; Origin answers at the hosts of more regions.
        var domains = facts.Words["proxySites"].Contains(scope.Region.Value, StringComparer.Ordinal)
            ? await proxy.ListAsync(scope, cancel)
            : [];
        foreach (var found in domains.Concat(await origin.ListAsync(scope, cancel)))
        {
            if (scope.ResourceIds?.Contains(found.Id, StringComparer.Ordinal) is not false)
            {
                yield return found;
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
                var form = kind.Name is "origin" ? DdosOrigin.Form : DdosProxy.Form;
                var isAsked = offered.Any(one => form.Same(one.Properties["form"]) && Spec.Unmet(one) is null);
                var on =
                    !isAsked ? []
                    : form is DdosOrigin.Form ? await origin.OnAsync(offered[0], cancel)
                    : await proxy.OnAsync(offered[0], cancel);
                return [.. offered.Select(one => Judge(kind, one, form, on))];
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        proxy.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) =>
                writing.SendAsync(
                    DdosProxy.Switch(change.Setting, wanted),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

    private Observed Judge(LogKind kind, ResourceRef one, string form, HashSet<string> on)
    {
        if (!form.Same(one.Properties["form"]))
        {
            return one.Is(kind, new Observation.NotApplicable($"it is of {one.Properties["form"]}, not of {form}"));
        }

        if (Spec.Unmet(one) is { } unmet)
        {
            return one.Is(kind, unmet);
        }

        if (on.Contains(one.Id))
        {
            return one.Is(kind, new Observation.Enabled());
        }

        if (form is DdosOrigin.Form)
        {
            return one.Is(
                kind,
                ByHand.Off(kind, $"mitigation analysis of {one.Id} is off, and no call switches it on")
            );
        }

        var why = $"log of {one.Id} is off";
        return one.Is(
            kind,
            new Observation.Disabled(why),
            new SettingChange(
                new SettingRef(DdosProxy.DomainLog, one.Account, one.Region, one.Id),
                DdosProxy.State(on: false),
                DdosProxy.State(on: true),
                why
            )
        );
    }
}
