using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>The syslog header in front of formats that have none of their own.</summary>
internal enum Envelope
{
    /// <summary>None: for webhooks and files.</summary>
    None,

    /// <summary>Priority, time and host in the old form, which the tools of both formats expect.</summary>
    Rfc3164,
}

/// <summary>Reads and writes envelopes.</summary>
internal static class Envelopes
{
    /// <summary>Reads option <c>envelope</c>: <c>rfc3164</c> (default) or <c>none</c>.</summary>
    public static Envelope From(OptionReader options) =>
        options.Text("envelope", "rfc3164", text => text is "rfc3164" or "none", "rfc3164 or none", "rfc3164") is "none"
            ? Envelope.None
            : Envelope.Rfc3164;

    /// <summary>Writes the header and a space.</summary>
    public static void Write(this Envelope envelope, in AuditRecord record, IBufferWriter<byte> to)
    {
        if (envelope == Envelope.None)
        {
            return;
        }

        var text = new Utf8Text(to.GetSpan(Rfc3164.MostHeader));
        Rfc3164.WriteHeader(ref text, record);
        text.Byte((byte)' ');
        to.Advance(text.Length);
    }
}
