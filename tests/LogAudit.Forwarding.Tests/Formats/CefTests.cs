using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class CefTests
{
    private static readonly RecordMapping Mapping = Normalised.Mapping(
        new FieldMapping("account", "cloud.account.id", FieldConversion.Text),
        new FieldMapping("region", "cloud.region", FieldConversion.Text),
        new FieldMapping("when", "@timestamp", FieldConversion.IsoTime),
        new FieldMapping("who", "user.name", FieldConversion.Text),
        new FieldMapping("what", "event.action", FieldConversion.Text),
        new FieldMapping("ip", "source.ip", FieldConversion.Ip),
        new FieldMapping("net", "network.name", FieldConversion.Text),
        new FieldMapping("status", "event.outcome", FieldConversion.HttpOutcome)
    );

    [Fact]
    public void Line_has_the_reviewed_form() =>
        Golden.Equal(
            "cef.golden.txt",
            Line(
                new Cef(Envelope.Rfc3164),
                ("account", "1000000000000001"),
                ("region", "cn-hangzhou"),
                ("when", "2026-03-02T11:04:05.123Z"),
                ("who", "ops=1"),
                ("what", "Run|Instances"),
                ("ip", "203.0.113.9"),
                ("net", "vpc-1"),
                ("status", "403"),
                ("other", "a=b\nc")
            ) + "\n"
        );

    [Theory]
    [InlineData("2001:db8::1", "c6a2")]
    [InlineData("203.0.113.9", "src")]
    [InlineData("ecs.aliyuncs.com", "shost")]
    public void An_address_stands_under_the_key_of_its_kind(string address, string key)
    {
        var line = Parsed(("ip", address));

        Assert.Equal(address, line.Extension[key]);
        Assert.Single(line.Extension.Keys.Intersect(["c6a2", "src", "shost"]));
    }

    [Fact]
    public void A_value_longer_than_its_key_allows_stands_whole_under_a_key_of_its_own()
    {
        var action = new string('a', 64);

        var line = Parsed(("what", action));

        Assert.Equal(action, line.Extension["AliyunEventAction"]);
        Assert.DoesNotContain("act", line.Extension.Keys);
    }

    [Fact]
    public void Names_that_differ_in_their_signs_only_have_keys_of_their_own()
    {
        var mapping = Normalised.Mapping(
            new FieldMapping("one", "labels.a_b", FieldConversion.Text),
            new FieldMapping("two", "labels.a.b", FieldConversion.Text)
        );

        var line = CefLine.Parse(Line(new Cef(Envelope.None), mapping, ("one", "1"), ("two", "2")));

        Assert.Equal(["1", "2"], [line.Extension["AliyunLabelsAB"], line.Extension["AliyunLabelsAB2"]]);
    }

    [Property(MaxTest = 300)]
    public void What_a_reader_of_the_standard_gets_equals_what_was_put_in(
        string who,
        string what,
        string net,
        string other
    )
    {
        var line = Parsed(("who", Clean(who)), ("what", Clean(what)), ("net", Clean(net)), ("other", Clean(other)));

        Assert.Equal(AsValue(who), line.Extension.GetValueOrDefault("suser", ""));
        Assert.Equal(AsValue(net), line.Extension.GetValueOrDefault("AliyunNetworkName", ""));
        Assert.Equal(Action(what), line.Header[4]);
        Assert.Equal(line.Header[4], line.Header[5]);
        Assert.Equal(Clean(other), (string?)JsonNode.Parse(line.Extension["AliyunUnmapped"])!["other"]);
    }

    private static string Action(string what) =>
        AsValue(what) is { Length: > 0 } && Clean(what).Length <= 512
            ? string.Concat(Clean(what).Select(one => one < ' ' ? ' ' : one))
            : "test";

    // An absent value and the dash of access logs are no values; control characters but line breaks become spaces.
    private static string AsValue(string? text) =>
        Clean(text) is "" or "-"
            ? ""
            : string.Concat(Clean(text).Select(one => one is < ' ' and not '\n' and not '\r' ? ' ' : one));

    private static CefLine Parsed(params (string, string)[] fields) =>
        CefLine.Parse(Line(new Cef(Envelope.None), fields));

    internal static string Line(IFormat format, params (string, string)[] fields) => Line(format, Mapping, fields);

    private static string Line(IFormat format, RecordMapping mapping, params (string, string)[] fields) =>
        Normalised.Text(
            Normalised.Catalogue(mapping),
            Normalised.Target("test_log"),
            format,
            new TestGroup("topic", [TestLog.Of(1, fields)])
        )[0];

    internal static string Clean(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
}
