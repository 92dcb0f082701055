using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Where a record was read, so that a dead letter can name it.</summary>
/// <param name="Shard">Logstore and shard.</param>
/// <param name="Group">Cursor of its group.</param>
/// <param name="Index">Position in the group.</param>
public readonly record struct RecordPlace(ShardAddress Shard, Cursor Group, int Index);

/// <summary>What a sink may need to know of a record beside its bytes.</summary>
/// <param name="TimeNanos">When it happened: nanoseconds since 1970, UTC.</param>
/// <param name="Mapping">Product, log kind and dataset.</param>
public readonly record struct RecordFacts(long TimeNanos, CompiledMapping Mapping);

/// <summary>Records ready to send, in pooled memory. Bodies and ids stand one behind the other; nothing is allocated per record.</summary>
public sealed class EncodedBatch : IDisposable
{
    private readonly PooledBuffer bodies;
    private readonly PooledBuffer ids;
    private readonly int[]? chosen;
    private Entry[] entries = new Entry[256];
    private int count;

    /// <summary>An empty batch.</summary>
    public EncodedBatch() => (bodies, ids) = (new PooledBuffer(64 * 1024), new PooledBuffer(4 * 1024));

    private EncodedBatch(EncodedBatch whole, int[] chosen)
    {
        (bodies, ids, entries, count) = (whole.bodies, whole.ids, whole.entries, chosen.Length);
        this.chosen = chosen;
        ContentType = whole.ContentType;
    }

    /// <summary>Records in it.</summary>
    public int Count => count;

    /// <summary>Bytes of all bodies, also of records that a selection leaves out.</summary>
    public int Bytes => bodies.Length;

    /// <summary>MIME type of one record; empty while there is none.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>Appends a record in a format.</summary>
    public void Add(in AuditRecord record, IFormat format)
    {
        if (count == entries.Length)
        {
            Array.Resize(ref entries, entries.Length * 2);
        }

        var (body, id) = (bodies.Length, ids.Length);
        var account = record.Account;
        ContentType = format.ContentType;
        format.Write(record, bodies);
        ids.Append(record.Id);
        ids.Append(account);
        entries[count++] = new(
            body,
            bodies.Length - body,
            id,
            record.Id.Length,
            account.Length,
            new RecordPlace(record.Shard, record.Group, record.Index),
            new RecordFacts(record.TimeNanos, record.Mapping)
        );
    }

    /// <summary>Appends a record that a format wrote earlier: the masked copy of a dead letter.</summary>
    public void AddCopy(
        ReadOnlySpan<byte> written,
        ReadOnlySpan<byte> identity,
        RecordPlace place,
        RecordFacts facts,
        IFormat format
    )
    {
        if (count == entries.Length)
        {
            Array.Resize(ref entries, entries.Length * 2);
        }

        var (body, id) = (bodies.Length, ids.Length);
        ContentType = format.ContentType;
        bodies.Append(written);
        ids.Append(identity);
        entries[count++] = new(body, written.Length, id, identity.Length, AccountLength: 0, place, facts);
    }

    /// <summary>A record as the format wrote it.</summary>
    public ReadOnlyMemory<byte> Body(int index) => bodies.Memory.Slice(At(index).Body, At(index).BodyLength);

    /// <summary>Id of a record, ASCII.</summary>
    public ReadOnlySpan<byte> Id(int index) => ids.Written.Slice(At(index).Id, At(index).IdLength);

    /// <summary>Account that owns a record's resource; empty when the record does not say. Raw UTF-8.</summary>
    public ReadOnlySpan<byte> Account(int index) =>
        ids.Written.Slice(At(index).Id + At(index).IdLength, At(index).AccountLength);

    /// <summary>Time and kind of a record.</summary>
    public RecordFacts Facts(int index) => At(index).Facts;

    /// <summary>Where a record was read.</summary>
    public RecordPlace Place(int index) => At(index).Place;

    /// <summary>Some of the records; the memory stays with this batch.</summary>
    /// <param name="indices">Positions in this batch, ascending.</param>
    public EncodedBatch Select(IReadOnlyList<int> indices) => new(this, [.. indices.Select(Position)]);

    /// <summary>Takes the last records out, down to a number of them; the memory stays.</summary>
    public void Truncate(int left)
    {
        if (left < count)
        {
            bodies.Truncate(entries[left].Body);
            ids.Truncate(entries[left].Id);
            count = left;
        }
    }

    /// <summary>Takes all records out; the memory stays.</summary>
    public void Clear()
    {
        bodies.Clear();
        ids.Clear();
        count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (chosen is null)
        {
            bodies.Dispose();
            ids.Dispose();
        }
    }

    private int Position(int index) => chosen is null ? index : chosen[index];

    private ref readonly Entry At(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count);
        return ref entries[Position(index)];
    }

    private readonly record struct Entry(
        int Body,
        int BodyLength,
        int Id,
        int IdLength,
        int AccountLength,
        RecordPlace Place,
        RecordFacts Facts
    );
}
