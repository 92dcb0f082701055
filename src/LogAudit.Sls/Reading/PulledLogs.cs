using System.Buffers;

namespace LogAudit.Sls;

/// <summary>One answer of PullLogs: log groups in a pooled buffer that goes back with <see cref="Dispose"/>.</summary>
/// <remarks>
/// <code>
/// using var pulled = await sls.PullLogsAsync(…);
/// for (var groups = pulled.Groups(); groups.Next();)
///     for (var logs = groups.Logs(); logs.Next();)
///         for (var fields = logs.Fields(); fields.Next();)
///             Use(fields.Key, fields.Value);   // UTF-8, valid until Dispose
/// </code>
/// The readers allocate nothing. What is broken inside a group shows as <see cref="SlsDataException"/> when the readers come to it.
/// </remarks>
public sealed class PulledLogs : IDisposable
{
    private readonly PullSource source;
    private readonly PullHeaders headers;
    private readonly int length;
    private byte[]? buffer;

    private PulledLogs(PullSource source, PullHeaders headers, byte[] buffer, int length)
    {
        this.source = source;
        this.headers = headers;
        this.buffer = buffer;
        this.length = length;
    }

    /// <summary>Where it was read from.</summary>
    public PullSource Source => source;

    /// <summary>Where to go on.</summary>
    public Cursor NextCursor => headers.Next;

    /// <summary>Whether nothing was there to read at this cursor: the end, for now; for good when the shard is only read.</summary>
    public bool AtEnd => headers.GroupCount == 0 && headers.Next == source.Cursor;

    /// <summary>Number of the cursor of the last group; null when the service did not tell.</summary>
    public long? LastReadCursor => headers.LastRead;

    /// <summary>Log groups inside.</summary>
    public int GroupCount => headers.GroupCount;

    /// <summary>Bytes after decompression.</summary>
    public int RawBytes => length;

    /// <summary>Id of the request, for messages.</summary>
    public string RequestId => headers.RequestId;

    /// <summary>The decompressed LogGroupList.</summary>
    public ReadOnlySpan<byte> Body =>
        buffer is null ? throw new ObjectDisposedException(nameof(PulledLogs)) : buffer.AsSpan(0, length);

    /// <summary>Starts reading at the first group.</summary>
    public LogGroupReader Groups() => new(Body, source);

    /// <summary>Cursor of a group: the groups of an answer have consecutive numbers that end at <see cref="LastReadCursor"/>.</summary>
    /// <param name="index">From 0.</param>
    /// <remarks>Source: the official Go SDK. Assumed: where the service does not tell the last cursor, it is the one before <see cref="NextCursor"/>.</remarks>
    public Cursor GroupCursor(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, GroupCount);
        return Cursor.Of((headers.LastRead ?? (headers.Next.Number - 1)) - (GroupCount - 1) + index);
    }

    /// <summary>Decompresses a body and checks its size and the frame of every group.</summary>
    /// <param name="source">Where it comes from.</param>
    /// <param name="headers">What its headers say.</param>
    /// <param name="body">The bytes as they came; not needed afterwards.</param>
    /// <param name="maxBytes">Most bytes that it may claim; more is refused before memory is taken.</param>
    /// <exception cref="SlsDataException">Body and headers do not fit, or the body is broken.</exception>
    public static PulledLogs Decode(PullSource source, PullHeaders headers, ReadOnlyMemory<byte> body, int maxBytes)
    {
        if (headers.RawSize < 0 || headers.RawSize > maxBytes)
        {
            throw Refused(
                source,
                $"it claims {headers.RawSize} bytes before compression; at most {maxBytes} are taken"
            );
        }

        if (headers.GroupCount < 0)
        {
            throw Refused(source, $"it claims {headers.GroupCount} log groups");
        }

        var rawSize = (int)headers.RawSize;
        var rented = rawSize == 0 ? [] : ArrayPool<byte>.Shared.Rent(rawSize + Protobuf.Padding);
        try
        {
            Unpack(source, headers, body, rented.AsSpan(0, rawSize));

            LogGroupReader.CheckFrames(rented.AsSpan(0, rawSize), source, headers.GroupCount);
            return new PulledLogs(source, headers, rented, rawSize);
        }
        catch
        {
            Return(rented);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
        {
            Return(rented);
        }
    }

    internal static SlsDataException Refused(PullSource source, string why, bool isAnswerBroken = false) =>
        new($"PullLogs on {source} answered a body that is refused: {why}.") { IsAnswerBroken = isAnswerBroken };

    // The service packs each answer anew: what cannot be unpacked was not stored so.
    private static void Unpack(PullSource source, PullHeaders headers, ReadOnlyMemory<byte> body, Span<byte> raw)
    {
        if (raw.Length == 0)
        {
            return;
        }

        try
        {
            Compression.Unpack(headers.Compression, body, raw);
        }
        catch (SlsDataException fault)
        {
            throw Refused(source, fault.Message.TrimEnd('.'), isAnswerBroken: true);
        }
    }

    private static void Return(byte[] rented)
    {
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
