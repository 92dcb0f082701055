using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Security Center: one subscription per account and site, one switch per kind of log, all in a project that the product chooses.</summary>
internal sealed class Sas(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string LogSetting = "sas.log";
    private const string AnalysisSetting = "sas.log-analysis";

    private readonly SasSite site = new(api, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [LogSetting, AnalysisSetting];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (
            await site.SubscriptionAsync(scope.Account, scope.Region, cancel) is { } found
            && scope.ResourceIds?.Contains(found.Id, StringComparer.Ordinal) is not false
        )
        {
            yield return found;
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
        setting.Kind is AnalysisSetting ? State(await site.IsOpenAsync(setting, cancel) ? "open" : "closed")
        : await site.StatusOfAsync(setting, cancel) is { } status ? State(status)
        : null;

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (_, wanted) =>
                writing.SendAsync(
                    Switch(change.Setting, wanted?["status"] ?? "disabled"),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

    private Observed Judge(LogKind kind, ResourceRef subscription)
    {
        // The id of the switch is the topic of its records.
        var id = kind.Topics[0];
        if (Spec.Unmet(subscription) is { } unmet)
        {
            return subscription.Is(kind, unmet);
        }

        if (!subscription.Properties.TryGetValue(id, out var status))
        {
            return subscription.Is(kind, new Observation.NotApplicable($"Security Center does not list {id} here"));
        }

        var fixes = Fixes(subscription, id, status).ToArray();
        return subscription.Is(
            kind,
            fixes.Length == 0 ? new Observation.Enabled() : new Observation.Disabled(fixes[0].Why),
            fixes
        ) with
        {
            Lands = SasSite.PlaceOf(subscription),
        };
    }

    private static IEnumerable<SettingChange> Fixes(ResourceRef subscription, string id, string status)
    {
        var (account, region) = (subscription.Account, subscription.Region);
        if (subscription.Properties["open"] is not "yes")
        {
            var analysis = new SettingRef(AnalysisSetting, account, region, subscription.Id);
            yield return new SettingChange(
                analysis,
                State("closed"),
                State("open"),
                $"log analysis of {subscription.Id} is not opened"
            )
            {
                Reversal = Reversal.Cannot,
            };
        }

        if (status is not "enabled")
        {
            var log = new SettingRef(LogSetting, account, region, id);
            yield return new SettingChange(
                log,
                State(status),
                State("enabled"),
                $"{id} of {subscription.Id} is {status}"
            );
        }
    }

    private static ApiCall Switch(SettingRef setting, string status)
    {
        var call = SasSite.Call(
            setting.Kind is AnalysisSetting ? "ModifyOpenLogShipper" : "ModifyLogMetaStatus",
            setting.Account,
            setting.Region
        );
        return setting.Kind is AnalysisSetting
            ? call
            : call with
            {
                // Source of Project: the Terraform provider sends it with every kind.
                Parameters = call.Parameters.With("LogStore", setting.Id).With("Status", status).With("Project", "sas"),
            };
    }

    private static SettingState State(string status) => SettingState.Of(("status", status));
}
