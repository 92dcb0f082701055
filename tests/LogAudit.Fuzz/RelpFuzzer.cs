using System.Buffers;
using System.Globalization;
using System.Text;
using LogAudit.Forwarding;

namespace LogAudit.Fuzz;

/// <summary>Feeds streams of RELP answers, damaged at a few places, as if they had come in one piece and byte by byte.</summary>
public sealed class RelpFuzzer(int seed) : Fuzzer(seed)
{
    private static readonly string[] Answers =
    [
        "200 OK",
        "500 cannot",
        "",
        "200 OK\nrelp_version=0\nrelp_software=soc,1,\ncommands=syslog",
        "421",
    ];

    /// <inheritdoc/>
    protected override byte[] Next()
    {
        var stream = new StringBuilder();
        for (var i = Random.Next(1, 6); i > 0; i--)
        {
            var data = Answers[Random.Next(Answers.Length)];
            var (transaction, command) = Random.Next(8) == 0 ? (0, "serverclose") : (Random.Next(1_000_000_000), "rsp");
            stream.Append(
                CultureInfo.InvariantCulture,
                $"{transaction} {command} {data.Length}{(data.Length > 0 ? " " : "")}{data}\n"
            );
        }

        var bytes = Encoding.ASCII.GetBytes(stream.ToString());
        return Random.Next(4) == 0 ? bytes : Mutate(bytes);
    }

    /// <inheritdoc/>
    protected override bool Parse(byte[] input)
    {
        for (var at = 0; at < input.Length; )
        {
            var rest = input.AsSpan(at);
            var status = RelpFrame.TryRead(rest, out var frame, out var length);
            if (status != OperationStatus.Done)
            {
                return status == OperationStatus.NeedMoreData && at > 0;
            }

            CheckFrame(rest, frame, length);
            at += length;
        }

        return true;
    }

    // A frame lies inside what was received, says the same to every reader, and was not there before its last byte.
    private static void CheckFrame(ReadOnlySpan<byte> rest, RelpFrame frame, int length)
    {
        frame.TryAnswer(out var code, out var behind);
        if (
            length <= 0
            || length > rest.Length
            || frame.Data.Length > length
            || behind.Length > frame.Data.Length
            || code is < 0 or > 999
        )
        {
            throw new InvalidOperationException("A frame reaches beyond what was received.");
        }

        for (var part = 0; part < length; part++)
        {
            if (RelpFrame.TryRead(rest[..part], out _, out _) != OperationStatus.NeedMoreData)
            {
                throw new InvalidOperationException($"The first {part} bytes of a frame were not waited for.");
            }
        }
    }
}
