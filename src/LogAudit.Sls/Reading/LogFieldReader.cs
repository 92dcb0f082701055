namespace LogAudit.Sls;

/// <summary>Goes through the fields of a log or the tags of a group. Allocates nothing.</summary>
public ref struct LogFieldReader
{
    private readonly ReadOnlySpan<byte> body;
    private readonly PullSource source;
    private readonly int end;
    private readonly uint field;
    private int position;

    internal LogFieldReader(ReadOnlySpan<byte> body, PullSource source, int start, int end, uint field)
    {
        this.body = body;
        this.source = source;
        this.end = end;
        this.field = field;
        position = start;
    }

    /// <summary>Name, UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>Value, UTF-8 as a rule; the service does not check it.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SlsDataException">The field is broken.</exception>
    public bool Next()
    {
        if (!Protobuf.NextMessage(body, ref position, end, field, source, out var start, out var stop))
        {
            return false;
        }

        var (named, valued) = (false, false);
        for (var at = start; at < stop; )
        {
            var tag = Protobuf.Tag(body, ref at, stop, source);
            switch (tag)
            {
                case 0x0A:
                    Key = Protobuf.Bytes(body, ref at, stop, source);
                    named = true;
                    break;
                case 0x12:
                    Value = Protobuf.Bytes(body, ref at, stop, source);
                    valued = true;
                    break;
                default:
                    Protobuf.Skip(body, ref at, stop, tag, known: 0b110, source);
                    break;
            }
        }

        return named && valued
            ? true
            : throw Protobuf.Broken(source, body, start, named ? "a field without a value" : "a field without a name");
    }
}
