using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Runs;

public sealed class DashboardTurnsTests
{
    private static SettingRef Board(Engine engine) =>
        new(SettingKinds.Dashboard, Engine.Central, Engine.Hangzhou, $"{engine.Layout.CentralProject}/slb_audit");

    [Fact]
    public async Task An_edited_dashboard_is_left_and_told_from_its_turn_on()
    {
        var engine = ReconcilerTests.Estate();
        await engine.RunAsync();
        engine.World.Put(Board(engine), engine.World[Board(engine)]!.With("charts", "[]"));

        var told = new List<bool>();
        for (var hour = 0; hour < 2 * engine.Options.DashboardTurns; hour++)
        {
            var report = await engine.RunAsync();
            Assert.Equal(0, report.Writes);
            told.Add(report.Findings.Any(finding => finding.Contains("edited by hand", StringComparison.Ordinal)));
            engine.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal("[]", engine.World[Board(engine)]!["charts"]);
        Assert.InRange(told.IndexOf(true), 0, engine.Options.DashboardTurns - 1);
        Assert.DoesNotContain(false, told.Skip(told.IndexOf(true)));
    }

    [Fact]
    public async Task A_missing_dashboard_is_made_at_once_whosever_turn_it_is()
    {
        var engine = ReconcilerTests.Estate();
        await engine.RunAsync();

        for (var hour = 0; hour < engine.Options.DashboardTurns; hour++)
        {
            engine.World.Put(Board(engine), null);
            await engine.RunAsync();
            Assert.NotNull(engine.World[Board(engine)]);
            engine.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task A_plan_reads_every_dashboard()
    {
        var engine = ReconcilerTests.Estate();
        await engine.RunAsync();
        engine.World.Put(Board(engine), engine.World[Board(engine)]!.With("charts", "[]"));

        for (var hour = 0; hour < engine.Options.DashboardTurns; hour++)
        {
            var found = await engine.Reconciler.PlanAsync(CancellationToken.None);
            Assert.Contains(
                found.Plan.Findings,
                finding => finding.Contains("edited by hand", StringComparison.Ordinal)
            );
            engine.Time.Advance(TimeSpan.FromHours(1));
        }
    }
}
