namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>One shard: an append-only run of LogGroups, numbered by cursor.</summary>
/// <remarks>
/// Cursors count up by one per LogGroup from the nanosecond of the shard's creation, so that a recreated Logstore
/// never answers an old cursor. Source: SLS protocol 7.2, 7.4.
/// </remarks>
internal sealed class SlsShard
{
    private readonly Lock gate = new();
    private readonly List<Chunk> chunks = [];
    private readonly KeyRange keys;
    private long first;
    private long next;
    private uint lastReceivedAt;

    internal SlsShard(int id, KeyRange keys, DateTimeOffset created, long firstCursor, IReadOnlyList<int> parents)
    {
        Id = id;
        this.keys = keys;
        CreatedAt = created;
        Parents = parents;
        first = next = firstCursor;
        lastReceivedAt = (uint)created.ToUnixTimeSeconds();
    }

    /// <summary>Number of the shard in its Logstore.</summary>
    public int Id { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>Whether it no longer takes data, after a split or merge.</summary>
    public bool IsReadonly => ReadonlySince is not null;

    /// <summary>Cursor of the first group still kept.</summary>
    public long BeginCursor
    {
        get
        {
            lock (gate)
                return first;
        }
    }

    /// <summary>Cursor after the last group.</summary>
    public long EndCursor
    {
        get
        {
            lock (gate)
                return next;
        }
    }

    /// <summary>Shards whose keys this one took over. Not part of the service's API.</summary>
    internal IReadOnlyList<int> Parents { get; }

    internal KeyRange Keys => keys;

    internal DateTimeOffset? ReadonlySince { get; private set; }

    internal void Close(DateTimeOffset now) => ReadonlySince ??= now;

    internal long Append(ReadOnlySpan<byte> group, ReadOnlySpan<byte> moreTags, GroupFacts facts, uint receivedAt)
    {
        lock (gate)
        {
            if (chunks.Count == 0 || chunks[^1].IsFull)
                chunks.Add(new Chunk(next));
            lastReceivedAt = Math.Max(lastReceivedAt, receivedAt);
            chunks[^1].Add(group, moreTags, facts, lastReceivedAt);
            return next++;
        }
    }

    /// <summary>Reads frames as PullLogs sends them.</summary>
    /// <param name="cursor">First group, between begin and end.</param>
    /// <param name="before">Group to stop before; null for the end.</param>
    /// <param name="count">Most groups.</param>
    /// <param name="maxBytes">Bytes to stop at; the first group is sent whatever its size.</param>
    internal PulledFrames Read(long cursor, long? before, int count, int maxBytes)
    {
        lock (gate)
        {
            var stop = Math.Min(Math.Min(before ?? next, next), cursor + count);
            var at = cursor;
            var length = 0;
            while (at < stop)
            {
                var size = Find(at)[at].Length;
                if (length > 0 && length + size > maxBytes)
                    break;
                length += size;
                at++;
            }
            var frames = new byte[length];
            var filled = 0;
            for (var from = cursor; from < at; )
            {
                var chunk = Find(from);
                var to = Math.Min(at, chunk.NextCursor);
                filled += chunk.CopyFrames(from, to, frames.AsSpan(filled));
                from = to;
            }
            return new PulledFrames(frames, cursor, at, ReceivedAtLocked(at));
        }
    }

    /// <summary>First cursor whose group was received at or after a second.</summary>
    internal long CursorAt(long unixSeconds)
    {
        lock (gate)
        {
            var chunk = chunks.Find(one => one.LastReceivedAt >= unixSeconds);
            if (chunk is null)
                return next;
            var at = Math.Max(first, chunk.FirstCursor);
            while (at < chunk.NextCursor && chunk[at].ReceivedAt < unixSeconds)
                at++;
            return at;
        }
    }

    /// <summary>Second in which the group at a cursor was received; at the end, that of the last group (assumed).</summary>
    internal uint ReceivedAt(long cursor)
    {
        lock (gate)
            return ReceivedAtLocked(cursor);
    }

    /// <summary>Forgets the groups received before a second.</summary>
    internal void Expire(long beforeUnixSeconds)
    {
        lock (gate)
        {
            while (chunks.Count > 0 && chunks[0].LastReceivedAt < beforeUnixSeconds)
            {
                first = chunks[0].NextCursor;
                chunks.RemoveAt(0);
            }
            if (chunks.Count == 0)
                return;
            while (
                first < chunks[0].NextCursor
                && chunks[0][Math.Max(first, chunks[0].FirstCursor)].ReceivedAt < beforeUnixSeconds
            )
                first++;
        }
    }

    /// <summary>Forgets the groups before a cursor.</summary>
    internal void ExpireBefore(long cursor)
    {
        lock (gate)
        {
            first = Math.Clamp(cursor, first, next);
            while (chunks.Count > 0 && chunks[0].NextCursor <= first)
                chunks.RemoveAt(0);
        }
    }

    /// <summary>The groups kept now, chunk by chunk, for a search.</summary>
    internal IEnumerable<StoredGroup> Search(uint fromTime, uint toTime)
    {
        Chunk[] now;
        long begin;
        long end;
        lock (gate)
        {
            now = [.. chunks];
            begin = first;
            end = next;
        }
        foreach (var chunk in now)
        {
            ReadOnlyMemory<byte> raw;
            List<(long Cursor, GroupMark Mark)> hits = [];
            lock (gate)
            {
                for (var at = Math.Max(begin, chunk.FirstCursor); at < Math.Min(end, chunk.NextCursor); at++)
                {
                    if (chunk[at].Facts.MinTime < toTime && chunk[at].Facts.MaxTime >= fromTime)
                        hits.Add((at, chunk[at]));
                }
                raw = hits.Count == 0 ? default : chunk.Raw();
            }
            foreach (var (cursor, mark) in hits)
                yield return new StoredGroup(
                    cursor,
                    mark,
                    raw.Slice(mark.Offset + mark.HeadLength, mark.Length - mark.HeadLength)
                );
        }
    }

    /// <summary>Some groups from a cursor on, for a job of the service.</summary>
    internal IReadOnlyList<StoredGroup> Groups(long from, int count)
    {
        var pulled = Read(from, before: null, count, int.MaxValue);
        List<StoredGroup> groups = [];
        var offset = 0;
        lock (gate)
        {
            for (var at = pulled.From; at < pulled.Next && at >= first; at++)
            {
                var mark = Find(at)[at];
                groups.Add(
                    new StoredGroup(
                        at,
                        mark,
                        pulled.Frames.AsMemory(offset + mark.HeadLength, mark.Length - mark.HeadLength)
                    )
                );
                offset += mark.Length;
            }
        }
        return groups;
    }

    private uint ReceivedAtLocked(long cursor) =>
        cursor >= next || chunks.Count == 0 ? lastReceivedAt : Find(cursor)[cursor].ReceivedAt;

    private Chunk Find(long cursor)
    {
        var low = 0;
        var high = chunks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (chunks[middle].FirstCursor <= cursor)
                low = middle;
            else
                high = middle - 1;
        }
        return chunks[low];
    }
}

/// <summary>A part of a shard as PullLogs sends it.</summary>
/// <param name="Frames">The bytes of a LogGroupList.</param>
/// <param name="From">Cursor of the first group.</param>
/// <param name="Next">Cursor after the last group.</param>
/// <param name="NextReceivedAt">Second in which the next group was received.</param>
internal readonly record struct PulledFrames(byte[] Frames, long From, long Next, uint NextReceivedAt)
{
    public int Count => (int)(Next - From);
}

/// <summary>One stored LogGroup.</summary>
/// <param name="Cursor">Its cursor.</param>
/// <param name="Mark">What the store knows of it.</param>
/// <param name="Bytes">Its protobuf.</param>
internal readonly record struct StoredGroup(long Cursor, GroupMark Mark, ReadOnlyMemory<byte> Bytes);
