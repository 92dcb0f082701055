using System.Runtime.CompilerServices;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Traffic logs of Cloud Firewall: one firewall per account, whose log analysis is opened once and delivers each category of log by a switch of its own, in log version 2 for each of two sites.</summary>
internal sealed class CloudFirewall(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string Analysis = "cloudfirewall.log-analysis";
    private const string Dispatch = "cloudfirewall.dispatch";

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (
            var firewall in api.ResourcesAsync(facts, "firewalls", scope with { ResourceIds = null }, cancel)
        )
        {
            foreach (var site in IsOpen(firewall) ? await SitesAsync(firewall, cancel) : [firewall])
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
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private Observed Judge(LogKind kind, ResourceRef firewall)
    {
        if (facts.Against(kind, firewall) is { } obstacle)
        {
            return firewall.Is(kind, obstacle);
        }

        // The name of a category is the value of log_type in its records, and its property its filter keys while it is on.
        var category = kind.Topics[0];
        if (IsOpen(firewall) && !firewall.Properties.ContainsKey(category))
        {
            return firewall.Is(kind, new Observation.NotApplicable($"{firewall.Id} does not offer {category}"));
        }

        var filters = firewall.Properties.GetValueOrDefault(category, "");
        var home = new RegionId(firewall.Properties["site"]);
        return firewall.IsAsFixed(
            kind,
            IsOpen(firewall) ? null : switches.Fix(Analysis, firewall, switches.Off(Analysis)),
            switches.Fix(
                new SettingRef(Dispatch, firewall.Account, home, $"{firewall.Id}/{category}"),
                SettingState.Of(("status", filters.Length > 0 ? "on" : "off"), ("filters", filters)),
                Holes.Of(firewall)
            )
        ) with
        {
            Lands = OwnProject.Lands(kind, firewall),
            KeptBy = IsOpen(firewall) ? KeptBy(firewall, home) : null,
        };
    }

    // One Logstore, or one for each site, which its region tells.
    private static SettingRef KeptBy(ResourceRef firewall, RegionId home)
    {
        var instance = firewall.Properties["instance.id"];
        var id = instance.Same(firewall.Id) ? instance : $"{instance}/{firewall.Properties["log.region"]}";
        return new SettingRef("cloudfirewall.own-days", firewall.Account, home, id);
    }

    /// <summary>The firewall, with log version 2 once for each of its sites, with the filter keys of each category and the Logstore as properties.</summary>
    private async Task<IEnumerable<ResourceRef>> SitesAsync(ResourceRef firewall, CancellationToken cancel)
    {
        const string describe = "DescribeBatchSlsDispatchStatus";
        var stores = await AnswersAsync("DescribeLogStoreInfo");
        return (await AnswersAsync(describe)).Select(answer =>
        {
            var site = answer.TextOf("Site");
            var store = stores.FirstOrDefault(one => site.Same(one.TextOf("Site"))) ?? [];
            var told = (answer["ItemList"] ?? new JArray())
                .Children<JObject>()
                .ToDictionary(
                    item => item.Need("DispatchValue", "Cloudfw", describe),
                    item => switches.StateOf(Dispatch, item)!["filters"],
                    StringComparer.Ordinal
                );
            told["log.region"] = store.TextOf("RegionId");
            told["log.project"] = store.TextOf("ProjectName");
            told["log.logstore"] = store.TextOf("LogStoreName");
            var id = site is "" or "global" ? firewall.Id : $"{firewall.Id}/{site}";
            var region = site is "intl" ? new RegionId("ap-southeast-1") : firewall.Region;
            return firewall.With(told) with { Region = region, Id = id, Name = id };
        });

        async Task<JObject[]> AnswersAsync(string action)
        {
            var call = new CallShape(ApiProducts.CloudFirewall, action).In(firewall.Account, firewall.Region);
            var answer = await api.CallAsync(call, cancel);
            return answer.TextOf("LogVersion") is "2" ? [.. answer["InfoList"]?.Children<JObject>() ?? []] : [answer];
        }
    }

    private static bool IsOpen(ResourceRef firewall) => firewall.Properties["analysis"] is "on";
}
