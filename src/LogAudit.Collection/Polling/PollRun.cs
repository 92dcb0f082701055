using System.Collections.Concurrent;
using LogAudit.OpenApi;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>One run over the logs: those furthest behind first, several at once, each failing alone.</summary>
internal sealed partial class PollRun(
    PollCursors cursors,
    Poller poller,
    ReconcileOptions options,
    TimeProvider time,
    ILogger log
)
{
    // Cursors are saved in one write for so many logs; what a kill in between forgets is read again.
    private const int SavedTogether = 32;

    private readonly ConcurrentBag<string> unknown = [];
    private readonly ConcurrentBag<string> findings = [];
    private readonly ConcurrentDictionary<PollApi, string> refused = new();
    private int windows;
    private int written;
    private volatile bool more;

    /// <summary>Reads every log up to the present, as far as time and quota allow.</summary>
    public async Task ReadAsync(IReadOnlyList<PollTarget> targets, Deadline deadline, CancellationToken cancel)
    {
        var order = targets.OrderBy(target => cursors.Find(target)?.Until ?? DateTimeOffset.MinValue);
        foreach (var some in order.Chunk(SavedTogether))
        {
            await Parallel.ForEachAsync(
                some,
                new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
                async (target, stop) => await OneAsync(target, deadline, stop)
            );
            await cursors.SaveAsync(some, cancel);
        }
    }

    /// <summary>What the run did.</summary>
    public PollReport Report(int logs, IEnumerable<string> unknownBefore) =>
        new()
        {
            Logs = logs,
            Windows = windows,
            Written = written,
            Unknown = Some(unknownBefore.Concat(unknown)),
            Findings = Some(findings),
            More = more,
        };

    private async Task OneAsync(PollTarget target, Deadline deadline, CancellationToken cancel)
    {
        try
        {
            while (PollSpan.Next(target.Poll.Window, cursors.Find(target)?.Until, time.GetUtcNow()) is { } span)
            {
                if (!deadline.AllowsNewWork(time.GetUtcNow()))
                {
                    more = true;
                    return;
                }

                if (refused.TryGetValue(target.Api, out var why))
                {
                    unknown.Add($"{target}: {why}");
                    return;
                }

                await ReadAsync(target, span, cancel);
            }
        }
        catch (PollQuotaException used)
        {
            more = true;
            QuotaUsed(log, used.Message);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            if (failure is OpenApiException { IsDenied: true } or OpenApiException { IsThrottled: true })
            {
                // The same answer awaits the other resources of the account; they are tried in the next run.
                refused[target.Api] = failure.Message;
            }

            unknown.Add($"{target}: {failure.Message}");
            LogUnreadable(log, failure, target.ToString());
        }
    }

    private async Task ReadAsync(PollTarget target, PollSpan span, CancellationToken cancel)
    {
        if (span.Lost > TimeSpan.Zero)
        {
            var lost = $"{target}: {span.Lost} before {span.From:u} were not read in time and are no longer kept";
            findings.Add(lost);
            RecordsLost(log, lost);
        }

        var read = await poller.ReadAsync(target, span, cursors.Find(target), cancel);
        cursors.Move(target, read.Cursor);
        Interlocked.Increment(ref windows);
        Interlocked.Add(ref written, read.Written);
        foreach (var problem in read.Problems)
        {
            findings.Add(problem);
        }
    }

    private static IReadOnlyList<string> Some(IEnumerable<string> reasons) =>
        [.. reasons.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(RunReport.MaxReasons)];

    [LoggerMessage(5042, LogLevel.Debug, "{Why}")]
    private static partial void QuotaUsed(ILogger log, string why);

    [LoggerMessage(5043, LogLevel.Warning, "{Target} could not be read; its cursor stays and the next run tries again")]
    private static partial void LogUnreadable(ILogger log, Exception exception, string target);

    [LoggerMessage(5044, LogLevel.Error, "Records were lost: {Lost}")]
    private static partial void RecordsLost(ILogger log, string lost);
}
