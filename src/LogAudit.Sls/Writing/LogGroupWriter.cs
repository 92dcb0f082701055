using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LogAudit.Sls;

/// <summary>Writes logs as protobuf into one pooled buffer and cuts them into groups that the service takes.</summary>
/// <remarks>
/// <c>writer.BeginLog(time); writer.Field("key"u8, value); writer.EndLog();</c>. A group holds at most 4,096 logs and 5 MiB.
/// Not for several tasks at once. Source: SLS PutLogs. Assumed: 4,096 logs and 5 MiB are taken by every edition; the documented limits differ.
/// </remarks>
public sealed class LogGroupWriter : IDisposable
{
    /// <summary>Most logs of one group.</summary>
    public const int MaxLogs = 4096;

    /// <summary>Bytes after which a group is closed.</summary>
    public const int MaxGroupBytes = 5 * 1024 * 1024;

    /// <summary>Bytes that one log may have: what one request takes, less room for topic, source and tags.</summary>
    public const int MaxLogBytes = (10 * 1024 * 1024) - (64 * 1024);

    private readonly byte[] trailer;
    private readonly List<(int Start, int Logs)> groups = [];
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int length;
    private int logStart = -1;
    private uint nanoseconds;

    /// <summary>Takes what the logs have in common.</summary>
    /// <param name="topic">Topic of every group; empty for none.</param>
    /// <param name="source">Source of every group, as a rule an address; empty for none.</param>
    /// <param name="tags">Tags of every group; together with topic and source at most 64 KiB.</param>
    public LogGroupWriter(string topic, string source, IReadOnlyCollection<KeyValuePair<string, string>> tags)
    {
        using var stream = new MemoryStream();
        Text(stream, 0x1A, topic);
        Text(stream, 0x22, source);
        foreach (var (key, value) in tags)
        {
            using var tag = new MemoryStream();
            Text(tag, 0x0A, key, always: true);
            Text(tag, 0x12, value, always: true);
            stream.WriteByte(0x32);
            Varint(stream, (uint)tag.Length);
            tag.WriteTo(stream);
        }

        trailer = stream.ToArray();
        if (trailer.Length > 64 * 1024)
        {
            throw new ArgumentException(
                $"Topic, source and tags have {trailer.Length} bytes; at most 65536 are taken.",
                nameof(tags)
            );
        }
    }

    /// <summary>Logs written so far.</summary>
    public int LogCount { get; private set; }

    /// <summary>Bytes of logs written so far.</summary>
    public int Bytes => length;

    /// <summary>Groups, which is requests, that the logs make.</summary>
    public int GroupCount => groups.Count;

    /// <summary>Begins a log.</summary>
    public void BeginLog(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        BeginLog(
            (uint)Math.Clamp(ticks / TimeSpan.TicksPerSecond, 0, uint.MaxValue),
            (uint)(Math.Max(ticks, 0) % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick)
        );
    }

    /// <summary>Begins a log.</summary>
    /// <param name="seconds">Unix seconds.</param>
    /// <param name="nanos">The part of a second; 0–999,999,999.</param>
    public void BeginLog(uint seconds, uint nanos)
    {
        if (logStart >= 0)
        {
            throw new InvalidOperationException("A log was begun and not ended.");
        }

        logStart = length;
        nanoseconds = nanos;
        Reserve(32);
        // Room for the tag and the longest length; what is not needed is taken back at the end.
        length += 6;
        buffer[length++] = 0x08;
        Varint(seconds);
    }

    /// <summary>Adds a field to the log that was begun. Names are unique within a log.</summary>
    /// <param name="key">Name, UTF-8.</param>
    /// <param name="value">Value, UTF-8; at most 1 MiB is recommended.</param>
    public void Field(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var content = 1 + VarintSize(key.Length) + key.Length + 1 + VarintSize(value.Length) + value.Length;
        Reserve(content + 8);
        buffer[length++] = 0x12;
        Varint((uint)content);
        buffer[length++] = 0x0A;
        Bytes8(key);
        buffer[length++] = 0x12;
        Bytes8(value);
    }

