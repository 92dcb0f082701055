using System.Globalization;
using System.Text;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>The records do not add up: a mistake in this program. The checkpoint is not moved.</summary>
public sealed class ConservationException(LedgerKey key, RecordCounts counts)
    : Exception(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{key}: the records of a batch do not add up: {counts}. The checkpoint stays; report this with the run's log."
        )
    );

/// <summary>Sends a batch and writes down what became of it: dead letters, ledger, checkpoint — in this order.</summary>
internal sealed partial class Settlement(
    ILogSource source,
    Ledger ledger,
    DeadLetters deadLetters,
    Delivery delivery,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>Settles a batch. False leaves records pending: nothing behind it may be settled before they are read again.</summary>
    public async Task<bool> SettleAsync(Turn turn, OpenBatch batch, Deadline deadline, CancellationToken cancel)
    {
        var delivered = await delivery.SendAsync(turn.Destination, batch.Records, deadline, cancel);
        var accepted = time.GetUtcNow();
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

            await ledger.WriteAsync(Arrivals(turn, batch, delivered.Outcomes, accepted), cancel);

            await source.SaveCheckpointAsync(turn.Target, turn.Group, turn.Shard.Id, to, cancel);
        }

        turn.Counts += counts;
        if (settled.DeadLettered > 0)
        {
            LogDeadLetters(turn.Destination.Name, turn.Address.ToString(), settled.DeadLettered);
        }

        if (counts.Pending == 0)
        {
            return true;
        }

        turn.Problem = delivered.LastProblem;
        LogPending(turn.Destination.Name, turn.Address.ToString(), counts.Pending, delivered.LastProblem);
        var open = new RecordCounts(counts.Pending, 0, 0, 0, 0, counts.Pending);
        await ledger.WriteAsync(LedgerKind.Pending, turn.Key, to, batch.To, open, delivered.LastProblem, cancel);
        return false;
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

    private static List<CanaryArrival> Arrivals(
        Turn turn,
        OpenBatch batch,
        IReadOnlyList<RecordOutcome> outcomes,
        DateTimeOffset at
    ) =>
        [
            .. batch
                .Canaries.Where(canary => outcomes[canary.Index] is RecordOutcome.Accepted)
                .Select(canary => new CanaryArrival(
                    CanaryStage.Accepted,
                    turn.Destination.Name,
                    turn.Target.Logstore,
                    canary.Id,
                    canary.Written,
                    at
                )),
        ];

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
                        batch.Records.Place(index),
                        Encoding.ASCII.GetString(batch.Records.Id(index)),
                        rejected.Reason,
                        batch.Records.Facts(index).TimeNanos,
                        batch.Records.Body(index)
                    )
                );
            }
        }

        return letters;
    }

    [LoggerMessage(
        6003,
        LogLevel.Warning,
        "Destination {Destination} did not take {Records} records of {Shard}; they stay pending. {Problem}"
    )]
    private partial void LogPending(string destination, string shard, long records, string problem);

    [LoggerMessage(6004, LogLevel.Warning, "{Records} records of {Shard} became dead letters of {Destination}")]
    private partial void LogDeadLetters(string destination, string shard, long records);
}
