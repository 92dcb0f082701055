using FsCheck;
using FsCheck.Xunit;
using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Runs;

/// <summary>Whatever happens in whatever order, the estate ends where the settings want it, and undo brings back what others had set.</summary>
public sealed class ConvergenceTests
{
    [Property(MaxTest = 80)]
    public async Task Random_trouble_ends_in_the_wanted_state_and_undo_restores_every_switch(PositiveInt seed)
    {
        var engine = ReconcilerTests.Estate();
        var foreign = engine.Add("slb", Engine.Other, Engine.Hangzhou, "lb-foreign");
        var elsewhere = engine.Add("slb", Engine.Member, new RegionId("us-west-1"), "lb-elsewhere");
        var others = new Dictionary<SettingRef, SettingState?>
        {
            [WorldProduct.SwitchOf(foreign)] = null,
            [WorldProduct.SwitchOf(elsewhere)] = null,
        };
        var random = new Random(seed.Get);
        engine.World.Put(
            new(SettingKinds.Project, Engine.Central, Engine.Hangzhou, "theirs-project"),
            SettingState.Of(("description", "theirs"))
        );

        for (var step = 0; step < 12; step++)
        {
            await TroubleAsync(engine, random, others, step);
            engine.Time.Advance(TimeSpan.FromHours(1));
        }

        engine.World.Behave();
        await engine.RunAsync();
        await engine.RunAsync();
        var quiet = await engine.RunAsync();

        Assert.Equal(0, quiet.Writes);
        Assert.Empty(quiet.Errors);
        Assert.All(quiet.Coverage, row => Assert.Equal((row.Resources, 0), (row.Collecting, row.Unknown)));
        Assert.Null(engine.World[WorldProduct.SwitchOf(foreign)]);
        Assert.Null(engine.World[WorldProduct.SwitchOf(elsewhere)]);
        Assert.DoesNotContain(engine.World.Settings.Keys, setting => setting.Account == Engine.Other);

        await UndoRestoresAsync(engine, others);
    }

    private static async Task UndoRestoresAsync(Engine engine, Dictionary<SettingRef, SettingState?> others)
    {
        var plan = await engine.Undo.PlanAsync([], CancellationToken.None);
        var applied = await engine.Undo.ApplyAsync(plan, Deadline.None, CancellationToken.None);
        var again = await engine.Undo.PlanAsync([], CancellationToken.None);

        Assert.All(applied, one => Assert.True(one.InPlace, one.Note));
        Assert.Empty(again.Changes);
        foreach (var resource in engine.World.Resources.Where(resource => resource.Product is not "oss"))
        {
            var setting = WorldProduct.SwitchOf(resource);
            Assert.Equal(others.GetValueOrDefault(setting), engine.World[setting]);
        }

        var left = engine.World.Settings.Keys.Where(setting =>
            setting.Kind is SettingKinds.CollectionPolicy or SettingKinds.Etl or SettingKinds.Dashboard
        );
        Assert.Equal([], left.Select(setting => setting.ToString()));
        Assert.Contains(engine.World.Settings.Keys, setting => setting.Kind is SettingKinds.Logstore);
    }

    private static async Task TroubleAsync(
        Engine engine,
        Random random,
        Dictionary<SettingRef, SettingState?> others,
        int step
    )
    {
        switch (random.Next(8))
        {
            case 0:
                engine.Add(
                    Pick(random, ["slb", "rds", "oss"]),
                    Pick(random, [Engine.Central, Engine.Member]),
                    Pick(random, [Engine.Hangzhou, Engine.Shanghai]),
                    $"new-{step}"
                );
                break;
            case 1:
                var gone = Pick(random, engine.World.Resources);
                if (gone.Account != Engine.Other && gone.Id != "lb-elsewhere")
                {
                    engine.World.Resources.Remove(gone);
                    engine.World.Put(WorldProduct.SwitchOf(gone), null);
                    others[WorldProduct.SwitchOf(gone)] = null;
                }

                break;
            case 2:
                var switched = Pick(
                    random,
                    engine.World.Resources.Where(resource => resource.Product is not "oss").ToList()
                );
                SettingState? state =
                    random.Next(2) == 0
                        ? null
                        : SettingState.Of(("project", "theirs-project"), ("logstore", $"theirs-{step}"));
                if (switched.Account != Engine.Other && switched.Id != "lb-elsewhere")
                {
                    engine.World.Put(WorldProduct.SwitchOf(switched), state);
                    others[WorldProduct.SwitchOf(switched)] = state;
                }

                break;
            case 3:
                engine.World.Misbehave(random.Next(), 0.3);
                await TryRunAsync(engine);
                engine.World.Behave();
                break;
            case 4:
                using (var run = new CancellationTokenSource())
                {
                    engine.World.KillIn(random.Next(1, 120), run);
                    await TryRunAsync(engine, run.Token);
                    engine.World.Behave();
                }

                break;
            case 5:
                await Task.WhenAll(TryRunAsync(engine), TryRunAsync(engine));
                break;
            case 6:
                var policies = engine.World.Settings.Keys.Where(setting => setting.Kind is SettingKinds.Etl).ToList();
                if (policies.Count > 0)
                {
                    engine.World.Put(Pick(random, policies), null);
                }

                break;
            default:
                await TryRunAsync(engine);
                break;
        }
    }

    private static async Task TryRunAsync(Engine engine, CancellationToken cancel = default)
    {
        try
        {
            await engine.Reconciler.RunAsync("timer", Deadline.None, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The process was killed.
        }
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
