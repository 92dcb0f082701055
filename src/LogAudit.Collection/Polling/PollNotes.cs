using System.Globalization;
using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>Leaves what <c>Poll</c> could not read, or lost, as rows of <c>logaudit_run</c> with the type <c>poll-note</c>, for <c>status</c>.</summary>
/// <remarks>A row is written when there is something new to say, by each process at first, and every <see cref="AtLeastEvery"/>: polling every minute must not write every minute.</remarks>
internal sealed class PollNotes(StateLog state, TimeProvider time)
{
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromHours(6);

    private PollNote? last;

    /// <summary>Writes a row if it is time to.</summary>
    public async Task KeepAsync(PollReport report, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (last is { } before && SaysTheSame(before.Report, report) && now - before.At < AtLeastEvery)
        {
            return;
        }

        await state.AppendAsync([Write(new(now, report))], cancel);
        last = new(now, report);
    }

    /// <summary>The note of a row of its type.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static PollNote Read(JsonElement row) =>
        new(
            DateTimeOffset.ParseExact(PlanJson.Member(row, "at"), "O", CultureInfo.InvariantCulture),
            PollReport.FromJson(row.GetProperty("report").GetRawText())
        );

    private static string Write(PollNote note) =>
        PlanJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", RowTypes.PollNote);
            json.WriteString("at", note.At.ToString("O", CultureInfo.InvariantCulture));
            json.WritePropertyName("report");
            json.WriteRawValue(note.Report.ToJson());
            json.WriteEndObject();
        });

    private static bool SaysTheSame(PollReport before, PollReport now) =>
        before.Logs == now.Logs
        && before.Unknown.SequenceEqual(now.Unknown, StringComparer.Ordinal)
        && before.Findings.SequenceEqual(now.Findings, StringComparer.Ordinal);
}
