using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Xunit;

namespace LogAudit.Forwarding.Tests.Sinks;

public sealed class RelpFrameTests
{
    [Theory]
    [InlineData("1 rsp 6 200 OK\n", 1, "rsp", "200 OK")]
    [InlineData("4 rsp 0\n", 4, "rsp", "")]
    [InlineData("0 serverclose 0\n", 0, "serverclose", "")]
    [InlineData("999999999 rsp 3 500\nrest", 999_999_999, "rsp", "500")]
    [InlineData("2 rsp 5 a\nb\nc\n", 2, "rsp", "a\nb\nc")]
    public void TryRead_reads_a_frame(string received, int transaction, string command, string data)
    {
        var status = RelpFrame.TryRead(Encoding.ASCII.GetBytes(received), out var frame, out _);

        Assert.Equal(OperationStatus.Done, status);
        Assert.Equal(transaction, frame.Transaction);
        Assert.Equal(command, Encoding.ASCII.GetString(frame.Command));
        Assert.Equal(data, Encoding.ASCII.GetString(frame.Data));
    }

    [Theory]
    [InlineData("x rsp 0\n")]
    [InlineData("-1 rsp 0\n")]
    [InlineData(" rsp 0\n")]
    [InlineData("1  0\n")]
    [InlineData("1 r5p 0\n")]
    [InlineData("1 rsp x\n")]
    [InlineData("1 rsp \n")]
    [InlineData("1 rsp 6x200 OK\n")]
    [InlineData("1 rsp 6 200 OK!\n")]
    [InlineData("1 rsp 999999999 ")]
    [InlineData("1234567890 rsp 0\n")]
    [InlineData("1234567890123")]
    [InlineData("1 abcdefghijklmnopqrstuvwxyzabcdefghijk 0\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    public void TryRead_refuses_what_is_not_a_frame(string received) =>
        Assert.Equal(OperationStatus.InvalidData, RelpFrame.TryRead(Encoding.ASCII.GetBytes(received), out _, out _));

    [Theory]
    [InlineData("200 OK", true, 200, "")]
    [InlineData("200", true, 200, "")]
    [InlineData("200 OK\nrelp_version=0", true, 200, "relp_version=0")]
    [InlineData("500\na\nb", true, 500, "a\nb")]
    [InlineData("", false, 0, "")]
    [InlineData("20", false, 0, "")]
    [InlineData("2000 OK", false, 0, "")]
    [InlineData("OK 200", false, 0, "")]
    public void TryAnswer_reads_the_code_and_what_stands_behind_the_line(string data, bool ok, int code, string rest)
    {
        RelpFrame.TryRead(Encoding.ASCII.GetBytes($"1 rsp {data.Length} {data}\n"), out var frame, out _);

        Assert.Equal(ok, frame.TryAnswer(out var found, out var behind));
        Assert.Equal(code, found);
        Assert.Equal(rest, Encoding.ASCII.GetString(behind));
    }

    [Property(MaxTest = 300)]
    public bool Frame_reads_back_as_it_was_written_and_wants_more_until_it_is_whole(NonNegativeInt number, byte[]? text)
    {
        var data = text ?? [];
        using var written = new PooledBuffer();
        RelpFrame.Append(number.Get, "syslog"u8, data, written);
        for (var length = 0; length < written.Length; length++)
        {
            if (RelpFrame.TryRead(written.Written[..length], out _, out _) != OperationStatus.NeedMoreData)
            {
                return false;
            }
        }

        return RelpFrame.TryRead(written.Written, out var frame, out var whole) == OperationStatus.Done
            && whole == written.Length
            && frame.Transaction == number.Get
            && frame.Command.SequenceEqual("syslog"u8)
            && frame.Data.SequenceEqual(data);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260301)]
    public void TryRead_survives_damaged_streams(int seed)
    {
        var fuzzer = new Fuzz.RelpFuzzer(seed);

        fuzzer.Run(20_000);

        Assert.Null(fuzzer.Finding);
        Assert.True(fuzzer.Taken > 1_000 && fuzzer.Refused > 1_000, $"{fuzzer.Taken} taken, {fuzzer.Refused} refused");
    }
}
