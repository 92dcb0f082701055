using LogAudit.Collection;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Sls.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>What people do to a cloud that LogAudit keeps: enough that mending it takes every write that LogAudit knows.</summary>
internal sealed class Damage(GovernedCloud cloud)
{
    private const string TrailLogstore = "actiontrail_logaudit";
    private const string Metrics = "rds_metrics";

    /// <summary>Things are gone: what follows has to be made anew.</summary>
    public async Task DeleteAsync()
    {
        await using var services = cloud.AsAdministrator();
        var settings = services.GetRequiredService<SettingHandlers>();
        foreach (var account in GovernedCloud.Accounts)
        {
            await SwitchOffAsync(settings, account);
            foreach (var vpc in new[] { $"vpc-{account}", $"vpc-{account}-second" })
            {
                await PutAsync(settings, Ref("vpc.flow-log", account, vpc), _ => null);
            }

            await PutAsync(settings, Ref("actiontrail.trail", account, "logaudit"), _ => null);
            foreach (var policy in await PoliciesAsync(services, account))
            {
                await PutAsync(settings, policy, _ => null);
            }

            lock (cloud.Cloud.Gate)
            {
                cloud.Cloud.Services.Get<IFlowLogService>().CloseService(account);
                var roles = cloud.Cloud.FindAccount(account)!.Roles;
                roles.Remove("AliyunServiceRoleForActionTrail");
                roles.Remove("AliyunServiceRoleForSLSAudit");
            }

            Store.DeleteProject($"logaudit-region-{account}-{GovernedCloud.OtherRegion}");
        }

        Store.DeleteProject($"logaudit-region-{GovernedCloud.Central}-{GovernedCloud.Region}");
        await PutAsync(settings, Dashboard(), _ => null);
        Store.Project(GovernedCloud.Project)!.DeleteLogstore(Metrics);
        foreach (var group in Groups())
        {
            Store.Logstore(GovernedCloud.Project, TrailLogstore)!.Consumers.Delete(group);
        }

        // The only way to see whether a group was made whose answer was lost is to list.
        cloud.Cloud.Faults.Add(
            new FaultRule("lost group", FaultKind.LostAnswer) { Action = "CreateConsumerGroup", Count = 1 }
        );
    }

    /// <summary>Things are there, and not as they should be.</summary>
    public async Task EditAsync()
    {
        await using var services = cloud.AsAdministrator();
        var settings = services.GetRequiredService<SettingHandlers>();
        foreach (var account in GovernedCloud.Accounts)
        {
            await SwitchOffAsync(settings, account);
            var project = $"logaudit-region-{account}-{GovernedCloud.Region}";
            Store.Project(project)!.EnsureLogstore("old");
            await PutAsync(
                settings,
                Ref("slb.access-log", account, $"lb-{account}"),
                _ => SettingState.Of(("project", project), ("logstore", "old"))
            );
            var misdirected = Ref("vpc.flow-log", account, $"vpc-{account}");
            if (await settings.ReadAsync(misdirected, CancellationToken.None) is { } flowLog)
            {
                await PutAsync(settings, misdirected, _ => null);
                await PutAsync(settings, misdirected, _ => flowLog.With("logstore", "old"));
            }

            await PutAsync(
                settings,
                Ref("vpc.flow-log", account, $"vpc-{account}-second"),
                state => state?.With("status", "Inactive")
            );
            await PutAsync(
                settings,
                Ref(SettingKinds.Logstore, account, $"{project}/slb_log"),
                state => state?.With("ttl", "1")
            );
            await PutAsync(
                settings,
                Ref(SettingKinds.Index, account, $"{project}/slb_log"),
                state => state is null ? null : new SettingState(state.Where(member => member.Key is not "key:status"))
            );
            await PutAsync(
                settings,
                Ref(SettingKinds.Etl, account, $"{project}/logaudit-carry-slb-log"),
                state => state?.With("script", "* | extend edited = '1'")
            );
            await PutAsync(
                settings,
                Ref("actiontrail.trail", account, "logaudit"),
                state => state?.With("eventRW", "Write").With("logging", "false")
            );
            foreach (var policy in await PoliciesAsync(services, account))
            {
                await PutAsync(settings, policy, state => state?.With("enabled", "false"));
            }
        }

        await PutAsync(
            settings,
            Ref(SettingKinds.Metricstore, GovernedCloud.Central, $"{GovernedCloud.Project}/{Metrics}"),
            state => state?.With("ttl", "1")
        );
        await PutAsync(
            settings,
            Dashboard(),
            state =>
            {
                var older = state?.With("displayName", "as an earlier version called it");
                return older?.With("stamp", DashboardStamp.Of(older));
            }
        );
    }

    /// <summary>Empties the Logstores that fill with every round, so that the rounds stay equally short.</summary>
    public void Forget()
    {
        var project = Store.Project(GovernedCloud.Project)!;
        foreach (var name in new[] { Layout.Journal.Value, Layout.Run.Value, TrailLogstore })
        {
            var old = project.Logstore(name)!;
            project.DeleteLogstore(name);
            project.EnsureLogstore(name, ttlDays: 400, shardCount: 1).DedicatedTo = old.DedicatedTo;
        }
    }

    private SlsStore Store => cloud.Cloud.Services.Get<SlsStore>();

    private IReadOnlyList<string> Groups() =>
        [.. (Store.Logstore(GovernedCloud.Project, TrailLogstore)?.Consumers.All ?? []).Select(group => group.Name)];

    private static async Task SwitchOffAsync(SettingHandlers settings, string account)
    {
        await PutAsync(settings, Ref("slb.access-log", account, $"lb-{account}"), _ => null);
        await PutAsync(
            settings,
            Ref("rds.sql-log", account, $"rm-{account}"),
            state => state?.With("enable", "false").With("requestEnable", "false").With("retention", "0")
        );
    }

    private static async Task<IReadOnlyList<SettingRef>> PoliciesAsync(IServiceProvider services, string account) =>
        [
            .. (
                await services
                    .GetRequiredService<IPolicyBook>()
                    .ListAsync(new AccountId(account), CancellationToken.None)
            ).Keys.Select(name => Ref(SettingKinds.CollectionPolicy, account, name)),
        ];

    private static SettingRef Dashboard() =>
        Ref(SettingKinds.Dashboard, GovernedCloud.Central, $"{GovernedCloud.Project}/slb_audit_center");

    private static SettingRef Ref(string kind, string account, string id) =>
        new(kind, new AccountId(account), new RegionId(GovernedCloud.Region), id);

    private static async Task PutAsync(
        SettingHandlers settings,
        SettingRef setting,
        Func<SettingState?, SettingState?> change
    )
    {
        var present = await settings.ReadAsync(setting, CancellationToken.None);
        var to = change(present);
        if (!Equals(present, to))
        {
            await settings.WriteAsync(new SettingChange(setting, present, to, "by hand"), CancellationToken.None);
        }
    }
}
