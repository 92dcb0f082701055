using System.Text.Json;

namespace LogAudit.Core.Tests.Secrets;

public sealed class SecretTests
{
    private static readonly Secret Planted = new("planted-value");

    [Fact]
    public void ToString_hides_the_text_alone_and_inside_records()
    {
        var credentials = new Credentials("id", Planted, Planted, null);

        Assert.Equal("***", Planted.ToString());
        Assert.DoesNotContain("planted", $"{credentials} {Planted}", StringComparison.Ordinal);
    }

    [Fact]
    public void Serialisation_is_refused_both_ways()
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Serialize(Planted));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>("\"x\""));
    }

    [Fact]
    public void Equality_is_by_text()
    {
        Assert.Equal(new Secret("a"), new Secret("a"));
        Assert.NotEqual(new Secret("a"), new Secret("b"));
        Assert.Equal("planted-value", Planted.Reveal());
    }
}
