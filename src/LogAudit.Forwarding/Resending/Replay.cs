using System.Runtime.CompilerServices;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>Sends dead letters again: from their source, read by its address as it is mapped, filtered and masked now; where the source has expired, the masked copy.</summary>
/// <remarks>
/// A letter that is taken gets a row of kind <c>replayed</c> in the ledger and is not sent again. Between the receiver's answer and that row a
/// crash may send it once more, under the same id.
/// </remarks>
public sealed class Replay(
    ILogSource source,
    IStateStore store,
    MappingCatalogue mappings,
    CentralSettings central,
    SyncOptions options,
    TimeProvider time,
    ILogger<SyncEngine> logger
)
{
    private const int LettersAtATime = 500;
    private const string NoCopy =
        "its source has expired, and no whole copy was kept (the record could not be read, or is larger than a copy may be)";

    private readonly Delivery delivery = new(options, time, logger);

    /// <summary>Replays every open letter, destination by destination, oldest place first; letters are told as they end.</summary>
    /// <param name="destinations">The destinations of the settings.</param>
    /// <param name="only">Names of the destinations whose letters are wanted; empty for all, also for destinations that are no more.</param>
    /// <param name="cancel">Gives up; what was told as settled is written down.</param>
    public async IAsyncEnumerable<ReplayedLetter> RunAsync(
        IReadOnlyList<Destination> destinations,
        IReadOnlyList<string> only,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var open = (await OpenAsync(cancel))
            .Where(letter => only.Count == 0 || only.Contains(letter.Key.Reader.Destination, StringComparer.Ordinal))
            .GroupBy(letter => letter.Key.Reader.Destination, StringComparer.Ordinal);
        foreach (var letters in open.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var ordered = letters
                .OrderBy(letter => letter.Key.Reader.ToString(), StringComparer.Ordinal)
                .ThenBy(letter => letter.Key.Group.Number)
                .ThenBy(letter => letter.Key.Index);
            if (destinations.FirstOrDefault(one => one.Name == letters.Key) is not { } destination)
            {
                foreach (var letter in ordered)
                {
                    yield return Ended(letter, ReplayEnd.NoDestination, "the settings name its destination no more");
                }

                continue;
            }

            await foreach (var ended in RunAsync(destination, [.. ordered], cancel))
            {
                yield return ended;
            }
        }
    }

    private async IAsyncEnumerable<ReplayedLetter> RunAsync(
        Destination destination,
        IReadOnlyList<StoredLetter> letters,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var batch = new ReplayBatch(destination);
        var expired = new Dictionary<LetterKey, StoredLetter>();
        var isDown = false;
        foreach (var letter in letters)
        {
            if (isDown)
            {
                yield return Ended(letter, ReplayEnd.Pending, "the destination takes nothing at the moment");
                continue;
            }

            switch (await TakeAsync(batch, letter, cancel))
            {
                case Found.Broken(var problem):
                    yield return Ended(letter, ReplayEnd.Unreadable, problem);
                    break;
                case Found.Gone when letter.HasWholeCopy:
                    expired[letter.Key] = letter;
                    break;
                case Found.Gone:
                    yield return Ended(letter, ReplayEnd.Lost, NoCopy);
                    break;
                default:
                    break;
            }

            if (IsFull(batch))
            {
                foreach (var ended in await SendAsync(destination, batch, cancel))
                {
                    isDown |= ended.End == ReplayEnd.Pending;
                    yield return ended;
                }
            }
        }

        foreach (var ended in await SendAsync(destination, batch, cancel))
        {
            yield return ended;
        }

        await foreach (var ended in SendCopiesAsync(destination, batch, expired, cancel))
        {
            yield return ended;
        }
    }

    // The copies are read again instead of being kept: each may have a megabyte.
    private async IAsyncEnumerable<ReplayedLetter> SendCopiesAsync(
        Destination destination,
        ReplayBatch batch,
        Dictionary<LetterKey, StoredLetter> expired,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (expired.Count == 0)
        {
            yield break;
        }

        await foreach (var row in store.ReadAsync(DeadLetters.Logstore, cancel))
        {
            if (StoredLetter.Parse(row, central) is not { HasWholeCopy: true } letter || !expired.Remove(letter.Key))
            {
                continue;
            }

            batch.AddCopy(letter, row["record"], mappings.For(letter.Key.Reader.Shard.Target.Logstore));
            if (IsFull(batch))
            {
                foreach (var ended in await SendAsync(destination, batch, cancel))
                {
                    yield return ended;
                }
            }
        }

        foreach (var ended in await SendAsync(destination, batch, cancel))
        {
            yield return ended;
        }
    }

    private async Task<IEnumerable<StoredLetter>> OpenAsync(CancellationToken cancel)
    {
        var letters = new Dictionary<LetterKey, StoredLetter>();
        await foreach (var row in store.ReadAsync(DeadLetters.Logstore, cancel))
        {
            // A batch that was sent twice leaves two letters of one record: the later one counts.
            if (
                StoredLetter.Parse(row, central) is { } letter
                && (!letters.TryGetValue(letter.Key, out var before) || before.Time <= letter.Time)
            )
            {
                letters[letter.Key] = letter;
            }
        }

        await foreach (var row in store.ReadAsync(Ledger.Logstore, cancel))
        {
            if (
                LedgerRow.Parse(row) is { Kind: LedgerKind.Replayed } mark
                && new LetterKey(mark.Key, mark.From, mark.Index) is var key
                && letters.TryGetValue(key, out var letter)
                && letter.Time <= mark.Time
            )
            {
                letters.Remove(key);
            }
        }

        return letters.Values;
    }

    private async Task<Found> TakeAsync(ReplayBatch batch, StoredLetter letter, CancellationToken cancel)
    {
        var shard = letter.Key.Reader.Shard;
        try
        {
            using var pulled = await source.PullAsync(shard.Target, shard.Shard, letter.Key.Group, 1, cancel);
            return
                pulled.GroupCount > 0
                && pulled.GroupCursor(0) == letter.Key.Group
                && batch.AddFromSource(letter, pulled, mappings.For(shard.Target.Logstore))
                ? new Found.Here()
                : new Found.Gone();
        }
        catch (SlsDataException broken)
        {
            return new Found.Broken(broken.Message);
        }
        catch (CursorLostException)
        {
            return new Found.Gone();
        }
        catch (SlsException fault) when (fault.IsNotFound)
        {
            return new Found.Gone();
        }
    }

    private async Task<IReadOnlyList<ReplayedLetter>> SendAsync(
        Destination destination,
        ReplayBatch batch,
        CancellationToken cancel
    )
    {
        if (batch.Count == 0)
        {
            return [];
        }

        var delivered = await delivery.SendAsync(destination, batch.Records, Deadline.None, cancel);
        List<ReplayedLetter> ends = [.. batch.Ends(delivered)];
        batch.Clear();
        var marks = ends.Where(letter => letter.IsSettled).Select(letter => Mark(destination, letter)).ToList();
        if (marks.Count > 0)
        {
            await store.AppendAsync(Ledger.Logstore, marks, cancel);
        }

        return ends;
    }

    private StateRow Mark(Destination destination, ReplayedLetter letter)
    {
        var isSent = letter.End != ReplayEnd.Filtered;
        return new LedgerRow(
            LedgerKind.Replayed,
            letter.Key.Reader,
            letter.Key.Group,
            letter.Key.Group,
            new RecordCounts(
                Read: 1,
                Delivered: isSent && destination.Sink.Acknowledges ? 1 : 0,
                Sent: isSent && !destination.Sink.Acknowledges ? 1 : 0,
                Filtered: isSent ? 0 : 1,
                DeadLettered: 0,
                Pending: 0
            ),
            letter.End.ToString().ToLowerInvariant(),
            time.GetUtcNow()
        )
        {
            Index = letter.Key.Index,
        }.ToState();
    }

    private bool IsFull(ReplayBatch batch) =>
        batch.Count >= LettersAtATime
        || batch.Records.Count >= options.MaxBatchRecords
        || batch.Records.Bytes >= options.MaxBatchBytes;

    private static ReplayedLetter Ended(StoredLetter letter, ReplayEnd end, string why) =>
        new(letter.Key, letter.Id, end, why);

    private abstract record Found
    {
        public sealed record Here : Found;

        public sealed record Gone : Found;

        public sealed record Broken(string Problem) : Found;
    }
}
