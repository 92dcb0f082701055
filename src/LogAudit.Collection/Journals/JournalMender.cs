using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Closes intents that have no outcome: reads the setting again and writes down what it found.</summary>
internal sealed partial class JournalMender(
    IJournal journal,
    SettingHandlers handlers,
    TimeProvider time,
    ILogger<JournalMender> log
)
{
    /// <summary>An intent younger than this may belong to a run that is still at work.</summary>
    private static readonly TimeSpan StillAtWork = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>Looks at the intents since the last full run began (null: at all).</summary>
    /// <returns>Why it could not; empty when it could.</returns>
    public async Task<IReadOnlyList<string>> MendAsync(DateTimeOffset? lastRun, CancellationToken cancel)
    {
        try
        {
            foreach (var intent in await OpenAsync(lastRun - Overlap, cancel))
            {
                var outcome = await OutcomeAsync(intent, cancel);
                await journal.AppendAsync([outcome], cancel);
                IntentClosed(log, intent.Change.Setting.ToString(), outcome.Event.ToString());
            }

            return [];
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            JournalUnreadable(log, exception);
            return [$"the journal could not be checked for interrupted writes: {exception.Message}"];
        }
    }

    private async Task<IReadOnlyList<JournalRow>> OpenAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        var open = new Dictionary<string, JournalRow>(StringComparer.Ordinal);
        var closed = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var row in journal.ReadAsync(since, cancel))
        {
            if (row.Event == JournalEvent.Intent)
            {
                open[row.Id] = row;
            }
            else
            {
                closed.Add(row.Id);
            }
        }

        var before = time.GetUtcNow() - StillAtWork;
        return [.. open.Values.Where(row => row.At < before && !closed.Contains(row.Id)).OrderBy(row => row.At)];
    }

    private async Task<JournalRow> OutcomeAsync(JournalRow intent, CancellationToken cancel)
    {
        var present = await handlers.ReadAsync(intent.Change.Setting, cancel);
        return intent with
        {
            At = time.GetUtcNow(),
            Event =
                Equals(present, intent.Change.To) ? JournalEvent.Done
                : Equals(present, intent.Change.From) ? JournalEvent.Failed
                : JournalEvent.Overtaken,
            Note = "found after an interrupted run",
        };
    }

    [LoggerMessage(5012, LogLevel.Information, "The interrupted change of {Setting} was looked at again: {Outcome}")]
    private static partial void IntentClosed(ILogger log, string setting, string outcome);

    [LoggerMessage(
        5013,
        LogLevel.Warning,
        "The journal could not be checked for interrupted writes; the next full run tries again"
    )]
    private static partial void JournalUnreadable(ILogger log, Exception exception);
}
