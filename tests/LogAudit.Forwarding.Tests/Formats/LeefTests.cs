using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class LeefTests
{
    [Theory]
    [InlineData("2.0", "leef2.golden.txt")]
    [InlineData("1.0", "leef1.golden.txt")]
    public void Line_has_the_reviewed_form(string version, string golden) =>
        Golden.Equal(
            golden,
            CefTests.Line(
                new Leef(Envelope.Rfc3164, version),
                ("account", "1000000000000001"),
                ("region", "cn-hangzhou"),
                ("when", "2026-03-02T11:04:05.123Z"),
                ("who", "ops\t1"),
                ("what", "Run|Instances"),
                ("ip", "203.0.113.9"),
                ("net", "vpc-1"),
                ("status", "403"),
                ("other", "a=b\nc")
            ) + "\n"
        );

    [Property(MaxTest = 300)]
    public void What_a_reader_gets_equals_what_was_put_in_but_for_characters_that_the_format_cannot_carry(
        string who,
        string net,
        string other
    )
    {
        var (user, name) = (CefTests.Clean(who), CefTests.Clean(net));

        var line = LeefLine.Parse(
            CefTests.Line(
                new Leef(Envelope.None, "2.0"),
                ("who", user),
                ("net", name),
                ("other", CefTests.Clean(other))
            )
        );

        Assert.Equal(
            Carried(user),
            line.Attributes.GetValueOrDefault("usrName") ?? line.Attributes.GetValueOrDefault("AliyunUserName", "")
        );
        Assert.Equal(Carried(name), line.Attributes.GetValueOrDefault("AliyunNetworkName", ""));
        Assert.Equal(CefTests.Clean(other), (string?)JsonNode.Parse(line.Attributes["AliyunUnmapped"])!["other"]);
        Assert.Equal("test", line.Header[4]);
    }

    private static string Carried(string text) =>
        text is "-" ? "" : string.Concat(text.Select(one => one < ' ' ? ' ' : one));
}
