using LogAudit.Sls;

namespace LogAudit.Collection;

/// <summary>Makes what must exist before the functions are deployed, as a plan like any other.</summary>
public interface IBootstrap
{
    /// <summary>What bootstrap would write.</summary>
    /// <param name="roleOf">The functions' role in an account; null to leave roles to somebody else. With it the engine's own roles are part of the plan, in every account that can be entered.</param>
    /// <param name="cancel">Ends the work.</param>
    Task<Plan> PlanAsync(Func<AccountId, WantedRole>? roleOf, CancellationToken cancel);

    /// <summary>Carries a bootstrap plan out, waits until every Logstore that a trigger points at answers, and says what the deployment needs.</summary>
    Task<BootstrapResult> ApplyAsync(Plan plan, Deadline deadline, CancellationToken cancel);
}

/// <summary>What the deployment needs.</summary>
/// <param name="Project">The central project.</param>
/// <param name="ForwardedLogstores">Logstores whose triggers wake <c>Sync</c>.</param>
/// <param name="TrailLogstores">Logstores whose triggers wake <c>OnChange</c>.</param>
/// <param name="Applied">What became of each change.</param>
/// <param name="Missing">Logstores that did not answer in time; a trigger on them would be refused.</param>
public sealed record BootstrapResult(
    ProjectName Project,
    IReadOnlyList<LogstoreName> ForwardedLogstores,
    IReadOnlyList<LogstoreName> TrailLogstores,
    IReadOnlyList<Applied> Applied,
    IReadOnlyList<LogstoreName> Missing
)
{
    /// <summary>Whether everything is in place.</summary>
    public bool Complete => Missing.Count == 0 && Applied.All(one => one.InPlace);
}

/// <inheritdoc cref="IBootstrap"/>
internal sealed class Bootstrap(
    CollectSettings collect,
    Layout layout,
    Estate estate,
    IAccountDirectory accounts,
    IPolicyBook policies,
    Planner planner,
    Applier applier,
    SlsAccess sls,
    TimeProvider time,
    ReconcileOptions options,
    Microsoft.Extensions.Logging.ILoggerFactory logs
) : IBootstrap
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<Plan> PlanAsync(Func<AccountId, WantedRole>? roleOf, CancellationToken cancel)
    {
        var list = roleOf is null ? new AccountList([]) : await accounts.ListAsync(cancel);
        var reachable = list.Accounts.Where(account => account.CanEnter).Select(account => account.Account).ToHashSet();
        var roles = roleOf is null
            ? []
            : reachable
                .Select(roleOf)
                .Concat(
                    EngineRoles.All(
                        layout,
                        list.Accounts.Select(account => account.Account),
                        collect.Kinds.Select(kind => kind.Kind)
                    )
                )
                .Where(role => reachable.Contains(role.Account));
        var provisioned = await planner.ProvisionAsync(
            [.. roles.SelectMany(Settings), .. CentralSide.Settings(collect, layout)],
            await TrailAsync(cancel),
            cancel
        );
        var closed = list
            .Accounts.Where(account => !account.CanEnter)
            .Select(account =>
                $"account {account.Account} cannot be entered, its roles are left to its owner: {account.Problem}"
            );
        return provisioned.Plan with { Findings = [.. provisioned.Plan.Findings, .. closed] };
    }

    public async Task<BootstrapResult> ApplyAsync(Plan plan, Deadline deadline, CancellationToken cancel)
    {
        var applied = await applier.ApplyAsync(
            plan,
            new(Guid.CreateVersion7(time.GetUtcNow()).ToString("N")),
            deadline,
            cancel
        );
        var forwarded = Forwarded();
        var missing = await MissingAsync(forwarded, deadline, cancel);
        return new(layout.CentralProject, forwarded, Trails(), applied, missing);
    }

    /// <summary>The trail of the central account, whose Logstore the trigger of <c>OnChange</c> points at.</summary>
    private async Task<IReadOnlyList<UnitSurvey>> TrailAsync(CancellationToken cancel)
    {
        var surveyor = estate.Surveyor(new CachedPolicyBook(policies), logs);
        var surveys = new List<UnitSurvey>();
        foreach (
            var product in collect
                .Kinds.Where(IsTrail)
                .Select(kind => kind.Kind.Product)
                .Distinct(StringComparer.Ordinal)
        )
        {
            surveys.Add(
                await surveyor.LookAsync(new Unit(layout.CentralAccount, layout.CentralRegion, product), cancel)
            );
        }

        return surveys;
    }

    private IEnumerable<WantedSetting> Settings(WantedRole role)
    {
        var phase = role.Account == layout.CentralAccount ? Phase.Roles : Phase.MemberRoles;
        var region = new RegionId("cn-hangzhou");
        var self = new SettingRef(SettingKinds.Role, role.Account, region, role.Name);
        yield return new(
            phase,
            self,
            SettingState.Of(("trust", RoleSettings.Normal(role.Trust)), ("description", "LogAudit")),
            $"role {role.Name} is missing or trusts somebody else"
        );
        foreach (var (name, document) in role.Policies)
        {
            var policy = new SettingRef(SettingKinds.RolePolicy, role.Account, region, name);
            yield return new(
                phase,
                policy,
                SettingState.Of(("document", RoleSettings.Normal(document))),
                $"policy {name} is missing or allows something else"
            );
            yield return new(
                phase,
                new(SettingKinds.Attachment, role.Account, region, $"{role.Name}/{name}"),
                SettingState.Of(("type", "Custom")),
                $"policy {name} is not attached to role {role.Name}"
            )
            {
                Needs = [self, policy],
            };
        }
    }

    private IReadOnlyList<LogstoreName> Forwarded() =>
        [
            .. collect
                .Triggered.Select(kind => layout.Logstore(kind.Kind))
                .Concat(
                    collect
                        .Triggered.Where(kind => layout.Mode == AccountsMode.List && IsTrail(kind))
                        .Select(kind => new LogstoreName(kind.Kind.CopyLogstore))
                )
                .Distinct(),
        ];

    private IReadOnlyList<LogstoreName> Trails() =>
        [.. Forwarded().Where(name => name.Value.StartsWith("actiontrail_", StringComparison.Ordinal))];

    private async Task<IReadOnlyList<LogstoreName>> MissingAsync(
        IReadOnlyList<LogstoreName> logstores,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var client = sls.For(layout.CentralAccount, layout.CentralRegion);
        var until = time.GetUtcNow() + options.NewProjectWait;
        var missing = logstores.ToList();
        while (true)
        {
            for (var i = missing.Count - 1; i >= 0; i--)
            {
                if (await client.GetLogstoreAsync(layout.CentralProject, missing[i], cancel) is not null)
                {
                    missing.RemoveAt(i);
                }
            }

            var now = time.GetUtcNow();
            if (missing.Count == 0 || now >= until || !deadline.AllowsNewWork(now))
            {
                return missing;
            }

            await Task.Delay(Pause, time, cancel);
        }
    }

    private static bool IsTrail(CollectKind kind) => kind.Kind.MakesLogstore;
}
