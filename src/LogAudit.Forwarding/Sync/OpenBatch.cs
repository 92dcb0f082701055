using System.Text;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>The batch that a worker is filling: records encoded as they are read, and what the ledger must know about them.</summary>
internal sealed class OpenBatch(Destination destination, ShardAddress shard, LogstoreMappings mappings) : IDisposable
{
    private readonly RecordNormaliser normaliser = new(destination.Format.WantsFields);
    private readonly PooledBuffer filterRoom = new(256);
    private readonly MaskPass? masking = destination.Mask.IsEmpty ? null : new MaskPass(destination.Mask);
    private readonly List<GroupCounts> groups = [];
    private readonly List<CarriedCanary> canaries = [];

    /// <summary>The encoded records.</summary>
    public EncodedBatch Records { get; } = new();

    /// <summary>First cursor of what was read into it.</summary>
    public Cursor From { get; private set; }

    /// <summary>First cursor behind it.</summary>
    public Cursor To { get; private set; }

    /// <summary>Groups that could not be read, in whole or in part.</summary>
    public List<DeadLetter> Unreadable { get; } = [];

    /// <summary>What was read, group by group, so that a part of the batch can be counted.</summary>
    public IReadOnlyList<GroupCounts> Groups => groups;

    /// <summary>Canaries among the records.</summary>
    public IReadOnlyList<CarriedCanary> Canaries => canaries;

    /// <summary>When its first record was read; null while it is empty.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>Whether nothing was read into it, not even an empty range.</summary>
    public bool IsEmpty => groups.Count == 0;

    /// <summary>Begins at a cursor.</summary>
    public void Begin(Cursor at)
    {
        Records.Clear();
        groups.Clear();
        canaries.Clear();
        Unreadable.Clear();
        (From, To, Began) = (at, at, null);
    }

    /// <summary>Reads groups of a pull until the batch is full.</summary>
    /// <param name="pulled">The pull.</param>
    /// <param name="first">First group to read.</param>
    /// <param name="options">When the batch is full.</param>
    /// <param name="now">The time.</param>
    /// <returns>The next group to read; the number of groups when all were read.</returns>
    public int Read(PulledLogs pulled, int first, SyncOptions options, DateTimeOffset now)
    {
        Began ??= now;
        var body = pulled.Body;
        var reader = pulled.Groups();
        var index = 0;
        for (; index < pulled.GroupCount && !IsFull(options); index++)
        {
            long filtered = 0;
            string? problem = null;
            var logs = 0;
            try
            {
                if (!reader.Next())
                {
                    break;
                }

                if (index < first)
                {
                    continue;
                }

                normaliser.BeginGroup(shard, pulled.GroupCursor(index));
                ReadGroup(body, reader, ref logs, ref filtered);
            }
            catch (SlsDataException broken) when (index >= first)
            {
                problem = broken.Message;
            }
            catch (SlsDataException)
            {
                // A broken group that an earlier call has dealt with already.
                continue;
            }

            Close(pulled, index, filtered, logs, problem is null ? 0 : Math.Max(1, reader.LogCount - logs), problem);
        }

        return Math.Max(index, first);
    }

    /// <summary>Moves the end of the batch over a range in which nothing stands.</summary>
    public void PassTo(Cursor cursor) => To = cursor;

    /// <summary>Whether it should be sent.</summary>
    public bool IsFull(SyncOptions options) =>
        Records.Count >= destination.Limits.MostBatchRecords(options)
        || Records.Bytes >= destination.Limits.MostBatchBytes(options);

    /// <summary>Takes note of a place where nothing can be read.</summary>
    public void AddUnreadable(Cursor at, Cursor next, string reason)
    {
        groups.Add(new GroupCounts(at, next, Records.Count, Read: 1, Filtered: 0, Unreadable: 1));
        Unreadable.Add(Letter(at, index: 0, reason));
        To = next;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Records.Dispose();
        normaliser.Dispose();
        filterRoom.Dispose();
        masking?.Dispose();
    }

    private void ReadGroup(ReadOnlySpan<byte> body, scoped in LogGroupReader group, ref int logs, ref long filtered)
    {
        var isCanary = Canary.Marks(group.Topic);
        for (var log = group.Logs(); log.Next(); logs++)
        {
            var record = LogNormaliser.Read(normaliser, isCanary ? Canary.Mappings : mappings, body, group, log);
            if (isCanary)
            {
                Carry(record);
            }
            else if (destination.Wants(record.Mapping.Product) && destination.Filter.Takes(record, filterRoom))
            {
                Records.Add(masking is null ? record : normaliser.Mask(masking, record), destination.Format);
            }
            else
            {
                filtered++;
            }
        }
    }

    // It goes to every destination: a filter that drops it would look like silence.
    private void Carry(in AuditRecord record)
    {
        canaries.Add(
            new CarriedCanary(
                Records.Count,
                Encoding.ASCII.GetString(record.Id),
                DateTimeOffset.UnixEpoch.AddTicks(record.TimeNanos / TimeSpan.NanosecondsPerTick)
            )
        );
        Records.Add(record, destination.Format);
    }

    private void Close(PulledLogs pulled, int index, long filtered, int logs, int unreadable, string? problem)
    {
        var at = pulled.GroupCursor(index);
        var next = index + 1 < pulled.GroupCount ? pulled.GroupCursor(index + 1) : pulled.NextCursor;
        if (problem is not null)
        {
            Unreadable.Add(Letter(at, logs, problem));
        }

        groups.Add(new GroupCounts(at, next, Records.Count, logs + unreadable, filtered, unreadable));
        To = next;
    }

    private DeadLetter Letter(Cursor at, int index, string reason) =>
        new(destination.Name, new RecordPlace(shard, at, index), Id: "", reason, EventNanos: 0, Record: default);

    /// <summary>Counts of one group in the batch.</summary>
    /// <param name="At">Its cursor.</param>
    /// <param name="Next">Cursor behind it.</param>
    /// <param name="RecordsEnd">Records in the batch up to and with this group.</param>
    /// <param name="Read">Records read.</param>
    /// <param name="Filtered">Of them not wanted.</param>
    /// <param name="Unreadable">Of them broken.</param>
    internal readonly record struct GroupCounts(
        Cursor At,
        Cursor Next,
        int RecordsEnd,
        long Read,
        long Filtered,
        long Unreadable
    );
}
