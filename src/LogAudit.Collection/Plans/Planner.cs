using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Makes one plan of everything that was found: what the centre, the regions, the policies and the switches need.</summary>
internal sealed partial class Planner(
    CollectSettings collect,
    Layout layout,
    SettingHandlers handlers,
    DashboardTurns turns,
    ReconcileOptions options,
    ILogger<Planner> log
)
{
    /// <summary>Compares what a full run wants in the centre, whatever it finds elsewhere: it need not wait for the looking.</summary>
    public Task<Comparison> CentralAsync(CancellationToken cancel) =>
        CompareAsync([.. CentralSide.Settings(collect, layout)], handlers.ReadAsync, cancel);

    /// <summary>The same without the dashboards that stand and whose turn it is not.</summary>
    /// <param name="recalling">What the last run left.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task<Comparison> CentralInTurnAsync(Task<RunMemory> recalling, CancellationToken cancel)
    {
        var wanted = CentralSide.Settings(collect, layout).ToLookup(one => one.Setting.Kind is SettingKinds.Dashboard);
        var others = CompareAsync([.. wanted[false]], handlers.ReadAsync, cancel);
        var dashboards = await CompareDueAsync([.. wanted[true]], recalling, cancel);
        return (await others).And(dashboards);
    }

    /// <summary>Plans for a full run (<paramref name="accounts"/> and <paramref name="central"/> given) or for some resources only (null, <see cref="Comparison.None"/>).</summary>
    public async Task<Reconciliation> PlanAsync(
        IReadOnlyList<UnitSurvey> surveys,
        IReadOnlyList<AccountEntry>? accounts,
        Comparison central,
        CachedPolicyBook policies,
        CancellationToken cancel
    )
    {
        var looks = surveys.SelectMany(survey => survey.Looks).ToList();
        var wanted = new List<WantedSetting>();
        wanted.AddRange(PolicySide.Merged(Policies(looks, accounts, surveys)));
        wanted.AddRange(Targets(looks, wanted, accounts is not null));
        wanted.AddRange(OwnDays(looks));
        var others = wanted.Where(one => !central.Wanted.Contains(one.Setting)).ToList();
        return Plan(central.And(await CompareAsync(others, ReadAsync, cancel)), surveys);

        // The looking has listed the policies already.
        async Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken stop) =>
            setting.Kind is SettingKinds.CollectionPolicy
                ? (await policies.ListAsync(setting.Account, stop)).GetValueOrDefault(setting.Id)
                : await handlers.ReadAsync(setting, stop);
    }

    /// <summary>Plans settings and the switches that surveys found off; nothing else.</summary>
    public async Task<Reconciliation> ProvisionAsync(
        IReadOnlyList<WantedSetting> wanted,
        IReadOnlyList<UnitSurvey> surveys,
        CancellationToken cancel
    ) => Plan(await CompareAsync(wanted, handlers.ReadAsync, cancel), surveys);

    private Reconciliation Plan(Comparison provisioned, IReadOnlyList<UnitSurvey> surveys)
    {
        var looks = surveys.SelectMany(survey => survey.Looks).ToList();
        var outlooks = looks.Select(look => Outlook(look, provisioned)).ToList();
        var switches = outlooks.SelectMany(outlook =>
            outlook.Fixes.Select(fix => new PlannedChange(Phase.Switch, fix, outlook.TargetSettings))
        );
        var untouchable = looks
            .SelectMany(look => look.Fixes)
            .Where(SettingHandlers.TouchesOldService)
            .Select(fix => $"{fix.Setting} belongs to the old Log Audit Service and is left as it is");
        var byHand = looks
            .Where(look => look.State is Observation.Disabled { Todo.Length: > 0 })
            .Select(look => (look, off: (Observation.Disabled)look.State))
            .Select(one => $"by hand: {one.look.Resource} {one.look.Collect.Kind.Name}: {one.off.Why}: {one.off.Todo}");
        return new(
            Collection.Plan.Of(
                [
                    .. provisioned
                        .Wanted.Where(provisioned.Changes.ContainsKey)
                        .Select(one => provisioned.Changes[one]),
                    .. switches,
                ],
                [.. provisioned.Findings, .. provisioned.Unreadable.Values, .. untouchable, .. byHand]
            ),
            surveys,
            outlooks
        );
    }

    /// <summary>One policy for each log kind and owner. In a full run every owner has one; for some resources only where one is missing.</summary>
    private IEnumerable<WantedSetting> Policies(
        List<Look> looks,
        IReadOnlyList<AccountEntry>? accounts,
        IReadOnlyList<UnitSurvey> surveys
    )
    {
        foreach (var kind in collect.Kinds.Where(kind => kind.Kind.Route.HasFlag(Routes.Policy)))
        {
            var mine = looks
                .Where(look => look.Collect == kind && look.State is not Observation.NotApplicable)
                .ToList();
            var owners = accounts is not null
                ? accounts
                    .Where(account => account.CanEnter && layout.ServesItself(account.Account))
                    .Select(account => account.Account)
                    .Where(owner => surveys.Any(survey => layout.PolicyOwner(survey.Unit.Account) == owner))
                : mine.Where(look => look.PolicyMissing).Select(look => layout.PolicyOwner(look.Resource.Account));
            foreach (var owner in owners.Distinct())
            {
                var taken = mine.Where(look => layout.PolicyOwner(look.Resource.Account) == owner)
                    .Select(look => look.Resource)
                    .ToList();
                if (PolicySide.Setting(kind, owner, taken, layout) is { } policy)
                {
                    yield return policy;
                }
            }
        }
    }

    /// <summary>The regional side of every target that resources deliver to; for some resources only where one of them is off.</summary>
    private IEnumerable<WantedSetting> Targets(List<Look> looks, List<WantedSetting> policies, bool full)
    {
        var byLooks = looks
            .Where(look => look.State is Observation.Disabled || (full && look.State is Observation.Enabled))
            // Where only a person can switch a log on, its place is not known before.
            .Where(look => look.Collect.Kind.Route != Routes.Manual || look.Lands is not null)
            .Select(look =>
                (
                    Target: TargetOf(look),
                    look.Collect,
                    Name: look.Lands is null ? "" : look.Resource.Name,
                    IsKept: look.KeptBy is not null
                )
            );
        var byPolicies = policies
            .Where(policy => policy.Phase == Phase.Policies)
            .SelectMany(policy =>
                collect
                    .Kinds.Where(kind =>
                        kind.Kind.Policy is { } codes
                        && PolicySide.RefOf(codes, policy.Setting.Account, layout) == policy.Setting
                    )
                    .Select(kind =>
                        (
                            Target: layout.Delivery(kind.Kind, policy.Setting.Account, layout.CentralRegion),
                            Collect: kind,
                            Name: "",
                            IsKept: false
                        )
                    )
            );
        return byLooks
            .Concat(byPolicies)
            .Distinct()
            .GroupBy(pair => pair.Target)
            .SelectMany(group =>
                RegionalSide.Settings(
                    group.Key,
                    [.. group.Select(one => one.Collect).Distinct()],
                    group.Select(one => one.Name).Distinct(StringComparer.Ordinal).ToArray() is [var only] ? only : "",
                    group.Any(one => one.IsKept),
                    layout
                )
            )
            .DistinctBy(wanted => wanted.Setting);
    }

    /// <summary>The days that products keep in their own Logstores, where the settings give them and a call of the product says them.</summary>
    private static IEnumerable<WantedSetting> OwnDays(IEnumerable<Look> looks) =>
        looks
            .Where(look => look.State is Observation.Enabled or Observation.Disabled)
            .Where(look => look.Collect.OwnDays is not null)
            .Where(look => look.KeptBy is not null)
            .GroupBy(look => look.KeptBy!)
            .Select(group => Wanted.OwnDays(group.Key, group.Max(look => look.Collect.OwnDays!.Value)));

    private async Task<Comparison> CompareDueAsync(
        IReadOnlyList<WantedSetting> dashboards,
        Task<RunMemory> recalling,
        CancellationToken cancel
    )
    {
        try
        {
            return await CompareAsync(await turns.DueAsync(dashboards, recalling, cancel), handlers.ReadAsync, cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            DashboardsUnlisted(log, exception);
            var each = await CompareAsync(dashboards, handlers.ReadAsync, cancel);
            return each with
            {
                Findings =
                [
                    .. each.Findings,
                    $"the dashboards could not be listed, so each was read on its own: {exception.Message}",
                ],
            };
        }
    }

    private async Task<Comparison> CompareAsync(
        IReadOnlyList<WantedSetting> wanted,
        Func<SettingRef, CancellationToken, Task<SettingState?>> read,
        CancellationToken cancel
    )
    {
        var changes = new ConcurrentDictionary<SettingRef, PlannedChange>();
        var unreadable = new ConcurrentDictionary<SettingRef, string>();
        var findings = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
            async (setting, stop) =>
            {
                try
                {
                    var present = await read(setting.Setting, stop);
                    switch (SettingRules.Judge(setting, present))
                    {
                        case Verdict.Change(var to, var reversal):
                            changes[setting.Setting] = new(
                                setting.Phase,
                                new(setting.Setting, present, to, setting.Why) { Reversal = reversal },
                                setting.Needs
                            );
                            break;
                        case Verdict.Leave(var why):
                            findings.Add(why);
                            break;
                        default:
                            break;
                    }
                }
                catch (Exception exception) when (!stop.IsCancellationRequested)
                {
                    SettingUnreadable(log, exception, setting.Setting.ToString());
                    unreadable[setting.Setting] = $"{setting.Setting} could not be read: {exception.Message}";
                }
            }
        );
        return new([.. wanted.Select(one => one.Setting).Distinct()], changes, unreadable, [.. findings]);
    }

    private Outlook Outlook(Look look, Comparison provisioned)
    {
        var target = TargetOf(look);
        var settings = TargetSettings(look, target);
        var own = look.Fixes.Where(fix => !SettingHandlers.TouchesOldService(fix)).ToList();
        if (look.State is Observation.NotApplicable or Observation.Unknown)
        {
            return new(look, look.State, [], [], []);
        }

        if (settings.FirstOrDefault(provisioned.Unreadable.ContainsKey) is { } dark)
        {
            return new(look, new Observation.Unknown(provisioned.Unreadable[dark]), [], [], []);
        }

        var pending = settings.Where(provisioned.Changes.ContainsKey).ToList();
        var blocked =
            look.Stuck || own.Count < look.Fixes.Count || (look.PolicyMissing && !PolicyPlanned(look, pending));
        if (look.State is Observation.Enabled)
        {
            return pending.Count == 0
                ? new(look, look.State, [], [], [])
                : new(look, new Observation.Disabled(provisioned.Changes[pending[0]].Change.Why), [], pending, []);
        }

        return new(
            look,
            look.State,
            own,
            blocked ? [] : [.. pending, .. own.Select(fix => fix.Setting)],
            [
                .. settings.Where(setting =>
                    setting.Kind is SettingKinds.Project or SettingKinds.Logstore or SettingKinds.Metricstore
                ),
            ]
        );
    }

    private bool PolicyPlanned(Look look, List<SettingRef> pending) =>
        look.Collect.Kind.Policy is { } codes
        && pending.Contains(PolicySide.RefOf(codes, layout.PolicyOwner(look.Resource.Account), layout));

    /// <summary>The settings without which the logs of a look do not arrive.</summary>
    private List<SettingRef> TargetSettings(Look look, LogTarget target)
    {
        var kind = look.Collect.Kind;
        var settings = new List<SettingRef>
        {
            Wanted.ProjectRef(layout.Central(kind)),
            Wanted.StoreRef(layout.Central(kind), kind),
        };
        if (kind.Policy is { } codes && kind.Route.HasFlag(Routes.Policy) && look.Lands is null)
        {
            settings.Add(PolicySide.RefOf(codes, layout.PolicyOwner(look.Resource.Account), layout));
        }

        if (target != layout.Central(kind))
        {
            settings.Add(Wanted.ProjectRef(target));
            settings.Add(Wanted.LogstoreRef(target));
            settings.Add(Wanted.EtlRef(target));
        }

        return settings;
    }

    private LogTarget TargetOf(Look look) =>
        look.Lands
        ?? (
            look.Collect.Kind.Route.HasFlag(Routes.Policy)
                ? layout.Delivery(look.Collect.Kind, layout.PolicyOwner(look.Resource.Account), layout.CentralRegion)
                : layout.Delivery(look.Collect.Kind, look.Resource.Account, look.Resource.Region)
        );

    [LoggerMessage(5036, LogLevel.Warning, "The dashboards could not be listed; each is read on its own")]
    private static partial void DashboardsUnlisted(ILogger log, Exception exception);

    [LoggerMessage(5002, LogLevel.Warning, "{Setting} could not be read; nothing is planned for it")]
    private static partial void SettingUnreadable(ILogger log, Exception exception, string setting);
}
