using System.Collections.Concurrent;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>Flow logs of VPCs: objects of their own, made and started asynchronously, not idempotent, at most ten per region unless the quota was raised.</summary>
/// <remarks>Ours are called <c>logaudit-&lt;vpc id&gt;</c>, so that a create whose answer was lost is found again. A flow log under another
/// name that delivers to our place counts too; its setting is named by <c>vpc id/flow log id</c>.</remarks>
internal sealed class Vpc(OpenApiClient api, Writing writing, ProductFacts facts, ProductOptions options)
    : IProductHandler,
        IDisposable
{
    private const string FlowLogSetting = "vpc.flow-log";
    private const string ServiceSetting = "vpc.flow-log-service";

    // Parallel writes of one account and region collide (TaskConflict, IncorrectStatus): they take turns.
    private readonly ConcurrentDictionary<(AccountId, RegionId), SemaphoreSlim> turns = new();

    private readonly Switches switches = new(api, writing, facts);

    public ProductSpec Spec => facts.Spec;

    public IReadOnlyCollection<string> SettingKinds => [FlowLogSetting, ServiceSetting];

    public IAsyncEnumerable<ResourceRef> ListAsync(Scope scope, CancellationToken cancel) =>
        api.ResourcesAsync(facts, scope, cancel);

    public IAsyncEnumerable<Observed> ObserveAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> resources,
        LogTarget target,
        CancellationToken cancel
    ) => Observing.TogetherAsync(kind, resources, vpcs => JudgeAsync(kind, vpcs, target, cancel), cancel);

    public async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
        setting.Kind is ServiceSetting
            ? await switches.ReadAsync(setting, cancel)
            : (await FindAsync(setting, cancel))?.State;

    public async Task WriteAsync(SettingChange change, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd((change.Setting.Account, change.Setting.Region), _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            await (
                change.Setting.Kind is ServiceSetting
                    ? switches.WriteAsync(change, cancel)
                    : WriteFlowLogAsync(change, cancel)
            );
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in turns.Values)
        {
            turn.Dispose();
        }
    }

    private async Task<IReadOnlyList<Observed>> JudgeAsync(
        LogKind kind,
        IReadOnlyList<ResourceRef> vpcs,
        LogTarget target,
        CancellationToken cancel
    )
    {
        var (account, region) = (vpcs[0].Account, vpcs[0].Region);
        var logs = await FlowLogsAsync(account, region, vpcs.Count == 1 ? vpcs[0].Id : null, cancel);
        var observed = vpcs.Select(vpc =>
                (Vpc: vpc, Answer: FlowLogJudgement.Of(kind, vpc, logs.Where(log => log.VpcId.Same(vpc.Id)), target))
            )
            .ToList();
        var missing = observed.Where(pair => pair.Answer is null).Select(pair => pair.Vpc).ToArray();
        var answers = observed.Select(pair => pair.Answer).OfType<Observed>().ToList();
        if (missing.Length == 0)
        {
            return answers;
        }

        // What follows costs a call or more per VPC, so it is asked only for those that have no flow log.
        var used = vpcs.Count == 1 ? (await FlowLogsAsync(account, region, null, cancel)).Count : logs.Count;
        var service = switches.Of(ServiceSetting, missing[0]);
        var open = switches.Fix(service, await switches.ReadAsync(service, cancel));
        foreach (var vpc in missing)
        {
            var answer = await JudgeMissingAsync(
                kind,
                vpc,
                target,
                open,
                room: options.FlowLogsPerRegion - used,
                cancel
            );
            used += answer.Fixes.Count > 0 ? 1 : 0;
            answers.Add(answer);
        }

        return answers;
    }

    private async Task<Observed> JudgeMissingAsync(
        LogKind kind,
        ResourceRef vpc,
        LogTarget target,
        SettingChange? open,
        int room,
        CancellationToken cancel
    )
    {
        if (vpc.Properties.GetValueOrDefault("status") is "Pending")
        {
            return vpc.Is(kind, new Observation.Unknown($"{vpc.Id} is still being created", LookAgain: true));
        }

        if (await ExcludedInstanceAsync(vpc, cancel) is { } instance)
        {
            return vpc.Is(
                kind,
                new Observation.NotApplicable($"{instance} is of a family that rules flow logs out for its VPC")
            );
        }

        var why = $"{vpc.Id} has no flow log to {target}";
        if (room <= 0)
        {
            return vpc.Is(
                kind,
                new Observation.Disabled(
                    $"{why}, and the {options.FlowLogsPerRegion} flow logs of the quota are used in {vpc.Region}; "
                        + "raise it in Quota Center, then set vpc_flow_quota under collect:"
                )
            );
        }

        var create = new SettingChange(
            new SettingRef(FlowLogSetting, vpc.Account, vpc.Region, vpc.Id),
            null,
            FlowLog.Wanted(target),
            why
        );
        return vpc.Is(kind, new Observation.Disabled(why), open is null ? [create] : [open, create]);
    }

    private async Task WriteFlowLogAsync(SettingChange change, CancellationToken cancel)
    {
        var present = await FindAsync(change.Setting, cancel);
        if (Equals(present?.State, change.To))
        {
            return;
        }

        if (present is not null && present.IsOnTheWayTo(change.To))
        {
            // Another run asked for the same: there is only the end to wait for.
        }
        else if (!Equals(present?.State, change.From))
        {
            throw new SettingMovedException(change, present?.State);
        }
        else if (present is null)
        {
            await SendAsync(FlowLog.Create(change.Setting, change.To!), change, log => log is not null, cancel);
        }
        else if (change.To is not { } to)
        {
            await DeleteAsync(change.Setting, cancel);
        }
        else
        {
            await ChangeAsync(present, to, change, cancel);
        }

        // The call is only accepted; the cloud shows it seconds later.
        await writing.WaitAsync(
            async stop => Equals((await FindAsync(change.Setting, stop))?.State, change.To),
            cancel
        );
    }

    /// <summary>Deletes the flow log, and with ours its twins.</summary>
    private async Task DeleteAsync(SettingRef setting, CancellationToken cancel)
    {
        foreach (var log in await FindAllAsync(setting, cancel))
        {
            await writing.SendAsync(
                log.Call("DeleteFlowLog"),
                facts.Errors,
                async stop => (await FindAllAsync(setting, stop)).All(left => !left.Id.Same(log.Id)),
                cancel
            );
        }
    }

    private async Task ChangeAsync(FlowLog present, SettingState to, SettingChange change, CancellationToken cancel)
    {
        if (present.MustBeMadeAnew(to))
        {
            throw new InvalidOperationException(
                $"{change.Setting} cannot be brought from [{present.State}] to [{to}]: the destination and the traffic of a flow log "
                    + "are fixed; delete it and create it anew, as two changes."
            );
        }

        if (!present.State["aggregationInterval"].Same(to["aggregationInterval"]))
        {
            var modify = present.Call("ModifyFlowLogAttribute", ("AggregationInterval", to["aggregationInterval"]));
            await SendAsync(
                modify,
                change,
                log => to["aggregationInterval"].Same(log?.State["aggregationInterval"]),
                cancel
            );
        }

        if (!present.State["status"].Same(to["status"]))
        {
            var call = present.Call(to["status"] is FlowLog.Active ? "ActiveFlowLog" : "DeactiveFlowLog");
            await SendAsync(call, change, log => to["status"].Same(log?.State["status"]), cancel);
        }
    }

    private Task SendAsync(ApiCall call, SettingChange change, Func<FlowLog?, bool> isSo, CancellationToken cancel) =>
        writing.SendAsync(call, facts.Errors, async stop => isSo(await FindAsync(change.Setting, stop)), cancel);

    private async Task<FlowLog?> FindAsync(SettingRef setting, CancellationToken cancel) =>
        await FindAllAsync(setting, cancel) is [var first, ..] ? first : null;

    /// <summary>The flow log of a setting. Two of ours are there when two runs created it at once; the first is the one that stays.</summary>
    private async Task<IReadOnlyList<FlowLog>> FindAllAsync(SettingRef setting, CancellationToken cancel)
    {
        var parts = setting.Id.Split('/');
        var logs = await FlowLogsAsync(setting.Account, setting.Region, parts[0], cancel);
        return parts.Length == 2
            ? [.. logs.Where(log => log.Id.Same(parts[1]))]
            : FlowLogJudgement.Ours(parts[0], logs);
    }

    private async Task<IReadOnlyList<FlowLog>> FlowLogsAsync(
        AccountId account,
        RegionId region,
        string? vpcId,
        CancellationToken cancel
    )
    {
        var list = facts.Lists["flowLogs"];
        var call = list.In(account, region);
        call = call with { Parameters = call.Parameters.With("ResourceId", vpcId) };
        var rows = await api.AllAsync(call, list.Paging, cancel);
        return [.. rows.Select(row => FlowLog.Read(account, region, row)).Where(log => log.Status is not "Deleting")];
    }

    private async Task<string?> ExcludedInstanceAsync(ResourceRef vpc, CancellationToken cancel)
    {
        var list = facts.Lists["instances"];
        var call = list.In(vpc.Account, vpc.Region);
        call = call with { Parameters = call.Parameters.With("VpcId", vpc.Id) };
        await foreach (JObject row in api.RowsAsync(call, list.Paging, cancel))
        {
            var family = row.Need("InstanceTypeFamily", "Ecs", list.Action);
            if (facts.Words["excludedFamilies"].Contains(family, StringComparer.Ordinal))
            {
                return $"{row.TextOf("InstanceId")} ({family})";
            }
        }

        return null;
    }
}
