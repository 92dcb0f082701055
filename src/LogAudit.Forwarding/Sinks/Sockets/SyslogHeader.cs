namespace LogAudit.Forwarding;

/// <summary>The part of a message that tells a receiver what it is and whose it is.</summary>
internal static class SyslogHeader
{
    private const int TimestampBytes = 16; // "Mmm dd hh:mm:ss " of RFC 3164

    /// <summary>Bytes before the text of a message: header and structured data of RFC 5424; time, host and tag of RFC 3164; the header of CEF and LEEF, also behind one of these.</summary>
    /// <returns>0 for a message of none of these forms; the whole length for one that ends in its header.</returns>
    public static int LengthOf(ReadOnlySpan<byte> message)
    {
        var at = PriorityLength(message);
        if (at > 0 && message[at..].StartsWith("1 "u8))
        {
            return After5424(message, at);
        }

        if (at > 0)
        {
            at = AfterToken(message, at + TimestampBytes);
        }

        return message[at..] switch
        {
            var rest when rest.StartsWith("CEF:"u8) => AfterPipes(message, at, 7),
            var rest when rest.StartsWith("LEEF:1"u8) => AfterPipes(message, at, 5),
            var rest when rest.StartsWith("LEEF:"u8) => AfterPipes(message, at, 6),
            var rest when at > 0 && rest.IndexOf(": "u8) is var tag and >= 0 => at + tag + 2,
            _ => at,
        };
    }

    private static int PriorityLength(ReadOnlySpan<byte> message)
    {
        var end = message.StartsWith("<"u8) ? message.IndexOf((byte)'>') : -1;
        return end is >= 2 and <= 4 ? end + 1 : 0;
    }

    // VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP, then "-" or elements in brackets, then SP.
    private static int After5424(ReadOnlySpan<byte> message, int at)
    {
        for (var token = 0; token < 6; token++)
        {
            at = AfterToken(message, at);
        }

        if (at >= message.Length || message[at] != (byte)'[')
        {
            return AfterToken(message, at);
        }

        for (var quoted = false; at < message.Length; at++)
        {
            var one = message[at];
            if (quoted && one == (byte)'\\')
            {
                at++;
            }
            else if (one == (byte)'"')
            {
                quoted = !quoted;
            }
            else if (!quoted && one == (byte)' ' && message[at - 1] == (byte)']')
            {
                return at + 1;
            }
        }

        return message.Length;
    }

    private static int AfterToken(ReadOnlySpan<byte> message, int at)
    {
        var length = at < message.Length ? message[at..].IndexOf((byte)' ') : -1;
        return length < 0 ? message.Length : at + length + 1;
    }

    private static int AfterPipes(ReadOnlySpan<byte> message, int at, int pipes)
    {
        for (; at < message.Length; at++)
        {
            if (message[at] == (byte)'\\')
            {
                at++;
            }
            else if (message[at] == (byte)'|' && --pipes == 0)
            {
                return at + 1;
            }
        }

        return message.Length;
    }
}
