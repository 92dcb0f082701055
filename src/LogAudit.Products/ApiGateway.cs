using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs of API Gateway: one slot for each account and region, which all API groups there write to.</summary>
/// <remarks>The slot is the resource; its id is the region's. It is never taken from another use.</remarks>
internal sealed class ApiGateway(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => switches.Kinds;

    /// <summary>The slot of the region, where it has an API group at all.</summary>
    public async IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var _ in api.ResourcesAsync(facts, scope with { ResourceIds = null }, cancel))
        {
            yield return new ResourceRef
            {
                Product = Spec.Code,
                Account = scope.Account,
                Region = scope.Region,
                Id = scope.Region.Value,
                Name = scope.Region.Value,
            };
            yield break;
        }
    }

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) =>
        Observing.EachAsync(
            kind,
            resources,
            async (slot, stop) =>
            {
                var setting = switches.Of("apigateway.log-slot", slot);
                return Judge(kind, slot, setting, await ReadAsync(setting, stop), LogPlace.Of(target));
            },
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        switches.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) => switches.WriteAsync(change, cancel);

    private static Observed Judge(
        LogKind kind,
        ResourceRef slot,
        SettingRef setting,
        SettingState? present,
        SettingState wanted
    )
    {
        if (present is null || (LogPlace.IsOurs(present) && !present.Equals(wanted)))
        {
            var why = present is null
                ? $"the log slot of {slot.Region} is empty"
                : $"the log slot of {slot.Region} goes to {LogPlace.Text(present)}";
            return slot.Is(kind, new Observation.Disabled(why), new SettingChange(setting, present, wanted, why));
        }

        if (present.Equals(wanted))
        {
            return slot.Is(kind, new Observation.Enabled());
        }

        var project = present["project"];
        // The product takes a project of the account and region only, so this is where it is.
        return kind.LandsIn.Any(pattern => new Wildcard(pattern).Matches(project))
            ? slot.Is(kind, new Observation.Enabled()) with
            {
                Lands = new(slot.Account, slot.Region, new ProjectName(project), new LogstoreName(present["logstore"])),
            }
            : slot.Is(
                kind,
                new Observation.Disabled(
                    $"the log slot of {slot.Region} goes to {LogPlace.Text(present)}, which is not ours, and a region has one slot"
                )
                {
                    Todo =
                        $"add {project} to {kind.LandsInVariable} under collect: and bootstrap again, and the logs are carried on from there; or empty the slot",
                }
            );
    }
}