    /// <summary>Adds a field to the log that was begun.</summary>
    public void Field(string key, string value)
    {
        var keySize = Encoding.UTF8.GetByteCount(key);
        var valueSize = Encoding.UTF8.GetByteCount(value);
        var content = 1 + VarintSize(keySize) + keySize + 1 + VarintSize(valueSize) + valueSize;
        Reserve(content + 8);
        buffer[length++] = 0x12;
        Varint((uint)content);
        buffer[length++] = 0x0A;
        Varint((uint)keySize);
        length += Encoding.UTF8.GetBytes(key, buffer.AsSpan(length));
        buffer[length++] = 0x12;
        Varint((uint)valueSize);
        length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(length));
    }

    /// <summary>Ends the log that was begun.</summary>
    /// <exception cref="SlsDataException">The log has more than <see cref="MaxLogBytes"/>; it is taken out again, the others stay.</exception>
    public void EndLog()
    {
        if (logStart < 0)
        {
            throw new InvalidOperationException("No log was begun.");
        }

        if (nanoseconds != 0)
        {
            Reserve(5);
            buffer[length] = 0x25;
            BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(length + 1), nanoseconds);
            length += 5;
        }

        var start = logStart;
        var body = length - start - 6;
        logStart = -1;
        if (body > MaxLogBytes)
        {
            length = start;
            throw new SlsDataException($"A log has {body} bytes; the service takes at most {MaxLogBytes}.");
        }

        var shift = 6 - 1 - VarintSize(body);
        buffer.AsSpan(start + 6, body).CopyTo(buffer.AsSpan(start + 6 - shift));
        length = start;
        buffer[length++] = 0x0A;
        Varint((uint)body);
        length += body;
        Count(start);
    }

    /// <summary>Takes all logs out; the buffer stays.</summary>
    public void Clear()
    {
        groups.Clear();
        (length, logStart, LogCount) = (0, -1, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, []) is { Length: > 0 } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        Clear();
    }

    /// <summary>One group as it goes into a request, in a pooled buffer that the caller returns.</summary>
    internal (byte[] Buffer, int Length) Group(int index)
    {
        var start = groups[index].Start;
        var logs = buffer.AsSpan(start, (index + 1 < groups.Count ? groups[index + 1].Start : length) - start);
        var group = ArrayPool<byte>.Shared.Rent(logs.Length + trailer.Length);
        logs.CopyTo(group);
        trailer.CopyTo(group, logs.Length);
        return (group, logs.Length + trailer.Length);
    }

    private void Count(int start)
    {
        LogCount++;
        if (groups.Count > 0)
        {
            var (groupStart, logs) = groups[^1];
            if (logs < MaxLogs && length - groupStart + trailer.Length <= MaxGroupBytes)
            {
                groups[^1] = (groupStart, logs + 1);
                return;
            }
        }

        groups.Add((start, 1));
    }

    private void Reserve(int more)
    {
        if (buffer.Length - length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, length + more));
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }

    private void Bytes8(ReadOnlySpan<byte> bytes)
    {
        Varint((uint)bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Varint(uint value)
    {
        while (value >= 0x80)
        {
            buffer[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[length++] = (byte)value;
    }

    private static int VarintSize(int value) =>
        value < 1 << 7 ? 1
        : value < 1 << 14 ? 2
        : value < 1 << 21 ? 3
        : value < 1 << 28 ? 4
        : 5;

    private static void Text(MemoryStream stream, byte tag, string text, bool always = false)
    {
        if (text.Length > 0 || always)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            stream.WriteByte(tag);
            Varint(stream, (uint)bytes.Length);
            stream.Write(bytes);
        }
    }

    private static void Varint(MemoryStream stream, uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
