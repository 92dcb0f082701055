using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Second looks at resources that were not ready. They stand in <c>logaudit_run</c> and are done by whichever comes first: the next trigger of the trail, a timer of <c>OnChange</c>, or the full run.</summary>
internal sealed partial class DelayedLooks(
    IRunStore store,
    TimeProvider time,
    ReconcileOptions options,
    ILogger<DelayedLooks> log
)
{
    /// <summary>The looks whose time has come. State that cannot be read means none: the full run looks at everything.</summary>
    public async Task<IReadOnlyList<DelayedLook>> DueAsync(CancellationToken cancel)
    {
        try
        {
            return Due(await store.RecallAsync(cancel));
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            LooksUnreadable(log, exception);
            return [];
        }
    }

    /// <summary>The looks of a memory whose time has come.</summary>
    public IReadOnlyList<DelayedLook> Due(RunMemory memory) =>
        [.. memory.Looks.Where(look => look.Due <= time.GetUtcNow())];

    /// <summary>Writes down what a run says: looks that it made are closed or put off, resources that it found not ready get a look.</summary>
    public async Task UpdateAsync(IReadOnlyList<DelayedLook> made, RunReport report, CancellationToken cancel)
    {
        var notReady = report.LookAgain.ToHashSet(StringComparer.Ordinal);
        var due = time.GetUtcNow() + options.LookAgainAfter;
        var rows = made.Select(look =>
                look with
                {
                    Times = look.Times + 1,
                    Due = due,
                    Done = !notReady.Remove(Key(look)) || look.Times + 1 >= options.LooksAtMost,
                }
            )
            .ToList();
        if (!report.Full)
        {
            // A full run comes again by itself; a row for each of its runs would only grow the state.
            rows.AddRange(notReady.Select(key => New(key, due)));
        }

        try
        {
            await store.RememberAsync(rows, cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            LooksUnreadable(log, exception);
        }
    }

    private static string Key(DelayedLook look) => $"{look.Account}/{look.Region}/{look.Product}/{look.Id}";

    private static DelayedLook New(string key, DateTimeOffset due)
    {
        var parts = key.Split('/', 4);
        return new(new AccountId(parts[0]), new RegionId(parts[1]), parts[2], parts[3], due, 0, Done: false);
    }

    [LoggerMessage(
        5033,
        LogLevel.Warning,
        "Delayed looks could not be read or written; the full run looks at what was not ready"
    )]
    private static partial void LooksUnreadable(ILogger log, Exception exception);
}
