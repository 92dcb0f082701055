using LogAudit.Collection;
using LogAudit.LocalCloud.Sls.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>What bootstrap and the functions wrote is taken back by an administrator, judged by the cloud's own state.</summary>
public sealed class UndoTests
{
    [Theory]
    [InlineData("List")]
    [InlineData("Directory")]
    public async Task Undo_brings_back_what_was_before_us_and_leaves_alone_what_somebody_else_changed(string mode)
    {
        await using var cloud = await GovernedCloud.StartAsync(Enum.Parse<AccountsMode>(mode));
        await using (var function = cloud.AsFunction())
        {
            var report = await function
                .GetRequiredService<IReconciler>()
                .RunAsync("timer", Deadline.None, CancellationToken.None);
            Assert.Equal([], report.Errors.Concat(report.Unknown));
        }

        Assert.All(cloud.Logging(), state => Assert.NotEqual("", state.Value));
        await using var administrator = cloud.AsAdministrator();
        var theirs = await RedirectAsync(cloud, administrator);
        var stores = Stores(cloud);
        var undo = administrator.GetRequiredService<IUndo>();

        var plan = await undo.PlanAsync([], CancellationToken.None);
        var applied = await undo.ApplyAsync(plan, Deadline.None, CancellationToken.None);

        Assert.Equal([], applied.Where(one => !one.InPlace).Select(one => $"{one.Planned.Change.Setting}: {one.Note}"));
        Assert.Equal([], cloud.Made());
        var after = cloud.Logging();
        Assert.Equal(
            cloud.Before.Where(state => state.Key != theirs.Key).OrderBy(state => state.Key, StringComparer.Ordinal),
            after.Where(state => state.Key != theirs.Key).OrderBy(state => state.Key, StringComparer.Ordinal)
        );
        Assert.Equal(theirs.Value, after[theirs.Key]);
        Assert.Contains(
            plan.Findings,
            finding => finding.Contains("changed by somebody else", StringComparison.Ordinal)
        );
        Assert.Contains(plan.Findings, finding => finding.Contains("would delete logs", StringComparison.Ordinal));
        Assert.Contains(plan.Findings, finding => finding.Contains("cannot be undone", StringComparison.Ordinal));
        Assert.Equal(stores, Stores(cloud));

        var again = await undo.PlanAsync([], CancellationToken.None);
        Assert.Equal([], again.Changes.Select(planned => PlanText.Line(planned.Change)));
    }

    /// <summary>Somebody lets a load balancer log to a place of their own; answers the resource and where it logs to now.</summary>
    private static async Task<KeyValuePair<string, string>> RedirectAsync(
        GovernedCloud cloud,
        IServiceProvider administrator
    )
    {
        const string Id = $"lb-{GovernedCloud.Member}";
        cloud
            .Cloud.Services.Get<SlsStore>()
            .EnsureProject("theirs", GovernedCloud.Member, GovernedCloud.Region)
            .EnsureLogstore("access");
        var settings = administrator.GetRequiredService<SettingHandlers>();
        var balancer = new SettingRef(
            "slb.access-log",
            new AccountId(GovernedCloud.Member),
            new RegionId(GovernedCloud.Region),
            Id
        );
        await settings.WriteAsync(
            new SettingChange(
                balancer,
                await settings.ReadAsync(balancer, CancellationToken.None),
                SettingState.Of(("project", "theirs"), ("logstore", "access")),
                "by hand"
            ),
            CancellationToken.None
        );
        return cloud.Logging().Single(state => state.Key.StartsWith($"slb/{Id}/", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Stores(GovernedCloud cloud) =>
        [
            .. cloud
                .Cloud.Services.Get<SlsStore>()
                .Projects.SelectMany(project => project.Logstores.Select(store => $"{project.Name}/{store.Name}"))
                .Order(StringComparer.Ordinal),
        ];
}
