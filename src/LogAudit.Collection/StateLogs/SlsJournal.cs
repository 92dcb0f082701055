using System.Runtime.CompilerServices;
using System.Text.Json;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>The journal in its Logstore.</summary>
/// <remarks>
/// While the Logstore does not exist yet (the first moments of <c>bootstrap</c>), rows are held and written as soon as it answers: the only writes that can precede
/// their record are those that make the journal itself and the roles, and their names are fixed, so that a bootstrap that was cut off finds them again.
/// </remarks>
internal sealed partial class SlsJournal(StateLog log, ILogger<SlsJournal> logger) : IJournal
{
    private const int MaxHeld = 500;

    private readonly Lock gate = new();
    private readonly List<JournalRow> held = [];

    public async Task AppendAsync(IReadOnlyList<JournalRow> rows, CancellationToken cancel)
    {
        var all = Take(rows);
        try
        {
            await log.AppendAsync([.. all.Select(JournalJson.Write)], cancel);
        }
        catch (SlsException failure) when (failure.IsNotFound && rows.All(row => MayPrecede(row.Change.Setting)))
        {
            Hold(all);
        }
        catch
        {
            Hold([.. all.Except(rows)]);
            throw;
        }
    }

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        DateTimeOffset? since,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var text in log.ReadAsync(since, cancel))
        {
            if (Read(text) is { } row)
            {
                yield return row;
            }
        }
    }

    private JournalRow? Read(string text)
    {
        try
        {
            return JournalJson.Read(text);
        }
        catch (JsonException exception)
        {
            RowUnreadable(logger, exception);
            return null;
        }
    }

    private static bool MayPrecede(SettingRef setting) =>
        setting.Kind
            is SettingKinds.Project
                or SettingKinds.Logstore
                or SettingKinds.Role
                or SettingKinds.RolePolicy
                or SettingKinds.Attachment;

    private JournalRow[] Take(IReadOnlyList<JournalRow> rows)
    {
        lock (gate)
        {
            JournalRow[] all = [.. held, .. rows];
            held.Clear();
            return all;
        }
    }

    private void Hold(JournalRow[] rows)
    {
        lock (gate)
        {
            if (held.Count + rows.Length > MaxHeld)
            {
                throw new InvalidOperationException(
                    $"More than {MaxHeld} changes wait for the journal's Logstore; create the central project first (logaudit bootstrap)."
                );
            }

            held.InsertRange(0, rows);
        }
    }

    [LoggerMessage(
        5014,
        LogLevel.Warning,
        "A row of the journal is not readable and is left out; undo cannot take its change back"
    )]
    private static partial void RowUnreadable(ILogger logger, Exception exception);
}
