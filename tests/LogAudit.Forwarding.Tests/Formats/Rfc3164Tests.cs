using System.Text.Json.Nodes;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class Rfc3164Tests
{
    [Theory]
    [InlineData("2026-03-02T11:04:05.123+08:00", "cn-hangzhou", "<110>Mar  2 03:04:05 cn-hangzhou logaudit: ")]
    [InlineData("2026-12-31T23:59:59Z", "", "<110>Dec 31 23:59:59 - logaudit: ")]
    public void Header_has_the_form_of_BSD_syslog_in_UTC_and_the_text_the_whole_record(
        string when,
        string region,
        string header
    )
    {
        var line = CefTests.Line(new Rfc3164(new Rfc3164Options()), ("when", when), ("region", region), ("who", "ops"));

        Assert.StartsWith(header + "{", line, StringComparison.Ordinal);
        var json = JsonNode.Parse(line[header.Length..])!;
        Assert.Equal("ops", (string?)json["user"]!["name"]);
        Assert.Equal(DateTimeOffset.Parse(when, null), DateTimeOffset.Parse((string)json["@timestamp"]!, null));
    }
}
