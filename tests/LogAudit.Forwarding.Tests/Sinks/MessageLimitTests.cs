using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class MessageLimitTests
{
    private const string Header =
        "<110>1 2026-03-02T03:04:05.000Z cn-hangzhou logaudit - slb_access [logaudit@32473 event_id=\"a\\]b\\\" ] c\"][origin ip=\"203.0.113.9\"] ";

    [Theory]
    [InlineData(Header, "{\"a\":1}")]
    [InlineData("<110>1 2026-03-02T03:04:05.000Z - logaudit - x - ", "text")]
    [InlineData("<110>Mar  2 03:04:05 cn-hangzhou logaudit: ", "{\"a\": 1}")]
    [InlineData("<110>Mar  2 03:04:05 cn-hangzhou CEF:0|Alibaba Cloud|rds|1.0|a\\|b|c|3|", "rt=1 externalId=x")]
    [InlineData("CEF:0|Alibaba Cloud|rds|1.0|a|c|3|", "rt=1")]
    [InlineData("LEEF:1.0|Alibaba Cloud|rds|1.0|x|", "cat=1")]
    [InlineData("<110>Mar  2 03:04:05 - LEEF:2.0|Alibaba Cloud|rds|1.0|x|x09|", "cat=1")]
    [InlineData("", "{\"a\": 1}")]
    [InlineData("<110>1 2026-03-02T03:04:05.000Z cn-hangzhou", "")]
    public void Header_is_everything_before_the_text(string header, string text) =>
        Assert.Equal(header.Length, SyslogHeader.LengthOf(Encoding.ASCII.GetBytes(header + text)));

    [Property(MaxTest = 500)]
    public bool Header_of_anything_lies_inside_it(byte[] tail, PositiveInt kept)
    {
        byte[] message = [.. Encoding.ASCII.GetBytes(Header)[..Math.Min(kept.Get, Header.Length)], .. tail ?? []];

        return SyslogHeader.LengthOf(message) is var length && length >= 0 && length <= message.Length;
    }

    [Theory]
    [InlineData("""…"a":"é""", 1)]
    [InlineData("""…"a":"中""", 2)]
    [InlineData("""…"a":"😀""", 3)]
    [InlineData("""…"a":"\n""", 1)]
    [InlineData("""…"a":"\u00e9""", 5)]
    [InlineData("""…"a":"\u00e9""", 1)]
    [InlineData("""…a=\=""", 1)]
    public void Cut_leaves_out_a_character_or_an_escape_that_would_not_be_whole(string end, int missing)
    {
        var message = Encoding.UTF8.GetBytes(end);
        var lastStarts = Encoding.UTF8.GetByteCount(
            end[
                ..^(
                    end.EndsWith("e9", StringComparison.Ordinal) ? 6
                    : end[^2] == '\\' || char.IsSurrogate(end[^1]) ? 2
                    : 1
                )
            ]
        );
        byte[] longer = [.. message, .. "and more"u8];

        var cut = new MessageLimit(message.Length - missing).Cut(longer);

        Assert.Equal(message[..lastStarts], cut.ToArray());
    }

    [Fact]
    public void Cut_keeps_escapes_that_are_whole()
    {
        var message = """a\\u0041bcdef\\""" + "\\u0041x";

        Assert.Equal(
            """a\\u0041bcdef\\""",
            Encoding.ASCII.GetString(new MessageLimit(message.Length - 2).Cut(Encoding.ASCII.GetBytes(message)).Span)
        );
        Assert.Equal(
            message[..^1],
            Encoding.ASCII.GetString(new MessageLimit(message.Length - 1).Cut(Encoding.ASCII.GetBytes(message)).Span)
        );
    }

    [Property(MaxTest = 500)]
    public bool Cut_is_a_valid_start_within_the_limit(NonEmptyString text, PositiveInt limit)
    {
        var whole = new string([.. text.Get.Where(one => !char.IsSurrogate(one))]) + "\\n\\u00e9é中";
        var message = Encoding.UTF8.GetBytes(whole);

        var cut = new MessageLimit(limit.Get).Cut(message);

        return cut.Length <= Math.Max(limit.Get, 0)
            && whole.StartsWith(
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(cut.Span),
                StringComparison.Ordinal
            )
            && cut.Length >= Math.Min(message.Length, limit.Get) - 8;
    }

    [Fact]
    public void Header_that_is_longer_than_the_limit_is_rejected_and_not_cut()
    {
        using var batch = SinkBatches.Of(new Fixed($"{Header[..^2]} y=\"{new string('y', 500)}\"] {{}}"), 1);
        var report = new DeliveryReport(1);

        var fitting = new MessageLimit(480, Truncates: true).Fitting(batch, report);

        Assert.Empty(fitting);
        Assert.Contains(
            "structured data",
            Assert.IsType<RecordOutcome.Reject>(report[0]).Reason,
            StringComparison.Ordinal
        );
    }

    private sealed class Fixed(string text) : IFormat
    {
        public string Name => "fixed";
        public string ContentType => "text/plain";

        public void Write(in AuditRecord record, IBufferWriter<byte> to) => to.Write(Encoding.ASCII.GetBytes(text));
    }
}
