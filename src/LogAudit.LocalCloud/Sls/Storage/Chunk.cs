using K4os.Compression.LZ4;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>
/// A run of LogGroups kept as the bytes that PullLogs sends: every group framed as a field of LogGroupList, so that
/// a pull is a copy. A full chunk is packed with LZ4; millions of records stay within memory.
/// </summary>
/// <param name="firstCursor">Cursor of its first group; the following groups are numbered on.</param>
internal sealed class Chunk(long firstCursor)
{
    /// <summary>Raw bytes after which a chunk is packed.</summary>
    public const int FullBytes = 512 * 1024;

    private readonly List<GroupMark> marks = [];
    private byte[] bytes = new byte[16 * 1024];
    private int rawLength;
    private bool packed;

    public long FirstCursor { get; } = firstCursor;

    public long NextCursor => FirstCursor + marks.Count;

    public bool IsFull => packed;

    public int RawLength => rawLength;

    public uint LastReceivedAt => marks[^1].ReceivedAt;

    public GroupMark this[long cursor] => marks[(int)(cursor - FirstCursor)];

    public void Add(ReadOnlySpan<byte> group, ReadOnlySpan<byte> moreTags, GroupFacts facts, uint receivedAt)
    {
        var body = group.Length + moreTags.Length;
        var head = 1 + VarintLength((uint)body);
        Reserve(head + body);
        var at = rawLength;
        bytes[rawLength++] = 0x0A;
        WriteVarint((uint)body);
        group.CopyTo(bytes.AsSpan(rawLength));
        rawLength += group.Length;
        moreTags.CopyTo(bytes.AsSpan(rawLength));
        rawLength += moreTags.Length;
        marks.Add(new GroupMark(at, head + body, head, receivedAt, facts));
        if (rawLength >= FullBytes)
            Pack();
    }

    /// <summary>Copies the frames of some groups.</summary>
    /// <returns>Bytes copied.</returns>
    public int CopyFrames(long from, long to, Span<byte> target)
    {
        var begin = this[from].Offset;
        var last = this[to - 1];
        var length = last.Offset + last.Length - begin;
        if (!packed)
            bytes.AsSpan(begin, length).CopyTo(target);
        else if (length == rawLength)
            LZ4Codec.Decode(bytes, target[..length]);
        else
            Unpacked().AsSpan(begin, length).CopyTo(target);
        return length;
    }

    /// <summary>The raw bytes of the whole chunk; marks point into them.</summary>
    public ReadOnlyMemory<byte> Raw() => packed ? Unpacked() : bytes.AsMemory(0, rawLength).ToArray();

    private byte[] Unpacked()
    {
        var raw = new byte[rawLength];
        LZ4Codec.Decode(bytes, raw);
        return raw;
    }

    private void Pack()
    {
        var room = new byte[LZ4Codec.MaximumOutputSize(rawLength)];
        var length = LZ4Codec.Encode(bytes.AsSpan(0, rawLength), room);
        bytes = room[..length];
        packed = true;
        marks.TrimExcess();
    }

    private void Reserve(int more)
    {
        if (rawLength + more > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, rawLength + more));
    }

    private void WriteVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes[rawLength++] = (byte)(value | 0x80);
        bytes[rawLength++] = (byte)value;
    }

    private static int VarintLength(uint value) =>
        value switch
        {
            < 1u << 7 => 1,
            < 1u << 14 => 2,
            < 1u << 21 => 3,
            < 1u << 28 => 4,
            _ => 5,
        };
}
