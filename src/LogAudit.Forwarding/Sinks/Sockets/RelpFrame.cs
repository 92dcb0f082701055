using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>A frame of RELP: <c>TXNR SP COMMAND SP DATALEN [SP DATA] LF</c>.</summary>
/// <remarks>Source: the RELP specification, sections "RELP frame" and "Command rsp", github.com/rsyslog/librelp.</remarks>
public readonly ref struct RelpFrame
{
    /// <summary>The last transaction number; the next one is 1.</summary>
    public const int LastTransaction = 999_999_999;

    /// <summary>Most bytes of data that a receiver may send; an answer has a line of text, or a few offers.</summary>
    public const int MostData = 16 * 1024;

    private const int MostDigits = 9;
    private const int MostCommand = 32;

    /// <summary>The command that it answers; 0 for a hint.</summary>
    public int Transaction { get; private init; }

    /// <summary>The command.</summary>
    public ReadOnlySpan<byte> Command { get; private init; }

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>Appends a frame.</summary>
    public static void Append(int transaction, ReadOnlySpan<byte> command, ReadOnlySpan<byte> data, PooledBuffer to)
    {
        Append(transaction, to);
        to.Append((byte)' ');
        to.Append(command);
        to.Append((byte)' ');
        Append(data.Length, to);
        if (data.Length > 0)
        {
            to.Append((byte)' ');
            to.Append(data);
        }

        to.Append((byte)'\n');
    }

    /// <summary>Reads the first frame of what was received.</summary>
    /// <param name="received">What was received so far.</param>
    /// <param name="frame">The frame; a view of <paramref name="received"/>.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns><see cref="OperationStatus.Done"/>, <see cref="OperationStatus.NeedMoreData"/> or <see cref="OperationStatus.InvalidData"/>.</returns>
    public static OperationStatus TryRead(ReadOnlySpan<byte> received, out RelpFrame frame, out int length)
    {
        frame = default;
        length = 0;
        var at = 0;
        if (Token(received, ref at, MostDigits, out var number) is var first and not OperationStatus.Done)
        {
            return first;
        }

        if (Token(received, ref at, MostCommand, out var command) is var second and not OperationStatus.Done)
        {
            return second;
        }

        // Its end is a space in front of data, and the frame's own end where there is none.
        var size = received[at..];
        var digits = size.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0)
        {
            return size.Length > MostDigits ? OperationStatus.InvalidData : OperationStatus.NeedMoreData;
        }

        if (
            !TryNumber(number, out var transaction)
            || command.IndexOfAnyExcept(Letters) >= 0
            || !TryNumber(size[..digits], out var data)
            || data > MostData
        )
        {
            return OperationStatus.InvalidData;
        }

        at += digits;
        if (received[at] == (byte)' ')
        {
            at++;
        }
        else if (data > 0)
        {
            return OperationStatus.InvalidData;
        }

        if (received.Length <= at + data)
        {
            return OperationStatus.NeedMoreData;
        }

        if (received[at + data] != (byte)'\n')
        {
            return OperationStatus.InvalidData;
        }

        frame = new RelpFrame
        {
            Transaction = transaction,
            Command = command,
            Data = received.Slice(at, data),
        };
        length = at + data + 1;
        return OperationStatus.Done;
    }

    /// <summary>Reads an answer: three digits, then nothing, a space and a text, or a line feed and more.</summary>
    /// <param name="code">200: done. Anything else: not done.</param>
    /// <param name="rest">What stands behind the line.</param>
    public bool TryAnswer(out int code, out ReadOnlySpan<byte> rest)
    {
        code = 0;
        rest = default;
        var line = Data.IndexOf((byte)'\n') is var end and >= 0 ? Data[..end] : Data;
        if (line.Length < 3 || (line.Length > 3 && line[3] != (byte)' ') || !TryNumber(line[..3], out code))
        {
            return false;
        }

        rest = line.Length < Data.Length ? Data[(line.Length + 1)..] : default;
        return true;
    }

    private static readonly SearchValues<byte> Letters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8
    );

    private static OperationStatus Token(
        ReadOnlySpan<byte> received,
        scoped ref int at,
        int most,
        out ReadOnlySpan<byte> token
    )
    {
        var rest = received[at..];
        var length = rest.IndexOf((byte)' ');
        token = length > 0 ? rest[..length] : default;
        if (length < 0)
        {
            return rest.Length > most ? OperationStatus.InvalidData : OperationStatus.NeedMoreData;
        }

        at += length + 1;
        return length is 0 || length > most ? OperationStatus.InvalidData : OperationStatus.Done;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        return digits.Length <= MostDigits
            && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && Utf8Parser.TryParse(digits, out number, out _);
    }

    private static void Append(int number, PooledBuffer to)
    {
        number.TryFormat(to.GetSpan(MostDigits), out var digits, default, CultureInfo.InvariantCulture);
        to.Advance(digits);
    }
}
