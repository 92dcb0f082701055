using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace LogAudit.Cli.Tests.Commands;

public sealed class SchemaCommandTests
{
    [Theory]
    [InlineData("settings", """{"central":{"account":"1000000000000001","region":"cn-hangzhou"}}""")]
    [InlineData(
        "scenario",
        """{"version":1,"central":{"account":"a","region":"cn-hangzhou"},"accounts":[{"uid":"1000000000000001"}]}"""
    )]
    public async Task Schema_prints_a_schema_that_takes_a_small_file_and_refuses_an_unknown_key(
        string what,
        string small
    )
    {
        var ended = await CommandLine.RunAsync("schema", what);

        Assert.Equal(0, ended.Code);
        Assert.Empty(ended.Progress);
        var schema = await JsonSchema.FromJsonAsync(ended.Output);
        Assert.Empty(schema.Validate(small));
        var wrong = JObject.Parse(small);
        wrong["centre"] = 1;
        Assert.NotEmpty(schema.Validate(wrong.ToString()));
    }

    [Fact]
    public async Task Settings_are_what_schema_prints_unless_asked_otherwise()
    {
        var settings = await CommandLine.RunAsync("schema", "settings");

        Assert.Equal(settings, await CommandLine.RunAsync("schema"));
    }
}
