using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Flow logs of VPCs: no more per region than the quota allows, none where an instance of an old family lives, all under a service that is opened once.</summary>
internal sealed class Vpc(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler,
        IDisposable
{
    private const string Service = "vpc.flow-log-service";

    private readonly Switches switches = new(api, writing, facts);
    private readonly Deliveries flowLogs = new(api, writing, facts);

    // Parallel writes of one account and region collide (TaskConflict, IncorrectStatus).
    private readonly Turns turns = new();

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [facts.Delivery!.Kind, Service];

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
            vpcs => JudgeAsync(kind, vpcs, flowLogs.Wanted(target), cancel),
            cancel
        );

    public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is Service ? switches.ReadAsync(setting, cancel) : flowLogs.ReadAsync(setting, cancel);

    public Task WriteAsync(SettingChange change, CancellationToken cancel) =>
        turns.WriteAsync(
            change.Setting,
            () =>
                change.Setting.Kind is Service
                    ? switches.WriteAsync(change, cancel)
                    : flowLogs.WriteAsync(change, cancel),
            cancel
        );

    public void Dispose() => turns.Dispose();

    private async Task<IReadOnlyList<Observed>> JudgeAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> vpcs,
        SettingState wanted,
        CancellationToken cancel
    )
    {
        var any = vpcs[0];
        var logs = await flowLogs.ListAsync(any.Account, any.Region, vpcs.Count == 1 ? any.Id : "", cancel);
        var (answers, missing) = (new List<Observed>(), new List<ResourceRef>());
        foreach (var vpc in vpcs)
        {
            if (await flowLogs.JudgeAsync(kind, vpc, logs, wanted, cancel) is { } answer)
            {
                answers.Add(answer);
            }
            else
            {
                missing.Add(vpc);
            }
        }

        // What follows costs calls, so it is asked only where a flow log is missing.
        if (missing.Count == 0)
        {
            return answers;
        }

        var all = vpcs.Count == 1 ? await flowLogs.ListAsync(any.Account, any.Region, "", cancel) : logs;
        var room = options.FlowLogsPerRegion - all.Count;
        var open = switches.Fix(Service, any, await switches.ReadAsync(switches.Of(Service, any), cancel));
        foreach (var vpc in missing)
        {
            var making = facts.Delivery!.Making(vpc, wanted);
            var against = facts.Against(kind, vpc) ?? await ExcludedAsync(vpc, cancel) ?? Full(making, room);
            room -= against is null ? 1 : 0;
            answers.Add(
                against is null
                    ? vpc.Is(kind, new Observation.Disabled(making.Why), open is null ? [making] : [open, making])
                    : vpc.Is(kind, against)
            );
        }

        return answers;
    }

    private Observation.Disabled? Full(SettingChange making, int room) =>
        room > 0
            ? null
            : new(
                $"{making.Why}, and the {options.FlowLogsPerRegion} flow logs of the quota are used in {making.Setting.Region}; "
                    + "raise it in Quota Center, then set vpc_flow_quota under collect:"
            );

    private async Task<Observation?> ExcludedAsync(ResourceRef vpc, CancellationToken cancel)
    {
        var list = facts.Lists["instances"];
        var call = list.Call.In(vpc.Account, vpc.Region, Holes.Of(vpc));
        await foreach (var row in api.RowsAsync(call, list.Paging, cancel))
        {
            var family = row.Need("InstanceTypeFamily", "Ecs", list.Action);
            if (facts.Words["excludedFamilies"].Contains(family, StringComparer.Ordinal))
            {
                var instance = $"{row.TextOf("InstanceId")} ({family})";
                return new Observation.NotApplicable($"{instance} is of a family that rules flow logs out for its VPC");
            }
        }

        return null;
    }
}
