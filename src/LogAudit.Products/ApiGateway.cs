using System.Runtime.CompilerServices;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Access logs of API Gateway: one slot for each account and region, which all API groups there write to.</summary>
/// <remarks>The slot is the resource; its id is the region's. It is never taken from another use.</remarks>
internal sealed class ApiGateway(OpenApiClient api, Writing writing, ProductFacts facts) : IProductHandler
{
    private const string LogSlot = "apigateway.log-slot";

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [LogSlot];

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
                var setting = new SettingRef(LogSlot, slot.Account, slot.Region, slot.Id);
                return Judge(kind, slot, setting, await ReadAsync(setting, stop), LogPlace.Of(target));
            },
            cancel
        );

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel)
    {
        var list = facts.Lists["slot"];
        var rows = await api.AllAsync(list.In(setting.Account, setting.Region), list.Paging, cancel);
        return rows.Count == 0
            ? null
            : LogPlace.State(
                rows[0].Need("SlsProject", list.Product.Code, list.Action),
                rows[0].Need("SlsLogStore", list.Product.Code, list.Action)
            );
    }

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        Switching.WriteAsync(
            change,
            ReadAsync,
            (present, wanted) =>
                writing.SendAsync(
                    Call(change.Setting, present, wanted),
                    facts.Errors,
                    async stop => Equals(await ReadAsync(change.Setting, stop), wanted),
                    cancel
                ),
            cancel
        );

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

    private static ApiCall Call(SettingRef setting, SettingState? present, SettingState? wanted)
    {
        var (action, parameters) = (present, wanted) switch
        {
            (_, null) => ("DeleteLogConfig", ApiParameters.None),
            (null, _) => ("CreateLogConfig", ApiParameters.Of(("CreateSlr", "true"))),
            _ => ("ModifyLogConfig", ApiParameters.None),
        };
        return new()
        {
            Product = ApiProducts.ApiGateway,
            Action = action,
            Account = setting.Account,
            Region = setting.Region,
            Parameters = parameters
                .With("LogType", "PROVIDER")
                .With("SlsProject", wanted?["project"])
                .With("SlsLogStore", wanted?["logstore"]),
        };
    }
}
