using LogAudit.OpenApi;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Access logs of Classic Load Balancer: one attribute per load balancer, which names one project of its own account and region.</summary>
internal sealed class Slb(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler
{
    private const string AccessLog = "slb.access-log";

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [AccessLog];

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
                var present = await AttributesAsync(offered, cancel);
                var layer7 = offered.All(balancer => wanted.Equals(present.GetValueOrDefault(balancer.Id)))
                    ? []
                    : await LayerSevenAsync(offered, cancel);
                return
                [
                    .. offered.Select(balancer =>
                        Judge(kind, balancer, present.GetValueOrDefault(balancer.Id), wanted, layer7)
                    ),
                ];
            },
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var balancer = new ResourceRef
        {
            Product = Spec.Code,
            Account = setting.Account,
            Region = setting.Region,
            Id = setting.Id,
        };
        return (await AttributesAsync([balancer], cancel)).GetValueOrDefault(setting.Id);
    }

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (present, wanted) => ReplaceAsync(change.Setting, present, wanted, cancel),
            cancel
        );

    private async Task ReplaceAsync(
        SettingRef setting,
        SettingState? present,
        SettingState? wanted,
        CancellationToken cancel
    )
    {
        // The attribute cannot be overwritten: what is there goes first.
        if (present is not null)
        {
            await SendAsync("DeleteAccessLogsDownloadAttribute", setting, present, becomes: null, cancel);
        }

        if (wanted is not null)
        {
            await SendAsync("SetAccessLogsDownloadAttribute", setting, wanted, becomes: wanted, cancel);
        }
    }

    private Observed Judge(
        LogKind kind,
        ResourceRef balancer,
        SettingState? present,
        SettingState wanted,
        HashSet<string> layer7
    ) =>
        wanted.Equals(present) || layer7.Contains(balancer.Id)
            ? LogPlace.OfBalancer(kind, balancer, AccessLog, present, wanted, options.MayRedirect(Spec.Code))
            : balancer.Is(kind, new Observation.NotApplicable("it has no HTTP or HTTPS listener"));

    private async Task<Dictionary<string, SettingState>> AttributesAsync(
        IReadOnlyList<ResourceRef> balancers,
        CancellationToken cancel
    )
    {
        var list = facts.Lists["attributes"];
        var call = list.In(balancers[0].Account, balancers[0].Region);
        // One call lists a whole region; an event about one load balancer asks for that one.
        var only = balancers.Count == 1 ? balancers[0].Id : null;
        var rows = await api.AllAsync(
            call with
            {
                Parameters = call.Parameters.With("LoadBalancerId", only),
            },
            list.Paging,
            cancel
        );
        return rows.ToDictionary(
            row => Need(row, "LoadBalancerId"),
            row => LogPlace.State(Need(row, "LogProject"), Need(row, "LogStore")),
            StringComparer.Ordinal
        );

        string Need(JObject row, string path) => row.Need(path, list.Product.Code, list.Action);
    }

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

    private Task SendAsync(
        string action,
        SettingRef setting,
        SettingState named,
        SettingState? becomes,
        CancellationToken cancel
    )
    {
        var attribute = new JObject
        {
            ["LogProject"] = named["project"],
            ["LogStore"] = named["logstore"],
            ["LoadBalancerId"] = setting.Id,
        };
        var call = new ApiCall
        {
            Product = ApiProducts.Slb,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Parameters = ApiParameters.Of(
                ("RegionId", setting.Region.Value),
                ("LoadBalancerId", setting.Id),
                ("LogsDownloadAttributes", new JArray(attribute).ToString(Formatting.None))
            ),
        };
        return writing.SendAsync(
            call,
            facts.Errors,
            async stop => Equals(await ReadAsync(setting, stop), becomes),
            cancel
        );
    }
}
