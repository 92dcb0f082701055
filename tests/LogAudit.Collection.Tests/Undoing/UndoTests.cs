using LogAudit.Collection.Tests.Runs;
using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Undoing;

public sealed class UndoTests
{
    [Fact]
    public async Task What_somebody_else_changed_since_is_left_alone_and_told()
    {
        var engine = ReconcilerTests.Estate();
        await engine.RunAsync();
        var balancer = WorldProduct.SwitchOf(engine.World.Resources.First(resource => resource.Product is "slb"));
        var theirs = SettingState.Of(("project", "theirs"), ("logstore", "theirs"));
        engine.World.Put(balancer, theirs);

        var plan = await engine.Undo.PlanAsync([], CancellationToken.None);
        await engine.Undo.ApplyAsync(plan, Deadline.None, CancellationToken.None);

        Assert.Equal(theirs, engine.World[balancer]);
        Assert.Contains(
            plan.Findings,
            finding => finding.Contains($"left alone: {balancer}", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Logs_are_kept_unless_they_are_asked_for_by_name()
    {
        var engine = ReconcilerTests.Estate();
        await engine.RunAsync();
        var id = $"{engine.Layout.CentralProject}/slb_log";

        var kept = await engine.Undo.PlanAsync([], CancellationToken.None);
        var named = await engine.Undo.PlanAsync([id], CancellationToken.None);

        Assert.DoesNotContain(
            kept.Changes,
            planned => planned.Change.Setting.Kind is SettingKinds.Logstore or SettingKinds.Project
        );
        Assert.Contains(kept.Findings, finding => finding.Contains(id, StringComparison.Ordinal));
        Assert.Equal(
            [(SettingKinds.Index, id), (SettingKinds.Logstore, id)],
            named
                .Changes.Where(planned => planned.Change.Setting.Id == id)
                .Select(planned => (planned.Change.Setting.Kind, planned.Change.Setting.Id))
                .OrderBy(pair => pair.Kind)
        );
    }

    [Fact]
    public async Task An_undone_change_is_not_undone_again_after_a_new_run()
    {
        var engine = ReconcilerTests.Estate();
        await engine.RunAsync();
        await engine.Undo.ApplyAsync(
            await engine.Undo.PlanAsync([], CancellationToken.None),
            Deadline.None,
            CancellationToken.None
        );
        Assert.Empty((await engine.Undo.PlanAsync([], CancellationToken.None)).Changes);

        await engine.RunAsync();
        var plan = await engine.Undo.PlanAsync([], CancellationToken.None);

        Assert.All(plan.Changes, planned => Assert.Null(planned.Change.To));
        Assert.Contains(plan.Changes, planned => planned.Change.Setting.Kind is "slb.switch");
    }
}
