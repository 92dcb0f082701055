using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>How long a message may be, and what becomes of a longer one.</summary>
/// <param name="MaxBytes">Largest message that the receiver takes, in bytes, without its frame.</param>
/// <param name="Truncates">Whether a longer one is cut; otherwise it becomes a dead letter.</param>
public sealed record MessageLimit(int MaxBytes, bool Truncates = false)
{
    /// <summary>A receiver must take 480 bytes. Source: RFC 5424, section 6.1.</summary>
    public const int Least = 480;

    /// <summary>Reads <c>max-message-bytes</c> and <c>oversize</c>: <c>dead-letter</c> (default) or <c>truncate</c>.</summary>
    /// <param name="options">The options of a destination.</param>
    /// <param name="otherwise">Bytes by default.</param>
    /// <param name="most">Most bytes that the transport carries.</param>
    public static MessageLimit From(OptionReader options, int otherwise, int most) =>
        new(
            (int)options.Whole("max-message-bytes", otherwise, Least, most),
            options.Choice("oversize", "dead-letter", "truncate")
        );

    /// <summary>Positions of the records that go; the others are rejected in the report.</summary>
    internal List<int> Fitting(EncodedBatch batch, DeliveryReport report)
    {
        var fitting = new List<int>(batch.Count);
        for (var index = 0; index < batch.Count; index++)
        {
            if (Problem(batch.Body(index).Span) is { } problem)
            {
                report[index] = new RecordOutcome.Reject(problem);
            }
            else
            {
                fitting.Add(index);
            }
        }

        return fitting;
    }

    /// <summary>A message as it goes: whole, or cut behind a whole character and a whole escape sequence.</summary>
    internal ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> message) =>
        message.Length <= MaxBytes ? message : message[..CutAt(message.Span, MaxBytes)];

    // Without its header and structured data a message has no id; such a one is not sent.
    private string? Problem(ReadOnlySpan<byte> message)
    {
        if (message.Length <= MaxBytes)
        {
            return null;
        }

        if (!Truncates)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The message has {message.Length} bytes; max-message-bytes is {MaxBytes}."
            );
        }

        var header = SyslogHeader.LengthOf(message);
        return header <= MaxBytes
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The message cannot be cut: its header and structured data have {header} bytes; max-message-bytes is {MaxBytes}."
            );
    }

    private static int CutAt(ReadOnlySpan<byte> message, int end)
    {
        while (end > 0 && (message[end] & 0xC0) == 0x80)
        {
            end--;
        }

        // \n, \= and the like have two characters, \u00e9 has six; a backslash that is escaped itself begins nothing.
        const int LongestEscape = 6;
        var from = Math.Max(0, end - LongestEscape + 1);
        var slash = message[from..end].LastIndexOf((byte)'\\') + from;
        if (slash < from || !BeginsEscape(message, slash))
        {
            return end;
        }

        var length = slash + 1 < message.Length && message[slash + 1] == (byte)'u' ? LongestEscape : 2;
        return slash + length > end ? slash : end;
    }

    private static bool BeginsEscape(ReadOnlySpan<byte> message, int slash)
    {
        var before = message[..slash].LastIndexOfAnyExcept((byte)'\\');
        return (slash - before) % 2 == 1;
    }
}
