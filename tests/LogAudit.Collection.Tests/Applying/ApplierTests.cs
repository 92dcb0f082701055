using LogAudit.Collection.Tests.Worlds;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Collection.Tests.Applying;

/// <summary>What is written at the same time and what one after another.</summary>
public sealed class ApplierTests
{
    [Fact]
    public async Task Collection_policies_of_one_account_are_waited_for_together()
    {
        var handler = new MeetingHandler(SettingKinds.CollectionPolicy, expected: 3);

        var applied = await ApplyAsync(handler, Phase.Policies, "logaudit-oss", "logaudit-rds", "logaudit-waf");

        Assert.Equal(3, handler.MostAtOnce);
        Assert.All(applied, one => Assert.Equal(Outcome.Done, one.Outcome));
    }

    [Fact]
    public async Task Other_changes_of_an_area_are_written_one_after_another()
    {
        var handler = new MeetingHandler(SettingKinds.Logstore, expected: 1);

        await ApplyAsync(handler, Phase.Central, "p/slb_log", "p/oss_log", "p/rds_log");

        Assert.Equal(1, handler.MostAtOnce);
        Assert.Equal(["p/slb_log", "p/oss_log", "p/rds_log"], handler.Written);
    }

    private static async Task<IReadOnlyList<Applied>> ApplyAsync(
        MeetingHandler handler,
        Phase phase,
        params string[] ids
    )
    {
        var engine = new Engine();
        var applier = new Applier(
            new SettingHandlers([handler]),
            engine.Journal,
            TimeProvider.System,
            new ReconcileOptions(),
            NullLogger<Applier>.Instance
        );
        var plan = Plan.Of(
            ids.Select(id => new PlannedChange(
                phase,
                new SettingChange(
                    new SettingRef(handler.SettingKinds.Single(), Engine.Central, Engine.Hangzhou, id),
                    null,
                    SettingState.Of(("enabled", "true")),
                    "wanted"
                ),
                []
            )),
            []
        );
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await applier.ApplyAsync(plan, new("run"), Deadline.None, patience.Token);
    }

    /// <summary>Lets a write end only when as many as expected are under way.</summary>
    private sealed class MeetingHandler(string kind, int expected) : ISettingHandler
    {
        private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock gate = new();
        private int underWay;

        public IReadOnlyCollection<string> SettingKinds => [kind];
        public List<string> Written { get; } = [];
        public int MostAtOnce { get; private set; }

        public Task<SettingState?> ReadAsync(SettingRef setting, CancellationToken cancel) =>
            Task.FromResult<SettingState?>(null);

        public async Task WriteAsync(SettingChange change, CancellationToken cancel)
        {
            lock (gate)
            {
                Written.Add(change.Setting.Id);
                MostAtOnce = Math.Max(MostAtOnce, ++underWay);
                if (underWay == expected)
                {
                    met.TrySetResult();
                }
            }

            await met.Task.WaitAsync(cancel);
            // Long enough for another write to begin, were it allowed to.
            await Task.Yield();
            lock (gate)
            {
                underWay--;
            }
        }
    }
}
