using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Logs of Security Center: one subscription per account and site, one switch per kind of log, all in a project that the product chooses.</summary>
internal sealed class Sas(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string LogSetting = "sas.log";
    private const string AnalysisSetting = "sas.log-analysis";

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var subscription in api.ResourcesAsync(facts, "subscriptions", scope, cancel))
        {
            yield return await WithLogsAsync(subscription, cancel);
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

    private Observed Judge(LogKind kind, ResourceRef subscription)
    {
        if (Spec.Unmet(subscription) is { } unmet)
        {
            return subscription.Is(kind, unmet);
        }

        // The id of the switch is the topic of its records.
        if (!subscription.Properties.TryGetValue(kind.Topics[0], out var status))
        {
            return subscription.Is(
                kind,
                new Observation.NotApplicable($"Security Center does not list {kind.Topics[0]} here")
            );
        }

        return subscription.IsAsFixed(
            kind,
            IsOpen(subscription) ? null : switches.Fix(AnalysisSetting, subscription, switches.Off(AnalysisSetting)),
            switches.Fix(LogSetting, subscription, SettingState.Of(("status", status)), kind)
        ) with
        {
            Lands = OwnProject.Lands(kind, subscription),
        };
    }

    /// <summary>The subscription with what it can log, the status of each log by its id, and where the logs are.</summary>
    private async Task<ResourceRef> WithLogsAsync(ResourceRef subscription, CancellationToken cancel)
    {
        var told = subscription.Properties;
        var paysAsItGoes = told["postpaid"] is "yes";
        var hasLogs = told["capacity"] is "yes" || paysAsItGoes;
        var properties = new Dictionary<string, string>(told, StringComparer.Ordinal)
        {
            // 1 is the free edition; pay-as-you-go log analysis does without another one.
            ["paid"] = told["version"] is not "1" || paysAsItGoes ? "true" : "false",
            ["bought"] = hasLogs ? "true" : "false",
        };
        if (!IsOpen(subscription))
        {
            // Before it is opened there is no project that could be broken.
            properties["project"] = "Normal";
        }

        var list = facts.Lists["logs"];
        var call = list.In(subscription.Account, subscription.Region);
        foreach (var log in hasLogs ? await api.AllAsync(call, list.Paging, cancel) : [])
        {
            properties[log.Need("LogStore", "Sas", list.Action)] = log.Need("Status", "Sas", list.Action);
            if (log.TextOf("UserProject") is { Length: > 0 } project)
            {
                properties["log.region"] = log.TextOf("UserRegion");
                properties["log.project"] = project;
                properties["log.logstore"] = log.TextOf("UserLogStore");
            }
        }

        return subscription with
        {
            Properties = properties,
        };
    }

    private static bool IsOpen(ResourceRef subscription) => subscription.Properties["open"] is "yes";
}
