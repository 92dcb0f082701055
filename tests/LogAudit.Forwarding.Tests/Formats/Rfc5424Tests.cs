using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class Rfc5424Tests
{
    private static readonly RecordMapping Mapping = Normalised.Mapping(
        new FieldMapping("account", "cloud.account.id", FieldConversion.Text),
        new FieldMapping("region", "cloud.region", FieldConversion.Text),
        new FieldMapping("when", "@timestamp", FieldConversion.IsoTime)
    );

    [Fact]
    public void Message_has_the_reviewed_form()
    {
        var text = Message(
            ("account", "1000000000000001"),
            ("region", "cn-hangzhou"),
            ("when", "2026-03-02T11:04:05.1234567+08:00")
        );

        Golden.Equal("rfc5424.golden.txt", text + "\n");
    }

    [Fact]
    public void Timestamp_has_at_most_six_digits_and_json_keeps_them_all()
    {
        var (message, json) = Parsed(("when", "2026-03-02T11:04:05.123456789Z"));

        Assert.Equal("2026-03-02T11:04:05.123456Z", message.Timestamp);
        Assert.Equal("2026-03-02T11:04:05.123456789Z", (string?)json["@timestamp"]);
    }

    [Fact]
    public void Options_change_enterprise_number_and_application()
    {
        var format = new Rfc5424(new Rfc5424Options { EnterpriseNumber = 4711, AppName = "audit" });
        var group = new TestGroup("topic", [TestLog.Of(1)]);

        var message = SyslogMessage.Parse(
            Normalised.Text(Normalised.Catalogue(Mapping), Normalised.Target("test_log"), format, group)[0]
        );

        Assert.Equal(("audit", "logaudit@4711"), (message.AppName, message.SdId));
    }

    [Property(MaxTest = 300)]
    public void What_a_strict_parser_reads_equals_what_was_put_in(string account, string region, string other)
    {
        var (message, json) = Parsed(("account", Clean(account)), ("region", Clean(region)), ("other", Clean(other)));

        Assert.Equal(110, message.Priority);
        Assert.Equal((string?)json["event"]!["id"], message.Parameters["event_id"]);
        Assert.Equal("test", message.Parameters["product"]);
        Assert.Equal(AsParameter(Clean(account)), message.Parameters["account"]);
        Assert.Equal(Clean(other), (string?)json["aliyun"]!["test"]!["other"]);
    }

    private static (SyslogMessage Message, JsonObject Json) Parsed(params (string, string)[] fields)
    {
        var message = SyslogMessage.Parse(Message(fields));
        return (message, JsonNode.Parse(message.Text)!.AsObject());
    }

    private static string Message(params (string, string)[] fields) =>
        Normalised.Text(
            Normalised.Catalogue(Mapping),
            Normalised.Target("test_log"),
            new Rfc5424(new Rfc5424Options()),
            new TestGroup("topic", [TestLog.Of(1, fields)])
        )[0];

    private static string AsParameter(string account) =>
        account is "" or "-"
            ? ""
            : string.Concat(
                Encoding.UTF8.GetBytes(account).Take(255).Select(one => one is >= 0x20 and < 0x7F ? (char)one : '?')
            );

    private static string Clean(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
}

/// <summary>A strict reader of RFC 5424, written from the grammar and not from our writer.</summary>
internal sealed record SyslogMessage(
    int Priority,
    string Timestamp,
    string HostName,
    string AppName,
    string ProcId,
    string MsgId,
    string SdId,
    IReadOnlyDictionary<string, string> Parameters,
    string Text
)
{
    public static SyslogMessage Parse(string line)
    {
        var at = 0;
        string Until(char stop)
        {
            var end = line.IndexOf(stop, at);
            Assert.True(end >= 0, $"no '{stop}' after {at}: {line}");
            var text = line[at..end];
            at = end + 1;
            return text;
        }

        Assert.Equal('<', line[at++]);
        var priority = Until('>');
        Assert.Matches("^(0|[1-9][0-9]{0,2})$", priority);
        Assert.Equal("1", Until(' '));
        var timestamp = Until(' ');
        Assert.Matches(
            "^-$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$",
            timestamp
        );
        var (host, app, proc, id) = (Until(' '), Until(' '), Until(' '), Until(' '));
        Assert.Matches("^[!-~]{1,255}$", host);
        Assert.Matches("^[!-~]{1,48}$", app);
        Assert.Matches("^[!-~]{1,128}$", proc);
        Assert.Matches("^[!-~]{1,32}$", id);
        Assert.Equal('[', line[at++]);
        var sdId = Until(' ');
        Assert.Matches("^[!-~-[=\\]\"]]{1,32}$", sdId);
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var name = Until('=');
            Assert.Matches("^[a-z_]{1,32}$", name);
            Assert.Equal('"', line[at++]);
            var value = new StringBuilder();
            for (; line[at] != '"'; at++)
            {
                Assert.NotEqual(']', line[at]);
                if (line[at] == '\\' && line[at + 1] is '"' or '\\' or ']')
                {
                    at++;
                }

                value.Append(line[at]);
            }

            at++;
            parameters.Add(name, value.ToString());
            if (line[at++] == ']')
            {
                break;
            }
        }

        Assert.Equal(' ', line[at++]);
        Assert.NotEqual('\uFEFF', line[at]);
        return new(
            int.Parse(priority, System.Globalization.CultureInfo.InvariantCulture),
            timestamp,
            host,
            app,
            proc,
            id,
            sdId,
            parameters,
            line[at..]
        );
    }
}
