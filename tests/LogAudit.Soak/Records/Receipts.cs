using System.Runtime.InteropServices;

namespace LogAudit.Soak;

/// <summary>The book of one road: every record that was written, by number, and every copy that arrived. Ten bytes a record.</summary>
/// <remarks>
/// A record counts as arrived when its receiver has stored it, before that receiver acknowledges. What arrives is checked against what the seed says the
/// record carries, and against the place at which it was written.
/// </remarks>
internal sealed class Receipts(int seed, Road road, Troubles troubles)
{
    /// <summary>Records of a group; the number of a record says its group and its place in it.</summary>
    public const int GroupRecords = 50;

    private const int ChunkRecords = 1 << 16;

    private readonly Lock gate = new();
    private readonly List<Receipt[]> chunks = [];
    private readonly List<(int Shard, long Cursor)> written = [];
    private readonly Dictionary<int, (int Shard, long Cursor)> claimed = [];
    private readonly Dictionary<(int Shard, long Cursor), int> groups = [];

    public Road Road => road;

    /// <summary>Held while a group is written, so that no shard is closed under it: LocalCloud would take the group into a closed shard.</summary>
    public Lock Writing { get; } = new();

    /// <summary>Records written, or about to be.</summary>
    public int Issued { get; private set; }

    /// <summary>Different records that arrived.</summary>
    public int Arrived { get; private set; }

    /// <summary>Records of which nothing more must come: arrived, refused for good, or in data that was made to expire.</summary>
    public int Settled { get; private set; }

    /// <summary>Copies beyond the first.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Copies whose id differs from that of the first.</summary>
    public long DuplicatesWithOtherId { get; private set; }

    /// <summary>Copies whose content, place or length is not that of the record.</summary>
    public long Altered { get; private set; }

    /// <summary>What arrived and was never written to this road.</summary>
    public long Invented { get; private set; }

    /// <summary>Number of the first record of a new group.</summary>
    public int Issue()
    {
        lock (gate)
        {
            var first = Issued;
            Issued += GroupRecords;
            while (chunks.Count * ChunkRecords < Issued)
            {
                chunks.Add(new Receipt[ChunkRecords]);
            }

            return first;
        }
    }

    /// <summary>Notes where a group was stored. Groups come in the order of their numbers.</summary>
    public void Wrote(int shard, long cursor)
    {
        lock (gate)
        {
            groups[(shard, cursor)] = written.Count;
            written.Add((shard, cursor));
        }
    }

    /// <summary>Takes what a receiver stored.</summary>
    /// <param name="json">The ECS object.</param>
    /// <returns>Number of the record; null when it is none of this road.</returns>
    public int? Take(ReadOnlySpan<byte> json)
    {
        var record = DeliveredRecord.Read(json);
        var named = record is null ? null : RecordText.Read(record.Text);
        if (record is null || named is not (var logstore, var number) || logstore != road.Logstore)
        {
            lock (gate)
            {
                Invented++;
            }

            troubles.Add($"{road.Name}: not one of its records: {Trouble(json)}");
            return null;
        }

        var hash = new HashCode();
        hash.AddBytes(json);
        return Note(record, number, (uint)hash.ToHashCode()) ? number : null;
    }

    /// <summary>Notes that the receiver has refused a record for good; it must be a dead letter then.</summary>
    public void Refuse(int number) => Mark(number, Marks.Refused);

    /// <summary>Notes that a record was made to expire; if it does not arrive, the ledger must say so.</summary>
    public void Expire(int shard, long from, long to)
    {
        lock (gate)
        {
            for (var group = 0; group < written.Count; group++)
            {
                if (written[group].Shard == shard && written[group].Cursor >= from && written[group].Cursor < to)
                {
                    for (var index = 0; index < GroupRecords; index++)
                    {
                        Mark((group * GroupRecords) + index, Marks.Expired);
                    }
                }
            }
        }
    }

