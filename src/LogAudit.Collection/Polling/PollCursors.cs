using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>The cursors, in memory and as rows of <c>logaudit_run</c> with the type <c>poll</c>.</summary>
/// <remarks>
/// The newest row of a key counts. Each cursor is written again before its row is older than <see cref="Fresh"/>, so that a new process finds all of them in recent rows.
/// A window in which nothing was found moves the cursor in memory only: to read it again costs a call and writes nothing.
/// </remarks>
internal sealed partial class PollCursors(StateLog state, TimeProvider time, ILogger<PollCursors> log)
{
    /// <summary>A cursor's row is written again when it is older.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(20);

    // Rows of the last hour hold every cursor of a function that runs; longer pauses are looked for further back.
    private static readonly TimeSpan[] Recall = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(31)];

    private const int CursorsPerRow = 50;

    private readonly ConcurrentDictionary<string, PollCursor> cursors = new(StringComparer.Ordinal);
    private bool recalled;

    /// <summary>Reads the cursors once in the life of the process.</summary>
    public async Task RecallAsync(CancellationToken cancel)
    {
        foreach (var span in recalled ? [] : Recall)
        {
            await foreach (var text in state.ReadAsync(time.GetUtcNow() - span, cancel))
            {
                Read(text);
            }

            if (!cursors.IsEmpty)
            {
                break;
            }
        }

        recalled = true;
    }

    /// <summary>The cursor of a target; null when it was never read.</summary>
    public PollCursor? Find(PollTarget target) => cursors.GetValueOrDefault(target.Key);

    /// <summary>Moves a cursor in memory.</summary>
    public void Move(PollTarget target, PollCursor cursor) =>
        cursors[target.Key] = Find(target) is { } before
            ? cursor with
            {
                SavedAt = before.SavedAt,
                MustBeSaved = cursor.MustBeSaved || before.MustBeSaved,
            }
            : cursor;

    /// <summary>Writes the cursors of targets whose rows are too old or behind what was written to the store.</summary>
    public async Task SaveAsync(IEnumerable<PollTarget> targets, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var due = targets
            .Select(target => (target.Key, Cursor: cursors.GetValueOrDefault(target.Key)))
            .Where(one => one.Cursor is { } cursor && (cursor.MustBeSaved || now - cursor.SavedAt > Fresh))
            .Select(one => (one.Key, Cursor: one.Cursor!))
            .ToList();
        if (due.Count == 0)
        {
            return;
        }

        await state.AppendAsync([.. due.Chunk(CursorsPerRow).Select(Write)], cancel);
        foreach (var (key, cursor) in due)
        {
            cursors.TryUpdate(key, cursor with { SavedAt = now, MustBeSaved = false }, cursor);
        }
    }

    /// <summary>The cursors of a row of the type <c>poll</c>: key, end of what was read, ids as text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IEnumerable<(string Key, DateTimeOffset Until, string Recent)> Rows(JsonElement row) =>
        row.GetProperty("cursors")
            .EnumerateObject()
            .Select(one =>
                (
                    one.Name,
                    DateTimeOffset.ParseExact(one.Value[0].GetString() ?? "", "O", CultureInfo.InvariantCulture),
                    one.Value[1].GetString() ?? ""
                )
            );

    private static string Write((string Key, PollCursor Cursor)[] rows) =>
        PlanJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", RowTypes.Poll);
            json.WriteStartObject("cursors");
            foreach (var (key, cursor) in rows)
            {
                json.WriteStartArray(key);
                json.WriteStringValue(cursor.Until.ToString("O", CultureInfo.InvariantCulture));
                json.WriteStringValue(cursor.RecentText);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });

    private void Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (PlanJson.Member(document.RootElement, "type") is not RowTypes.Poll)
            {
                return;
            }

            foreach (var (key, until, recent) in Rows(document.RootElement))
            {
                // Shards are read one after another, so rows do not come in the order of writing.
                if (!cursors.TryGetValue(key, out var known) || known.Until <= until)
                {
                    cursors[key] = new(until, PollCursor.ReadRecent(recent));
                }
            }
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            RowUnreadable(log, exception);
        }
    }

    [LoggerMessage(
        5040,
        LogLevel.Warning,
        "A row of cursors is not readable and is left out; what it stood for is read again, with the same ids"
    )]
    private static partial void RowUnreadable(ILogger log, Exception exception);
}
