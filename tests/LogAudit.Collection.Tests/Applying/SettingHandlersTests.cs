using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Applying;

/// <summary>Who reads and writes which setting.</summary>
public sealed class SettingHandlersTests
{
    [Fact]
    public async Task ReadAsync_finds_the_handler_of_a_product_that_the_settings_no_longer_name()
    {
        var world = new World();
        var late = new WorldProduct(world, Engine.Specs[0]);
        var kind = late.SettingKinds.First();
        var asked = new List<string>();
        var handlers = new SettingHandlers(
            [],
            code =>
            {
                asked.Add(code);
                return late.Spec.Code == code ? late : null;
            }
        );

        await handlers.ReadAsync(new SettingRef(kind, Engine.Central, Engine.Hangzhou, "x"), CancellationToken.None);

        Assert.Equal([late.Spec.Code], asked);
    }

    [Fact]
    public async Task ReadAsync_refuses_a_kind_that_no_product_has()
    {
        var handlers = new SettingHandlers([], _ => null);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            handlers.ReadAsync(
                new SettingRef("none.such", Engine.Central, Engine.Hangzhou, "x"),
                CancellationToken.None
            )
        );

        Assert.Contains("none.such", refusal.Message, StringComparison.Ordinal);
    }
}
