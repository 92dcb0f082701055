using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Query logs of DNS. Each kind has resources of its own: VPCs with private zones, public domains, access domains of Global Traffic Manager.</summary>
internal sealed class Dns(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string GtmLog = "dns.gtm-log";
    private const string Kind = "dns.kind";

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [GtmLog];

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
                    yield return resource with
                    {
                        Properties = new Dictionary<string, string>(resource.Properties, StringComparer.Ordinal)
                        {
                            [Kind] = kind.Name,
                        },
                    };
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

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var all = new Scope(setting.Account, setting.Region, [setting.Id]);
        await foreach (var config in api.ResourcesAsync(facts, "gtm", all, cancel))
        {
            return State(Logging(config) ?? throw Silent());
        }

        return null;
    }

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) => SendAsync(change.Setting, wanted ?? State(on: false), cancel),
            cancel
        );

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
    private static Observed JudgeGtm(LogKind kind, ResourceRef config, bool on)
    {
        if (on)
        {
            return config.Is(
                kind,
                kind.Route.HasFlag(Routes.Policy) ? new Observation.Enabled() : ByHand.Off(kind, config)
            );
        }

        var why = $"queries of {config.Name} are not recorded";
        var setting = new SettingRef(GtmLog, config.Account, config.Region, config.Id);
        return config.Is(
            kind,
            new Observation.Disabled(why),
            new SettingChange(setting, State(on: false), State(on: true), why)
        );
    }

    private async Task<string> ServiceAsync(ResourceRef any, CancellationToken cancel)
    {
        const string action = "DescribeUserServiceStatus";
        var call = new ApiCall
        {
            Product = ApiProducts.PrivateZone,
            Action = action,
            Account = any.Account,
            Region = any.Region,
        };
        return (await api.CallAsync(call, cancel)).Need("Status", call.Product.Code, action);
    }

    private Task SendAsync(SettingRef setting, SettingState wanted, CancellationToken cancel) =>
        writing.SendAsync(
            new ApiCall
            {
                Product = ApiProducts.Alidns,
                Action = "SetCloudGtmInstanceConfigLogSwitch",
                Account = setting.Account,
                Region = setting.Region,
                Parameters = ApiParameters.Of(("ConfigId", setting.Id), ("Status", wanted["status"])),
            },
            facts.Errors,
            async stop => wanted.Equals(await ReadAsync(setting, stop)),
            cancel
        );

    private static bool IsOf(LogKind kind, ResourceRef resource) => resource.Properties[Kind].Same(kind.Name);

    // The two lists write the switch differently, and the documents show one value each.
    private bool? Logging(ResourceRef resource) =>
        resource.Properties.GetValueOrDefault("logging", "") is { Length: > 0 } word
            ? facts.Words["onWords"].Contains(word, StringComparer.OrdinalIgnoreCase)
            : null;

    private static SettingState State(bool on) => SettingState.Of(("status", on ? "enable" : "disable"));

    private OpenApiException Silent() =>
        Rows.Unreadable("Alidns", facts.Lists["gtm"].Action, "a row does not say whether its log is on");
}
