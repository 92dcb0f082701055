namespace LogAudit.Sls;

/// <summary>Goes through the groups of a pull. Allocates nothing.</summary>
public ref struct LogGroupReader
{
    private readonly ReadOnlySpan<byte> body;
    private readonly PullSource source;
    private int position;
    private int start;
    private int end;
    private int firstTag;

    internal LogGroupReader(ReadOnlySpan<byte> body, PullSource source)
    {
        this.body = body;
        this.source = source;
        Index = -1;
    }

    /// <summary>Which group of the answer this is, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Logs in this group.</summary>
    public int LogCount { get; private set; }

    /// <summary>Topic of the group, UTF-8; empty for none.</summary>
    public ReadOnlySpan<byte> Topic { get; private set; }

    /// <summary>Source of the group, UTF-8, as a rule an address; empty for none.</summary>
    public ReadOnlySpan<byte> Source { get; private set; }

    /// <summary>Goes to the next group.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SlsDataException">The group is broken.</exception>
    public bool Next()
    {
        if (!Protobuf.NextMessage(body, ref position, body.Length, 1, source, out start, out end))
        {
            return false;
        }

        Index++;
        Survey();
        return true;
    }

    /// <summary>The logs of this group, in order.</summary>
    public readonly LogReader Logs() => new(body, source, start, end);

    /// <summary>The tags of this group, for example <c>__receive_time__</c>.</summary>
    public readonly LogFieldReader Tags() => new(body, source, firstTag, end, field: 6);

    /// <summary>Goes over the frames of all groups and refuses a number other than the announced one.</summary>
    internal static void CheckFrames(ReadOnlySpan<byte> body, PullSource source, int count)
    {
        var at = 0;
        var groups = 0;
        while (Protobuf.NextMessage(body, ref at, body.Length, 1, source, out _, out _))
        {
            groups++;
            if (groups > count)
            {
                throw Protobuf.Broken(source, body, at, $"more log groups than the {count} that were announced");
            }
        }

        if (groups < count)
        {
            throw Protobuf.Broken(source, body, at, $"{groups} log groups where {count} were announced");
        }
    }

    // Topic, source and tags may stand behind the logs, so the group is gone over once before its logs are read.
    private void Survey()
    {
        Topic = default;
        Source = default;
        LogCount = 0;
        firstTag = end;
        for (var at = start; at < end; )
        {
            var fieldAt = at;
            var tag = Protobuf.Tag(body, ref at, end, source);
            switch (tag)
            {
                case 0x0A:
                    Protobuf.Pass(body, ref at, end, source);
                    LogCount++;
                    break;
                case 0x1A:
                    Topic = Protobuf.Bytes(body, ref at, end, source);
                    break;
                case 0x22:
                    Source = Protobuf.Bytes(body, ref at, end, source);
                    break;
                case 0x32:
                    Protobuf.Pass(body, ref at, end, source);
                    firstTag = Math.Min(firstTag, fieldAt);
                    break;
                default:
                    Protobuf.Skip(body, ref at, end, tag, known: 0b101_1010, source);
                    break;
            }
        }
    }
}
