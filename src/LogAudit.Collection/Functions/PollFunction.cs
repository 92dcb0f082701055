using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>The work of the function <c>Poll</c>: reads the logs that a product only offers by API and writes them to the central store.</summary>
public sealed partial class PollFunction
{
    private readonly PollTargets targets;
    private readonly PollCursors cursors;
    private readonly PollNotes notes;
    private readonly Poller poller;
    private readonly ReconcileOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<PollFunction> log;

    internal PollFunction(
        PollTargets targets,
        PollCursors cursors,
        PollNotes notes,
        Poller poller,
        ReconcileOptions options,
        TimeProvider time,
        ILogger<PollFunction> log
    )
    {
        (this.targets, this.cursors, this.notes, this.poller) = (targets, cursors, notes, poller);
        (this.options, this.time, this.log) = (options, time, log);
    }

    /// <summary>Handles one invocation; what the timer sent does not matter.</summary>
    /// <param name="deadline">When the work must have ended; the next invocation goes on where this one ended.</param>
    /// <param name="cancel">Ends the work at once.</param>
    /// <exception cref="Sls.SlsException">The cursors could not be read or written; what was read is read again, with the same ids.</exception>
    public async Task<PollReport> InvokeAsync(Deadline deadline, CancellationToken cancel)
    {
        await cursors.RecallAsync(cancel);
        var (found, unknown) = await targets.FindAsync(deadline, cancel);
        var run = new PollRun(cursors, poller, options, time, log);
        await run.ReadAsync(found, deadline, cancel);
        var report = run.Report(found.Count, unknown);
        await notes.KeepAsync(report, cancel);
        Finished(log, report.Logs, report.Windows, report.Written, report.Unknown.Count, report.More);
        return report;
    }

    [LoggerMessage(
        5041,
        LogLevel.Information,
        "Polled {Logs} logs: {Windows} windows, {Written} records, {Unknown} unknown, more: {More}"
    )]
    private static partial void Finished(ILogger log, int logs, int windows, int written, int unknown, bool more);
}
