using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Carries plans out: intent, write, outcome; one change at a time for an account, region and area (a collection policy is one of its own), several of those at once.</summary>
/// <remarks>
/// Before each write the setting is read: in place means done already, neither before nor after means that somebody else was faster and the change is left out.
/// After a failed write it is read again, because an answer can be lost after the work was done.
/// </remarks>
internal sealed partial class Applier(
    SettingHandlers handlers,
    IJournal journal,
    TimeProvider time,
    ReconcileOptions options,
    ILogger<Applier> log
)
{
    /// <summary>Carries out the changes of a plan, phase by phase. One failing change is recorded and the rest go on.</summary>
    public async Task<IReadOnlyList<Applied>> ApplyAsync(
        Plan plan,
        ApplyContext context,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var results = new ConcurrentDictionary<PlannedChange, Applied>();
        var broken = new ConcurrentDictionary<SettingRef, string>();
        foreach (var phase in plan.Changes.GroupBy(planned => planned.Phase))
        {
            await Parallel.ForEachAsync(
                phase.GroupBy(Lane),
                new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
                async (lane, stop) =>
                {
                    foreach (var planned in lane)
                    {
                        var applied = await OneAsync(planned, broken, context, deadline, stop);
                        results[planned] = applied;
                        if (!applied.InPlace)
                        {
                            broken[planned.Change.Setting] = applied.Note;
                        }
                    }
                }
            );
        }

        return [.. plan.Changes.Select(planned => results[planned])];
    }

    /// <summary>Changes of one lane are written one after another, in plan order.</summary>
    /// <remarks>A collection policy can be read only seconds after it was written, and none depends on another: they are waited for together.</remarks>
    private static (AccountId, RegionId, string) Lane(PlannedChange planned)
    {
        var setting = planned.Change.Setting;
        var area =
            setting.Kind is SettingKinds.CollectionPolicy
                ? $"{setting.Kind}/{setting.Id}"
                : setting.Kind.Split('.', 2)[0];
        return (setting.Account, setting.Region, area);
    }

    private async Task<Applied> OneAsync(
        PlannedChange planned,
        ConcurrentDictionary<SettingRef, string> broken,
        ApplyContext context,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        if (planned.Needs.FirstOrDefault(broken.ContainsKey) is { } missing)
        {
            return new(planned, Outcome.Skipped, $"{missing} is not in place: {broken[missing]}");
        }

        if (!deadline.AllowsNewWork(time.GetUtcNow()))
        {
            return new(planned, Outcome.NotStarted, "the time of this run is up");
        }

        try
        {
            var change = planned.Change;
            var present = await handlers.ReadAsync(change.Setting, cancel);
            return Equals(present, change.To) ? new(planned, Outcome.Already)
                : Equals(present, change.From) ? await WriteAsync(planned, context, cancel)
                : new(
                    planned,
                    Outcome.Overtaken,
                    $"found {present?.ToString() ?? "nothing"} instead of the state before"
                );
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            ChangeFailed(log, exception, planned.Change.Setting.ToString());
            return new(planned, Outcome.Failed, exception.Message);
        }
    }

    private async Task<Applied> WriteAsync(PlannedChange planned, ApplyContext context, CancellationToken cancel)
    {
        var intent = new JournalRow(
            Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            time.GetUtcNow(),
            JournalEvent.Intent,
            planned.Change
        )
        {
            Run = context.Run,
            Undo = context.Undo,
        };
        await journal.AppendAsync([intent], cancel);
        var outcome = await OutcomeAsync(planned, cancel);
        if (outcome.Outcome == Outcome.Unclear)
        {
            // The intent stays open: the next full run reads the setting and closes it.
            return outcome;
        }

        try
        {
            await journal.AppendAsync(
                [
                    intent with
                    {
                        At = time.GetUtcNow(),
                        Event = outcome.InPlace ? JournalEvent.Done : JournalEvent.Failed,
                        Note = outcome.Note,
                    },
                ],
                cancel
            );
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            OutcomeNotRecorded(log, exception, planned.Change.Setting.ToString());
        }

        return outcome;
    }

    private async Task<Applied> OutcomeAsync(PlannedChange planned, CancellationToken cancel)
    {
        try
        {
            await handlers.WriteAsync(planned.Change, cancel);
            return new(planned, Outcome.Done);
        }
        catch (NotYetException later)
        {
            return new(planned, Outcome.NotStarted, later.Message);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            ChangeFailed(log, exception, planned.Change.Setting.ToString());
            return await LookAsync(planned, exception.Message, cancel);
        }
    }

    /// <summary>What a failed write left behind.</summary>
    private async Task<Applied> LookAsync(PlannedChange planned, string failure, CancellationToken cancel)
    {
        try
        {
            return Equals(await handlers.ReadAsync(planned.Change.Setting, cancel), planned.Change.To)
                ? new(planned, Outcome.Done, $"in place although the write failed: {failure}")
                : new(planned, Outcome.Failed, failure);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            ChangeFailed(log, exception, planned.Change.Setting.ToString());
            return new(planned, Outcome.Unclear, $"{failure} Reading it back failed too: {exception.Message}");
        }
    }

    [LoggerMessage(5010, LogLevel.Warning, "Changing {Setting} failed; see the run report for what was found after it")]
    private static partial void ChangeFailed(ILogger log, Exception exception, string setting);

    [LoggerMessage(
        5011,
        LogLevel.Warning,
        "The outcome of changing {Setting} could not be written to the journal; the next full run reads the setting again"
    )]
    private static partial void OutcomeNotRecorded(ILogger log, Exception exception, string setting);
}

/// <summary>What a run writes into the rows of the journal.</summary>
/// <param name="Run">Id of the run.</param>
/// <param name="Undo">Whether it takes earlier changes back.</param>
internal sealed record ApplyContext(string Run, bool Undo = false);
