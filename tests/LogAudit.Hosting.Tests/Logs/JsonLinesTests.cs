using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging;

namespace LogAudit.Hosting.Tests.Logs;

public sealed class JsonLinesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("审")]
    [InlineData("😀")]
    [InlineData("\"")]
    [InlineData("\n")]
    public void A_line_never_exceeds_what_the_platform_takes(string letter)
    {
        var huge = string.Concat(Enumerable.Repeat(letter, 50_000));

        var line = Write(logger =>
            logger.LogError(
                new InvalidOperationException(huge),
                "{A} {B} {C} {D} {E} {F} {G} {H} {I}",
                huge,
                huge,
                huge,
                huge,
                huge,
                huge,
                huge,
                huge,
                huge
            )
        );

        Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 32 * 1024);
        Assert.Equal(1, line.Count(character => character == '\n'));
        using var json = JsonDocument.Parse(line);
        Assert.EndsWith("…", json.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Property]
    public bool A_message_is_read_back_as_written(string? text)
    {
        var valid = string.Concat((text ?? "").Where(letter => !char.IsSurrogate(letter)));

        using var json = JsonDocument.Parse(Write(logger => logger.LogInformation("{Text}", valid)));

        return json.RootElement.GetProperty("message").GetString() == valid;
    }

    [Fact]
    public void A_secret_is_not_shown()
    {
        var line = Write(logger => logger.LogInformation("key {Key}", new Secret("PlantedSecret")));

        Assert.DoesNotContain("PlantedSecret", line, StringComparison.Ordinal);
    }

    private static string Write(Action<ILogger> log)
    {
        using var output = new MemoryStream();
        using var lines = new JsonLines(output, TimeProvider.System, new CurrentInvocation());
        log(lines.CreateLogger("LogAudit.Test"));
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
