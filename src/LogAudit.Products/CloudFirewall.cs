using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Traffic logs of Cloud Firewall: one firewall per account, whose log analysis is opened once and delivers each category of log by a switch of its own.</summary>
internal sealed class CloudFirewall(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly CloudFirewallSite site = new(api, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [CloudFirewallSite.Analysis, CloudFirewallSite.Dispatch];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var firewall in await site.FirewallsAsync(scope.Account, scope.Region, cancel))
        {
            if (scope.ResourceIds?.Contains(firewall.Id, StringComparer.Ordinal) is not false)
            {
                yield return firewall;
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
            offered => Task.FromResult<IReadOnlyList<Observed>>([.. offered.Select(one => Judge(kind, one))]),
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is CloudFirewallSite.Analysis
            ? await site.AnalysisAsync(setting.Account, setting.Region, cancel)
            : await site.DispatchAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) =>
                writing.SendAsync(
                    CloudFirewallSite.Write(change.Setting, wanted),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

    private Observed Judge(LogKind kind, ResourceRef firewall)
    {
        if (Spec.Unmet(firewall) is { } unmet)
        {
            return firewall.Is(kind, unmet);
        }

        // The name of a category is the value of log_type in its records.
        var category = kind.Topics[0];
        var isOpen = firewall.Properties["analysis"] is "on";
        if (isOpen && !firewall.Properties.ContainsKey(category))
        {
            return firewall.Is(kind, new Observation.NotApplicable($"{firewall.Id} does not offer {category}"));
        }

        var fixes = Fixes(firewall, category, isOpen).ToArray();
        return firewall.Is(
            kind,
            fixes.Length == 0 ? new Observation.Enabled() : new Observation.Disabled(fixes[0].Why),
            fixes
        ) with
        {
            Lands = firewall.Properties["place"].Split('/') is [var region, var project, var logstore]
                ? OwnProject.Lands(kind, firewall, region, project, logstore)
                : null,
        };
    }

    private static IEnumerable<SettingChange> Fixes(ResourceRef firewall, string category, bool isOpen)
    {
        var (account, region) = (firewall.Account, new RegionId(firewall.Properties["site"]));
        if (!isOpen)
        {
            yield return new SettingChange(
                new SettingRef(CloudFirewallSite.Analysis, account, region, firewall.Properties["instance.id"]),
                CloudFirewallSite.Off,
                CloudFirewallSite.On,
                $"log analysis of {firewall.Id} is not opened"
            )
            {
                Reversal = Reversal.Cannot,
            };
        }

        var present = CloudFirewallSite.StateOf(firewall.Properties.GetValueOrDefault(category, ""));
        if (!CloudFirewallSite.On.Equals(present))
        {
            yield return new SettingChange(
                new SettingRef(CloudFirewallSite.Dispatch, account, region, $"{firewall.Id}/{category}"),
                present,
                CloudFirewallSite.On,
                present["filters"] is { Length: > 0 } some and not CloudFirewallSite.Everything
                    ? $"{category} of {firewall.Id} delivers only {some}"
                    : $"{category} of {firewall.Id} is off"
            );
        }
    }
}
