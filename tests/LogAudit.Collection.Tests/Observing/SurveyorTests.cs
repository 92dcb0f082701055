using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Observing;

/// <summary>What is said of a unit that cannot be looked at.</summary>
public sealed class SurveyorTests
{
    [Fact]
    public async Task An_answer_that_cannot_be_read_is_told_with_the_account_and_region_of_its_unit()
    {
        var engine = new Engine();
        engine.Add("slb", Engine.Member, Engine.Shanghai, "lb-1");
        engine.World.Garbled.Add(WorldProduct.KindOf("slb"));

        var report = await engine.RunAsync();

        Assert.Contains(
            report.Unknown,
            reason =>
                reason.Contains(
                    $"Slb:Describe failed in account {Engine.Member}, region {Engine.Shanghai}: ",
                    StringComparison.Ordinal
                )
        );
    }
}
