using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Takes back what the journal recorded, newest first; leaves alone what somebody else changed since.</summary>
/// <remarks>It knows what the journal's retention still keeps. A change that was undone once is not undone again.</remarks>
internal sealed partial class Undo(
    IJournal journal,
    SettingHandlers handlers,
    Applier applier,
    Layout layout,
    TimeProvider time,
    ILogger<Undo> log
) : IUndo
{
    /// <inheritdoc/>
    public async Task<Plan> PlanAsync(IReadOnlyCollection<string> deleteLogsOf, CancellationToken cancel)
    {
        var changes = new List<PlannedChange>();
        var findings = new List<string>();
        foreach (var history in Histories(await ReadAsync(cancel)))
        {
            try
            {
                if (await BackAsync(history.Key, [.. history], deleteLogsOf, findings, cancel) is { } back)
                {
                    changes.Add(back);
                }
            }
            catch (Exception exception) when (!cancel.IsCancellationRequested)
            {
                SettingUnreadable(log, exception, history.Key.ToString());
                findings.Add($"left alone: {history.Key} could not be read: {exception.Message}");
            }
        }

        return new(
            [.. changes.OrderByDescending(planned => planned.Phase)],
            [.. findings.Distinct(StringComparer.Ordinal)]
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Applied>> ApplyAsync(Plan plan, Deadline deadline, CancellationToken cancel) =>
        applier.ApplyAsync(
            plan,
            new(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), Undo: true),
            deadline,
            cancel
        );

    /// <summary>One row per change: its outcome where there is one, else its intent.</summary>
    private async Task<IReadOnlyList<JournalRow>> ReadAsync(CancellationToken cancel)
    {
        var rows = new Dictionary<string, JournalRow>(StringComparer.Ordinal);
        await foreach (var row in journal.ReadAsync(since: null, cancel))
        {
            if (row.Event != JournalEvent.Intent || !rows.ContainsKey(row.Id))
            {
                rows[row.Id] = row;
            }
        }

        return [.. rows.Values];
    }

    /// <summary>Changes by setting, newest first; settings in the order of their newest change, newest first.</summary>
    private static IEnumerable<IGrouping<SettingRef, JournalRow>> Histories(IReadOnlyList<JournalRow> rows) =>
        rows.Where(row => row.Event is JournalEvent.Done or JournalEvent.Intent)
            .OrderByDescending(row => row.At)
            .ThenByDescending(row => row.Id, StringComparer.Ordinal)
            .GroupBy(row => row.Change.Setting);

    private async Task<PlannedChange?> BackAsync(
        SettingRef setting,
        IReadOnlyList<JournalRow> history,
        IReadOnlyCollection<string> deleteLogsOf,
        List<string> findings,
        CancellationToken cancel
    )
    {
        var present = await handlers.ReadAsync(setting, cancel);
        var state = present;
        foreach (var row in history.TakeWhile(row => !row.Undo))
        {
            if (Equals(state, row.Change.From))
            {
                continue;
            }

            if (!Equals(state, row.Change.To))
            {
                findings.Add($"left alone: {setting} was changed by somebody else since {row.At:u}");
                break;
            }

            if (Kept(row.Change, deleteLogsOf) is { } why)
            {
                findings.Add(why);
                break;
            }

            state = row.Change.From;
        }

        return Equals(present, state)
            ? null
            : new PlannedChange(PhaseOf(setting), new(setting, present, state, "undo"), []);
    }

    private static string? Kept(SettingChange change, IReadOnlyCollection<string> deleteLogsOf) =>
        change.Reversal switch
        {
            Reversal.Cannot => $"cannot be undone: {PlanText.Line(change)}",
            Reversal.DeletesLogs when !deleteLogsOf.Contains(change.Setting.Id, StringComparer.Ordinal) =>
                $"kept, because undo would delete logs: {change.Setting}; name {change.Setting.Id} to delete it",
            _ => null,
        };

    private Phase PhaseOf(SettingRef setting) =>
        setting.Kind switch
        {
            SettingKinds.Role or SettingKinds.RolePolicy or SettingKinds.Attachment => setting.Account
            == layout.CentralAccount
                ? Phase.Roles
                : Phase.MemberRoles,
            SettingKinds.CollectionPolicy => Phase.Policies,
            SettingKinds.Etl => Phase.Carry,
            SettingKinds.Project
            or SettingKinds.Logstore
            or SettingKinds.Metricstore
            or SettingKinds.Index
            or SettingKinds.Dashboard => setting.Id.Split('/')[0] == layout.CentralProject.Value
                ? Phase.Central
                : Phase.Regional,
            _ => Phase.Switch,
        };

    [LoggerMessage(5020, LogLevel.Warning, "{Setting} could not be read; undo leaves it alone")]
    private static partial void SettingUnreadable(ILogger log, Exception exception, string setting);
}

/// <summary>Takes back what LogAudit wrote.</summary>
public interface IUndo
{
    /// <summary>What undo would write, and what it leaves alone with the reason.</summary>
    /// <param name="deleteLogsOf">Ids of projects (<c>project</c>) and Logstores (<c>project/logstore</c>) that may be deleted with their logs, or whose retention may shrink, and of the days that a product keeps itself; everything else that holds logs is kept.</param>
    /// <param name="cancel">Ends the reading.</param>
    Task<Plan> PlanAsync(IReadOnlyCollection<string> deleteLogsOf, CancellationToken cancel);

    /// <summary>Carries an undo plan out; its writes are recorded in the journal too.</summary>
    Task<IReadOnlyList<Applied>> ApplyAsync(Plan plan, Deadline deadline, CancellationToken cancel);
}
