using System.Globalization;
using System.Text;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>How a worker's turn on one shard ended.</summary>
public enum ShardEnd
{
    /// <summary>Everything there was is forwarded.</summary>
    UpToDate,

    /// <summary>The shard is read only and was read to its end: its children may follow.</summary>
    Drained,

    /// <summary>Time ran out; there is more.</summary>
    More,

    /// <summary>The destination did not take the records; they stay where they are.</summary>
    Pending,

    /// <summary>A parent shard is not drained yet.</summary>
    WaitsForParent,

    /// <summary>Another invocation is at work on it and was told to look again.</summary>
    Busy,

    /// <summary>The Logstore does not exist.</summary>
    NoLogstore,

    /// <summary>Something else failed; nothing is lost, the checkpoint stands.</summary>
    Failed,
}

/// <summary>The records do not add up: a mistake in this program. The checkpoint is not moved.</summary>
public sealed class ConservationException(LedgerKey key, RecordCounts counts)
    : Exception(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{key}: the records of a batch do not add up: {counts}. The checkpoint stays; report this with the run's log."
        )
    );

/// <summary>Forwards one shard to one destination: pull, decode, normalise, format, send, ledger, checkpoint — in this order.</summary>
internal sealed partial class ShardWorker(
    ILogSource source,
    Ledger ledger,
    DeadLetters deadLetters,
    SyncOptions options,
    TimeProvider time,
    ILogger logger
)
{
    private readonly Delivery delivery = new(options, time, logger);

    /// <summary>Works until the end of the shard or the deadline.</summary>
    /// <param name="turn">What to work on. One that ended up to date, or with more, may be carried on.</param>
    /// <param name="deadline">No new pull begins after it.</param>
    /// <param name="cancel">Gives up at once; what is not in the ledger by then is sent again.</param>
    public async Task<ShardEnd> RunAsync(Turn turn, Deadline deadline, CancellationToken cancel)
    {
        if (turn.Position.IsNone)
        {
            turn.Position = await StartAsync(turn, cancel);
        }

        using var batch = new OpenBatch(turn.Destination, turn.Address, turn.Mappings);
        batch.Begin(turn.Position);
        while (deadline.AllowsNewWork(time.GetUtcNow()) && !turn.Enough.IsCancellationRequested)
        {
            var begin = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.Begin, cancel);
            if (batch.IsEmpty && turn.Position.Number < begin.Number)
            {
                await LoseAsync(turn, turn.Position, begin, "its data expired before it was read", cancel);
                batch.Begin(turn.Position);
            }

            using var pulled = await PullAsync(turn, batch, cancel);
            if (pulled is not null && pulled.GroupCount == 0 && pulled.NextCursor == turn.Position)
            {
                return !await FlushAsync(turn, batch, deadline, cancel) ? ShardEnd.Pending
                    : turn.Shard.Writable ? ShardEnd.UpToDate
                    : ShardEnd.Drained;
            }

            if (pulled is not null && !await TakeAsync(turn, batch, pulled, deadline, cancel))
            {
                return ShardEnd.Pending;
            }
        }

        return await FlushAsync(turn, batch, deadline, cancel) ? ShardEnd.More : ShardEnd.Pending;
    }

    // Where to begin: the checkpoint where it is still valid, else the first cursor that the shard has, never its end.
    private async Task<Cursor> StartAsync(Turn turn, CancellationToken cancel)
    {
        var begin = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.Begin, cancel);
        var end = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.End, cancel);
        if (turn.Checkpoint is not { } checkpoint)
        {
            var last = await ledger.LastPositionAsync(turn.Key, cancel);
            if (last is { } known)
            {
                await LoseAsync(
                    turn,
                    known,
                    begin,
                    "its checkpoint is gone: the consumer group or the Logstore was deleted",
                    cancel
                );
            }
            else
            {
                // Written down at once, so that the next turn knows this shard without reading the ledger.
                await source.SaveCheckpointAsync(turn.Target, turn.Group, turn.Shard.Id, begin, cancel);
            }

            return begin;
        }

        if (checkpoint.Number > end.Number)
        {
            await LoseAsync(
                turn,
                checkpoint,
                begin,
                "its checkpoint lies behind the end: the Logstore was made anew",
                cancel
            );
            return begin;
        }

        return checkpoint;
    }

    // A range can no longer be read: ledger row, visible error, checkpoint to the first cursor that there is.
    private async Task LoseAsync(Turn turn, Cursor from, Cursor to, string why, CancellationToken cancel)
    {
        LogExpired(turn.Destination.Name, turn.Address.ToString(), from.Value, to.Value, why);
        await ledger.WriteAsync(LedgerKind.Expired, turn.Key, from, to, default, why, cancel);
        await source.SaveCheckpointAsync(turn.Target, turn.Group, turn.Shard.Id, to, cancel);
        turn.Position = to;
        turn.Expired.Add($"{turn.Address}: {why}");
    }

    private async Task<PulledLogs?> PullAsync(Turn turn, OpenBatch batch, CancellationToken cancel)
    {
        for (var count = options.PullCount; ; count = 1)
        {
            try
            {
                return await source.PullAsync(turn.Target, turn.Shard.Id, turn.Position, count, cancel);
            }
            catch (CursorLostException lost) when (batch.IsEmpty)
            {
                var begin = await source.CursorAsync(turn.Target, turn.Shard.Id, CursorFrom.Begin, cancel);
                if (begin == turn.Position)
                {
                    throw;
                }

                await LoseAsync(turn, turn.Position, begin, $"the service refused its cursor: {lost.Message}", cancel);
                batch.Begin(begin);
                return null;
            }
            catch (SlsDataException broken) when (count == 1)
            {
                // One group alone cannot be unpacked. Assumed: the number after a group's cursor reads on behind it.
                LogUnreadable(turn.Destination.Name, turn.Address.ToString(), turn.Position.Value, broken.Message);
                var next = Cursor.Of(turn.Position.Number + 1);
                batch.AddUnreadable(turn.Position, next, broken.Message);
                turn.Position = next;
                return null;
            }
            catch (SlsDataException)
            {
                // The answer as a whole cannot be unpacked: ask group by group, so that only the bad one is left out.
            }
        }
    }

    private async Task<bool> TakeAsync(
        Turn turn,
        OpenBatch batch,
        PulledLogs pulled,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        for (var next = 0; next < pulled.GroupCount; )
        {
            next = batch.Read(pulled, next, options, time.GetUtcNow());
            if (next < pulled.GroupCount && !await FlushAsync(turn, batch, deadline, cancel))
            {
                return false;
            }
        }

        batch.PassTo(pulled.NextCursor);
        turn.Position = pulled.NextCursor;
        var old = batch.Began is { } began && time.GetUtcNow() - began >= options.MaxBatchAge;
        return (!batch.IsFull(options) && !old) || await FlushAsync(turn, batch, deadline, cancel);
    }

    // Sends what the batch holds and writes it down. False leaves records pending: the worker stops.
    private async Task<bool> FlushAsync(Turn turn, OpenBatch batch, Deadline deadline, CancellationToken cancel)
    {
        if (batch.IsEmpty && batch.To == batch.From)
        {
            return true;
        }

        var delivered = await delivery.SendAsync(turn.Destination, batch.Records, deadline, cancel);
        var done = GroupsDone(batch, delivered.Outcomes);
        var counts = Count(turn.Destination, batch, delivered.Outcomes, done);
        if (!counts.Balances)
        {
            throw new ConservationException(turn.Key, counts);
        }

        var settled = counts with { Read = counts.Read - counts.Pending, Pending = 0 };
        var to = done == batch.Groups.Count ? batch.To : batch.Groups[done].At;
        if (to != batch.From)
        {
            await deadLetters.WriteAsync(Letters(turn, batch, delivered.Outcomes, to), cancel);
            if (settled.Read > 0)
            {
                await ledger.WriteAsync(LedgerKind.Batch, turn.Key, batch.From, to, settled, "", cancel);
            }

            await source.SaveCheckpointAsync(turn.Target, turn.Group, turn.Shard.Id, to, cancel);
        }

        turn.Counts += counts;
        if (settled.DeadLettered > 0)
        {
            LogDeadLetters(turn.Destination.Name, turn.Address.ToString(), settled.DeadLettered);
        }

        if (counts.Pending > 0)
        {
            turn.Problem = delivered.LastProblem;
            LogPending(turn.Destination.Name, turn.Address.ToString(), counts.Pending, delivered.LastProblem);
            var open = new RecordCounts(counts.Pending, 0, 0, 0, 0, counts.Pending);
            await ledger.WriteAsync(LedgerKind.Pending, turn.Key, to, batch.To, open, delivered.LastProblem, cancel);
            return false;
        }

        batch.Begin(to);
        return true;
    }

    // Groups from the start whose records are all accepted or rejected; the checkpoint can move behind them.
    private static int GroupsDone(OpenBatch batch, IReadOnlyList<RecordOutcome> outcomes)
    {
        var open = outcomes.TakeWhile(outcome => outcome is not RecordOutcome.Retry).Count();
        return open == outcomes.Count
            ? batch.Groups.Count
            : batch.Groups.TakeWhile(group => group.RecordsEnd <= open).Count();
    }

    // Records behind the last settled group count as pending, also accepted ones: they are sent again, under the same ids.
    private static RecordCounts Count(
        Destination destination,
        OpenBatch batch,
        IReadOnlyList<RecordOutcome> outcomes,
        int done
    )
    {
        var counts = default(RecordCounts);
        for (var index = 0; index < batch.Groups.Count; index++)
        {
            var group = batch.Groups[index];
            counts =
                index < done
                    ? counts with
                    {
                        Read = counts.Read + group.Read,
                        Filtered = counts.Filtered + group.Filtered,
                        DeadLettered = counts.DeadLettered + group.Unreadable,
                    }
                    : counts with
                    {
                        Read = counts.Read + group.Read,
                        Pending = counts.Pending + group.Read,
                    };
        }

        var settled = done == 0 ? 0 : batch.Groups[done - 1].RecordsEnd;
        var accepted = outcomes.Take(settled).Count(outcome => outcome is RecordOutcome.Accepted);
        return counts with
        {
            Delivered = destination.Sink.Acknowledges ? accepted : 0,
            Sent = destination.Sink.Acknowledges ? 0 : accepted,
            DeadLettered =
                counts.DeadLettered + outcomes.Take(settled).Count(outcome => outcome is RecordOutcome.Reject),
        };
    }

    private static List<DeadLetter> Letters(
        Turn turn,
        OpenBatch batch,
        IReadOnlyList<RecordOutcome> outcomes,
        Cursor to
    )
    {
        var letters = batch.Unreadable.Where(letter => letter.Place.Group.Number < to.Number).ToList();
        for (var index = 0; index < outcomes.Count; index++)
        {
            if (outcomes[index] is RecordOutcome.Reject rejected && batch.Records.Place(index).Group.Number < to.Number)
            {
                letters.Add(
                    new DeadLetter(
                        turn.Destination.Name,
                        turn.Address,
                        batch.Records.Place(index),
                        Encoding.ASCII.GetString(batch.Records.Id(index)),
                        rejected.Reason,
                        batch.Records.Body(index)
                    )
                );
            }
        }

        return letters;
    }

    [LoggerMessage(
        6002,
        LogLevel.Error,
        "Records of {Shard} are lost to destination {Destination}: {Why}. From cursor {From}; reading goes on at {To}"
    )]
    private partial void LogExpired(string destination, string shard, string from, string to, string why);

    [LoggerMessage(
        6003,
        LogLevel.Warning,
        "Destination {Destination} did not take {Records} records of {Shard}; they stay pending. {Problem}"
    )]
    private partial void LogPending(string destination, string shard, long records, string problem);

    [LoggerMessage(6004, LogLevel.Warning, "{Records} records of {Shard} became dead letters of {Destination}")]
    private partial void LogDeadLetters(string destination, string shard, long records);

    [LoggerMessage(
        6006,
        LogLevel.Error,
        "A group of {Shard} at cursor {Cursor} cannot be read and becomes a dead letter of {Destination}: {Problem}"
    )]
    private partial void LogUnreadable(string destination, string shard, string cursor, string problem);
}

/// <summary>One turn of a worker, and what it found.</summary>
internal sealed class Turn(
    Destination destination,
    LogTarget target,
    Shard shard,
    LogstoreMappings mappings,
    Cursor? checkpoint
)
{
    public Destination Destination { get; } = destination;
    public LogTarget Target { get; } = target;
    public Shard Shard { get; } = shard;
    public LogstoreMappings Mappings { get; } = mappings;
    public Cursor? Checkpoint { get; } = checkpoint;
    public ShardAddress Address { get; } = new(target, shard.Id);
    public LedgerKey Key { get; } = new(destination.Name, new ShardAddress(target, shard.Id));
    public string Group { get; } = destination.GroupOn(target.Logstore);

    /// <summary>Where reading goes on; none until the checkpoint was compared with what the shard holds.</summary>
    public Cursor Position { get; set; }

    /// <summary>Ends the turn in order: no pull begins any more, what is open is still sent.</summary>
    public CancellationToken Enough { get; set; } = CancellationToken.None;
    public RecordCounts Counts { get; set; }
    public List<string> Expired { get; } = [];
    public string Problem { get; set; } = "";
}
