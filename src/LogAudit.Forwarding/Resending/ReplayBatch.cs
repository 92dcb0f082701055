using System.Text;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Dead letters of one destination on their way again.</summary>
internal sealed class ReplayBatch(Destination destination) : IDisposable
{
    private readonly RecordNormaliser normaliser = new();
    private readonly PooledBuffer filterRoom = new(256);
    private readonly MaskPass? masking = destination.Mask.IsEmpty ? null : new MaskPass(destination.Mask);
    private readonly List<Entry> entries = [];

    /// <summary>The encoded records.</summary>
    public EncodedBatch Records { get; } = new();

    /// <summary>Letters in it, those that were filtered too.</summary>
    public int Count => entries.Count;

    /// <summary>Takes the records of a letter from the group that its source holds.</summary>
    /// <returns>False when the group holds another record in its place: the Logstore was made anew.</returns>
    /// <exception cref="SlsDataException">The group cannot be read; nothing was taken.</exception>
    public bool AddFromSource(StoredLetter letter, PulledLogs pulled, LogstoreMappings mappings)
    {
        var first = Records.Count;
        try
        {
            return Read(letter, pulled, mappings, first);
        }
        catch (SlsDataException)
        {
            Records.Truncate(first);
            throw;
        }
    }

    /// <summary>Takes the masked copy of a letter.</summary>
    public void AddCopy(StoredLetter letter, string copy, LogstoreMappings mappings)
    {
        Records.AddCopy(
            Encoding.UTF8.GetBytes(copy),
            Encoding.ASCII.GetBytes(letter.Id),
            new RecordPlace(letter.Key.Reader.Shard, letter.Key.Group, letter.Key.Index),
            new RecordFacts(letter.EventNanos, mappings.Find([])),
            destination.Format
        );
        entries.Add(new Entry(letter, ReplayEnd.Copy, Records.Count - 1, Records.Count));
    }

    /// <summary>What became of every letter, by what became of its records.</summary>
    public IEnumerable<ReplayedLetter> Ends(Delivered delivered)
    {
        foreach (var entry in entries)
        {
            var (end, why) = (entry.End, "");
            for (var index = entry.From; index < entry.To; index++)
            {
                (end, why) = delivered.Outcomes[index] switch
                {
                    RecordOutcome.Reject rejected => (ReplayEnd.Refused, rejected.Reason),
                    RecordOutcome.Retry when end != ReplayEnd.Refused => (ReplayEnd.Pending, delivered.LastProblem),
                    _ => (end, why),
                };
            }

            yield return new ReplayedLetter(entry.Letter.Key, entry.Letter.Id, end, why);
        }
    }

    /// <summary>Takes everything out.</summary>
    public void Clear()
    {
        entries.Clear();
        Records.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Records.Dispose();
        normaliser.Dispose();
        filterRoom.Dispose();
        masking?.Dispose();
    }

    private bool Read(StoredLetter letter, PulledLogs pulled, LogstoreMappings mappings, int first)
    {
        var groups = pulled.Groups();
        var wanted = false;
        var found = false;
        if (groups.Next())
        {
            normaliser.BeginGroup(letter.Key.Reader.Shard, letter.Key.Group);
            for (var log = groups.Logs(); log.Next(); )
            {
                // A letter without an id stands for everything behind the place at which reading its group failed.
                if (log.Index < letter.Key.Index || (letter.Id.Length > 0 && log.Index > letter.Key.Index))
                {
                    continue;
                }

                var record = LogNormaliser.Read(normaliser, mappings, pulled.Body, groups, log);
                if (letter.Id.Length > 0 && !record.Id.SequenceEqual(Encoding.ASCII.GetBytes(letter.Id)))
                {
                    return false;
                }

                found = true;
                if (destination.Wants(record.Mapping.Product) && destination.Filter.Takes(record, filterRoom))
                {
                    wanted = true;
                    Records.Add(masking is null ? record : normaliser.Mask(masking, record), destination.Format);
                }
            }
        }

        if (found)
        {
            entries.Add(new Entry(letter, wanted ? ReplayEnd.Source : ReplayEnd.Filtered, first, Records.Count));
        }

        return found;
    }

    private sealed record Entry(StoredLetter Letter, ReplayEnd End, int From, int To);
}
