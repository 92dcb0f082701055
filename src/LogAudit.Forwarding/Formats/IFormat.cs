using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Shapes a record for a receiver. Pure: no clock, no I/O, no culture; the same record always gives the same bytes.</summary>
public interface IFormat
{
    /// <summary>Its name in the settings, for example <c>rfc5424</c>.</summary>
    string Name { get; }

    /// <summary>MIME type of one record.</summary>
    string ContentType { get; }

    /// <summary>Whether it writes the fields as SLS holds them; the normaliser then keeps them beside what the mapping makes of them.</summary>
    bool WantsFields => false;

    /// <summary>Appends one record, without separator or frame: those belong to the sink.</summary>
    void Write(in AuditRecord record, IBufferWriter<byte> to);
}
