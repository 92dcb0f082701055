using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access and attack logs of Web Application Firewall: a log service per instance, and a switch per protected object (3.0) or domain (2.0).</summary>
internal sealed class Waf(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly WafInstance instances = new(api, facts);
    private readonly WafDomains domains = new(api, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [WafLog.Service, WafLog.OfObject, WafLog.OfDomain];

    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Neither list can be asked for one object, so an event about one reads the list of its site.
        foreach (var found in (await instances.ListAsync(scope, cancel)).Concat(await domains.ListAsync(scope, cancel)))
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
                var answers = new List<Observed>();
                foreach (var instance in offered.GroupBy(one => one.Properties["instance.id"], StringComparer.Ordinal))
                {
                    var ready = instance.Where(WafLog.IsOpen).Where(one => Spec.Unmet(one) is null).ToArray();
                    var on = await OnAsync(ready, cancel);
                    answers.AddRange(instance.Select(one => Judge(kind, one, on)));
                }

                return answers;
            },
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is WafLog.Service ? await instances.ServiceAsync(setting, cancel)
        : setting.Kind is WafLog.OfDomain ? await domains.ReadAsync(setting, cancel)
        : await instances.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            async (_, wanted) =>
            {
                var on = WafLog.State(on: true).Equals(wanted);
                await writing.SendAsync(
                    change.Setting.Kind is WafLog.Service ? WafInstance.Open(change.Setting, on)
                        : change.Setting.Kind is WafLog.OfDomain ? WafDomains.Switch(change.Setting, on)
                        : WafInstance.Switch(change.Setting, on),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                );
                // The log service opens in the background, and no object can be switched before it has.
                await writing.WaitAsync(async stop => Equals(await ReadAsync(change.Setting, stop), wanted), cancel);
            },
            cancel
        );

    private Task<IReadOnlyDictionary<string, bool>> OnAsync(ResourceRef[] ready, CancellationToken cancel) =>
        ready.Length == 0
            ? Task.FromResult<IReadOnlyDictionary<string, bool>>(new Dictionary<string, bool>(StringComparer.Ordinal))
        : ready[0].Properties["generation"] is "2.0" ? domains.OnAsync(ready, cancel)
        : instances.OnAsync(ready, cancel);

    private Observed Judge(LogKind kind, ResourceRef one, IReadOnlyDictionary<string, bool> on)
    {
        if ((Spec.Unmet(one) ?? WafLog.NotReady(one)) is { } obstacle)
        {
            return one.Is(kind, obstacle);
        }

        if (WafLog.IsOpen(one) && !on.ContainsKey(one.Id))
        {
            return one.Is(kind, new Observation.Unknown($"the answer does not tell whether {one.Id} logs"));
        }

        var fixes = WafLog.Fixes(one, on.GetValueOrDefault(one.Id)).ToArray();
        return one.Is(
            kind,
            fixes.Length > 0
                ? new Observation.Disabled(fixes[0].Why)
                : WafLog.Sampled(one) ?? (Observation)new Observation.Enabled(),
            fixes
        ) with
        {
            Lands = one.Properties["place"].Split('/') is [var region, var project, var logstore]
                ? OwnProject.Lands(kind, one, region, project, logstore)
                : null,
        };
    }
}
