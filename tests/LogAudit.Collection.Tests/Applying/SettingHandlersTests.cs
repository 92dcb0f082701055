using LogAudit.Collection.Tests.Worlds;
using LogAudit.OpenApi;

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
    public async Task An_answer_that_cannot_be_read_is_told_with_the_account_and_region_of_the_setting()
    {
        var world = new World();
        var product = new WorldProduct(world, Engine.Specs[0]);
        var setting = new SettingRef(product.SettingKinds.First(), Engine.Member, Engine.Shanghai, "x");
        world.Garbled.Add(setting.Kind);
        var handlers = new SettingHandlers([product]);

        var read = await Assert.ThrowsAsync<OpenApiException>(() => handlers.ReadAsync(setting, default));
        var write = await Assert.ThrowsAsync<OpenApiException>(() =>
            handlers.WriteAsync(new SettingChange(setting, null, null, "gone"), default)
        );

        Assert.All(
            new[] { read, write },
            failure => Assert.Equal((Engine.Member, Engine.Shanghai), (failure.Account, failure.Region))
        );
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
