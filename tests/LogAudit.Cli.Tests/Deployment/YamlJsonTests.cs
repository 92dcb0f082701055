using LogAudit.Cli.Deployment;
using Newtonsoft.Json.Linq;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Cli.Tests.Deployment;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("3", JTokenType.Integer, "3")]
    [InlineData("-7", JTokenType.Integer, "-7")]
    [InlineData("0.5", JTokenType.Float, "0.5")]
    [InlineData("1e3", JTokenType.Float, "1000")]
    [InlineData("true", JTokenType.Boolean, "True")]
    [InlineData("false", JTokenType.Boolean, "False")]
    [InlineData("null", JTokenType.Null, "")]
    [InlineData("~", JTokenType.Null, "")]
    [InlineData("'3'", JTokenType.String, "3")]
    [InlineData("\"true\"", JTokenType.String, "true")]
    [InlineData("'null'", JTokenType.String, "null")]
    [InlineData("''", JTokenType.String, "")]
    [InlineData("|-\n  12", JTokenType.String, "12")]
    [InlineData("yes", JTokenType.String, "yes")]
    [InlineData("off", JTokenType.String, "off")]
    [InlineData("None", JTokenType.String, "None")]
    [InlineData("@every 1m", JTokenType.String, null)]
    [InlineData("3.0.0", JTokenType.String, "3.0.0")]
    [InlineData("12:30", JTokenType.String, "12:30")]
    [InlineData("Infinity", JTokenType.String, "Infinity")]
    [InlineData("NaN", JTokenType.String, "NaN")]
    public void A_plain_scalar_is_what_it_looks_like_and_a_quoted_one_is_text(
        string yaml,
        JTokenType type,
        string? text
    )
    {
        var value = YamlJson.From(Node(text is null ? $"'{yaml}'" : yaml));

        Assert.Equal(type, value.Type);
        Assert.Equal(text ?? yaml, ((JValue)value).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Maps_and_lists_keep_their_order()
    {
        var json = YamlJson.From(Node("b: [1, two, {c: '3'}]\na: {}\nz: []\nn:"));

        Assert.Equal(
            """{"b":[1,"two",{"c":"3"}],"a":{},"z":[],"n":null}""",
            json.ToString(Newtonsoft.Json.Formatting.None)
        );
    }

    [Fact]
    public void A_scalar_made_in_code_reads_like_a_plain_one()
    {
        Assert.Equal(JTokenType.Integer, YamlJson.From(new YamlScalarNode("30")).Type);
    }

    private static YamlNode Node(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].RootNode;
    }
}
