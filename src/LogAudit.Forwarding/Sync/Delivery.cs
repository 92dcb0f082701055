using Microsoft.Extensions.Logging;

namespace LogAudit.Forwarding;

/// <summary>What became of the records of a batch after every try that time allowed.</summary>
/// <param name="Outcomes">By position: <see cref="RecordOutcome.Accepted"/> and <see cref="RecordOutcome.Reject"/> are final, <see cref="RecordOutcome.Retry"/> is open.</param>
/// <param name="LastProblem">Why records are open; empty when none is.</param>
internal sealed record Delivered(IReadOnlyList<RecordOutcome> Outcomes, string LastProblem);

/// <summary>Sends a batch until every record is accepted or rejected, or the tries or the time are used up.</summary>
internal sealed partial class Delivery(SyncOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Sends.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="batch">The records.</param>
    /// <param name="deadline">No try begins after it; half of its reserve is left to write down what happened.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Delivered> SendAsync(
        Destination destination,
        EncodedBatch batch,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var final = new RecordOutcome[batch.Count];
        Array.Fill(final, new RecordOutcome.Retry("not sent yet"));
        var open = Enumerable.Range(0, batch.Count).ToList();
        var problem = "";
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var part = open.Count == batch.Count ? batch : batch.Select(open);
            var report = await TryAsync(destination, part, deadline, cancel);
            var pause = Note(report, open, final, ref problem);
            if (open.Count == 0)
            {
                break;
            }

            var left = deadline.Remaining(time.GetUtcNow());
            if (
                options.Backoff.Next(attempt, Random.Shared.NextDouble(), pause, left)
                is not RetryDecision.Again
                (var after)
            )
            {
                break;
            }

            LogRetry(destination.Name, open.Count, attempt, problem);
            await Task.Delay(after, time, cancel);
        }

        return new Delivered(final, open.Count == 0 ? "" : problem);
    }

    // Moves what is decided out of the open list. Returns the longest pause that the receiver asked for.
    private static TimeSpan? Note(DeliveryReport report, List<int> open, RecordOutcome[] final, ref string problem)
    {
        TimeSpan? pause = null;
        var still = new List<int>();
        for (var index = 0; index < open.Count; index++)
        {
            var outcome = report[index];
            final[open[index]] = outcome;
            if (outcome is RecordOutcome.Retry retry)
            {
                still.Add(open[index]);
                problem = retry.Why;
                pause = retry.After is { } asked && (pause is null || asked > pause) ? asked : pause;
            }
        }

        open.Clear();
        open.AddRange(still);
        return pause;
    }

    private async Task<DeliveryReport> TryAsync(
        Destination destination,
        EncodedBatch batch,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        destination.Pace.Note(batch.Count, Bytes(batch));
        var left = deadline.Remaining(time.GetUtcNow());
        if (left == TimeSpan.MaxValue)
        {
            return await destination.Sink.SendAsync(batch, cancel);
        }

        using var limit = new CancellationTokenSource(left + (deadline.Reserve / 2), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await destination.Sink.SendAsync(batch, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new DeliveryReport(
                batch.Count,
                new RecordOutcome.Retry("The invocation ended before the receiver had taken the batch.")
            );
        }
    }

    private static long Bytes(EncodedBatch batch)
    {
        long bytes = 0;
        for (var index = 0; index < batch.Count; index++)
        {
            bytes += batch.Body(index).Length;
        }

        return bytes;
    }

    [LoggerMessage(
        6010,
        LogLevel.Debug,
        "Destination {Destination} left {Records} records open at try {Attempt}: {Problem}"
    )]
    private partial void LogRetry(string destination, int records, int attempt, string problem);
}
