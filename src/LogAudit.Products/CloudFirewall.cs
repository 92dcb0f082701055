using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Traffic logs of Cloud Firewall: one firewall per account, whose log analysis is opened once and delivers each category of log by a switch of its own.</summary>
internal sealed class CloudFirewall(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string Analysis = "cloudfirewall.log-analysis";

    private readonly Switches switches = new(api, writing, facts);
    private readonly CloudFirewallDispatch dispatch = new(api);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [Analysis, CloudFirewallDispatch.Kind];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (
            var firewall in api.ResourcesAsync(facts, "firewalls", scope with { ResourceIds = null }, cancel)
        )
        {
            foreach (var site in IsOpen(firewall) ? await dispatch.SitesAsync(firewall, cancel) : [firewall])
            {
                if (scope.ResourceIds?.Contains(site.Id, StringComparer.Ordinal) is not false)
                {
                    yield return site;
                }
            }
        }
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.OfPropertiesAsync(kind, resources, one => Judge(kind, one), cancel);

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is Analysis ? switches.ReadAsync(setting, cancel) : dispatch.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        change.Setting.Kind is Analysis
            ? switches.WriteAsync(change, cancel)
            : writing.SwitchAsync(
                change,
                facts.Errors,
                dispatch.ReadAsync,
                (_, wanted) => CloudFirewallDispatch.Write(change.Setting, wanted),
                cancel
            );

    private Observed Judge(LogKind kind, ResourceRef firewall)
    {
        if (facts.Against(kind, firewall) is { } obstacle)
        {
            return firewall.Is(kind, obstacle);
        }

        // The name of a category is the value of log_type in its records.
        var category = kind.Topics[0];
        if (IsOpen(firewall) && !firewall.Properties.ContainsKey(category))
        {
            return firewall.Is(kind, new Observation.NotApplicable($"{firewall.Id} does not offer {category}"));
        }

        var open = IsOpen(firewall) ? null : switches.Fix(Analysis, firewall, switches.Off(Analysis));
        return firewall.IsAsFixed(kind, open, Deliver(firewall, category)) with
        {
            Lands = OwnProject.Lands(kind, firewall),
        };
    }

    private static SettingChange? Deliver(ResourceRef firewall, string category)
    {
        var present = CloudFirewallDispatch.StateOf(firewall.Properties.GetValueOrDefault(category, ""));
        var home = new RegionId(firewall.Properties["site"]);
        return CloudFirewallDispatch.On.Equals(present)
            ? null
            : new SettingChange(
                new SettingRef(CloudFirewallDispatch.Kind, firewall.Account, home, $"{firewall.Id}/{category}"),
                present,
                CloudFirewallDispatch.On,
                CloudFirewallDispatch.Why(category, firewall.Id, present)
            );
    }

    private static bool IsOpen(ResourceRef firewall) => firewall.Properties["analysis"] is "on";
}
