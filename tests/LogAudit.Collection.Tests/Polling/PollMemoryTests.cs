using LogAudit.Collection.Tests.Worlds;
using LogAudit.Products;

namespace LogAudit.Collection.Tests.Polling;

/// <summary>When a single change reads what Poll left.</summary>
public sealed class PollMemoryTests
{
    [Theory]
    [InlineData(Routes.Policy | Routes.Poll, false, 1)]
    [InlineData(Routes.Policy | Routes.Poll, true, 0)]
    [InlineData(Routes.Policy, false, 0)]
    public async Task A_change_reads_the_state_once_and_only_for_a_log_that_Poll_may_be_reading(
        Routes route,
        bool isReached,
        int recalls
    )
    {
        var poll = new ProductCatalogue().LogKinds.First(kind => kind.Poll is not null).Poll;
        var spec = Some.Spec("rds", route);
        var engine = new Engine(
            settings => settings with { Collect = new Dictionary<string, string> { ["rds_enabled"] = "true" } },
            specs: [spec with { LogKinds = [spec.LogKinds[0] with { Poll = poll }] }]
        );
        engine.Add("rds", Engine.Central, Engine.Hangzhou, "rm-1");
        engine.Add("rds", Engine.Central, Engine.Hangzhou, "rm-2");
        if (isReached)
        {
            await engine.RunAsync();
        }

        var before = engine.Store.Recalls;
        await engine.Reconciler.RunAsync(
            [new Unit(Engine.Central, Engine.Hangzhou, "rds", ["rm-1", "rm-2"])],
            "bus",
            Deadline.None,
            CancellationToken.None
        );

        Assert.Equal(recalls, engine.Store.Recalls - before);
    }
}
