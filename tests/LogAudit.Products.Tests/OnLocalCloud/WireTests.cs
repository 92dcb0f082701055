namespace LogAudit.Products.Tests;

public sealed class WireTests
{
    [Fact]
    public async Task Slb_is_switched_on_moved_back_and_found_so_over_the_wire()
    {
        await using var wire = await Wire.StartAsync();
        wire.Inside.MakeLogstore("slb_log");
        wire.Inside.Seed("slb", "lb-web", ("listener", "https"));
        wire.Inside.Seed("slb", "lb-tcp", ("listener", "tcp"));

        await ThereAndBackAsync(wire, "slb", "access", "slb_log", notApplicable: ["lb-tcp"]);
    }

    /// <summary>Mends everything, finds nothing more to mend, and takes every change back that can be.</summary>
    private static async Task ThereAndBackAsync(
        Wire wire,
        string product,
        string kind,
        string logstore,
        params string[] notApplicable
    )
    {
        var handler = wire.Handler(product);
        var before = await wire.ObserveAsync(product, kind, logstore);
        var fixes = before.Values.SelectMany(answer => answer.Fixes).ToArray();
        Assert.NotEmpty(fixes);

        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix, default);
            Assert.Equal(fix.To, await handler.ReadAsync(fix.Setting, default));
        }

        var after = await wire.ObserveAsync(product, kind, logstore);
        Assert.Equal(
            notApplicable.Order(),
            after.Where(pair => pair.Value.State is Observation.NotApplicable).Select(pair => pair.Key).Order()
        );
        Assert.All(
            after.Where(pair => !notApplicable.Contains(pair.Key)),
            pair => Assert.IsType<Observation.Enabled>(pair.Value.State)
        );

        foreach (var fix in fixes.Reverse().Where(fix => fix.Reversal == Reversal.Restores))
        {
            await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);
            Assert.Equal(fix.From, await handler.ReadAsync(fix.Setting, default));
        }
    }
}