    /// <summary>Number of the record at a place; null when none was written there.</summary>
    public int? At(int shard, long cursor, int index)
    {
        lock (gate)
        {
            return groups.TryGetValue((shard, cursor), out var group) && index is >= 0 and < GroupRecords
                ? (group * GroupRecords) + index
                : null;
        }
    }

    /// <summary>Every record that did not arrive, with its place and what is known of it.</summary>
    public IReadOnlyList<Missing> Missing()
    {
        lock (gate)
        {
            var missing = new List<Missing>();
            for (var number = 0; number < written.Count * GroupRecords; number++)
            {
                var receipt = Of(number);
                if (receipt.Copies == 0)
                {
                    var (shard, cursor) = written[number / GroupRecords];
                    missing.Add(
                        new Missing(
                            number,
                            shard,
                            cursor,
                            receipt.Marks.HasFlag(Marks.Refused),
                            receipt.Marks.HasFlag(Marks.Expired)
                        )
                    );
                }
            }

            return missing;
        }
    }

    /// <summary>Different records that arrived, from a number on.</summary>
    public int ArrivedFrom(int number)
    {
        lock (gate)
        {
            return Enumerable.Range(number, Issued - number).Count(one => Of(one).Copies > 0);
        }
    }

    /// <summary>Compares the places that the records gave with those at which they were written.</summary>
    public void CheckPlaces()
    {
        lock (gate)
        {
            foreach (var (group, place) in claimed)
            {
                if (group >= written.Count || written[group] != place)
                {
                    Altered += GroupRecords;
                    troubles.Add($"{road.Name}: group {group} says it was read at {place}, it was written elsewhere");
                }
            }
        }
    }

    private bool Note(DeliveredRecord record, int number, uint body)
    {
        var right = record.Text == RecordText.Of(seed, road.Logstore, number);
        lock (gate)
        {
            if (number >= Issued)
            {
                Invented++;
                troubles.Add($"{road.Name}: record {number} was never written");
                return false;
            }

            right &= record.Logstore == road.Logstore && record.Index == number % GroupRecords;
            right &=
                claimed.TryAdd(number / GroupRecords, (record.Shard, record.Cursor))
                || claimed[number / GroupRecords] == (record.Shard, record.Cursor);
            ref var receipt = ref Of(number);
            var id = (uint)record.Id.GetHashCode(StringComparison.Ordinal);
            if (receipt.Copies == 0)
            {
                (receipt.Id, receipt.Body) = (id, body);
                Arrived++;
                Settled += receipt.Marks == Marks.None ? 1 : 0;
            }
            else
            {
                Duplicates++;
                DuplicatesWithOtherId += receipt.Id == id ? 0 : 1;
                right &= receipt.Body == body;
            }

            receipt.Copies = (byte)Math.Min(receipt.Copies + 1, byte.MaxValue);
            if (!right)
            {
                Altered++;
                troubles.Add($"{road.Name}: record {number} is not what was written: {record}");
            }

            return true;
        }
    }

    private void Mark(int number, Marks mark)
    {
        lock (gate)
        {
            ref var receipt = ref Of(number);
            Settled += receipt is { Copies: 0, Marks: Marks.None } ? 1 : 0;
            receipt.Marks |= mark;
        }
    }

    private ref Receipt Of(int number) => ref chunks[number / ChunkRecords][number % ChunkRecords];

    private static string Trouble(ReadOnlySpan<byte> json) =>
        System.Text.Encoding.UTF8.GetString(json[..Math.Min(json.Length, 400)]);

    [Flags]
    private enum Marks : byte
    {
        None = 0,
        Refused = 1,
        Expired = 2,
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Receipt
    {
        public uint Id;
        public uint Body;
        public byte Copies;
        public Marks Marks;
    }
}

/// <summary>A record that did not arrive.</summary>
/// <param name="Number">Its number on its road.</param>
/// <param name="Shard">Where it was written.</param>
/// <param name="Cursor">Where it was written.</param>
/// <param name="WasRefused">Its receiver has refused it for good.</param>
/// <param name="WasExpired">It was made to expire.</param>
internal sealed record Missing(int Number, int Shard, long Cursor, bool WasRefused, bool WasExpired);
