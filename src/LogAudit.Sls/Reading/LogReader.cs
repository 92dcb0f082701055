namespace LogAudit.Sls;

/// <summary>Goes through the logs of a group. Allocates nothing.</summary>
public ref struct LogReader
{
    private readonly ReadOnlySpan<byte> body;
    private readonly PullSource source;
    private readonly int groupEnd;
    private int position;
    private int start;
    private int end;

    internal LogReader(ReadOnlySpan<byte> body, PullSource source, int start, int end)
    {
        this.body = body;
        this.source = source;
        position = start;
        groupEnd = end;
        Index = -1;
    }

    /// <summary>Which log of its group this is, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Time of the log, Unix seconds.</summary>
    public uint Time { get; private set; }

    /// <summary>Part of a second, 0–999,999,999; 0 when not told.</summary>
    public uint TimeNs { get; private set; }

    /// <summary>Fields of this log.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Bytes of this log on the wire.</summary>
    public readonly int Bytes => end - start;

    /// <summary>The log as it stands on the wire, to look through its names and values in one go.</summary>
    public readonly ReadOnlySpan<byte> Wire => body[start..end];

    /// <summary>Goes to the next log.</summary>
    /// <returns>False at the end of the group.</returns>
    /// <exception cref="SlsDataException">The log is broken.</exception>
    public bool Next()
    {
        if (!Protobuf.NextMessage(body, ref position, groupEnd, 1, source, out start, out end))
        {
            return false;
        }

        Index++;
        Survey();
        return true;
    }

    /// <summary>The fields of this log, in order. A name may come twice; the wire does not forbid it.</summary>
    public readonly LogFieldReader Fields() => new(body, source, start, end, field: 2);

    // The nanoseconds stand behind the fields, so the frames of the fields are gone over once before they are read.
    private void Survey()
    {
        (Time, TimeNs, FieldCount) = (0, 0, 0);
        var timed = false;
        for (var at = start; at < end; )
        {
            var tag = Protobuf.Tag(body, ref at, end, source);
            switch (tag)
            {
                case 0x12:
                    at += Protobuf.Length(body, ref at, end, source);
                    FieldCount++;
                    break;
                case 0x08:
                    Time = (uint)Protobuf.Varint(body, ref at, end, source);
                    timed = true;
                    break;
                case 0x25:
                    TimeNs = Protobuf.Fixed32(body, ref at, end, source);
                    break;
                default:
                    Protobuf.Skip(body, ref at, end, tag, known: 0b1_0110, source);
                    break;
            }
        }

        if (!timed)
        {
            throw Protobuf.Broken(source, body, start, "a log without a time");
        }
    }
}
