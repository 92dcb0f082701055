using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Reports, positions and delayed looks in <c>logaudit_run</c>. Rows are JSON with a <c>type</c>, one of <see cref="RowTypes"/>.</summary>
internal sealed partial class SlsRunStore(StateLog state, TimeProvider time, ILogger<SlsRunStore> log) : IRunStore
{
    /// <summary>A report is written at least once a day, so that recent rows are enough as a rule.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(3);

    public async Task<RunMemory> RecallAsync(CancellationToken cancel) =>
        await ReadAsync(time.GetUtcNow() - Recent, cancel) is { LastFull: not null } recent
            ? recent
            : await ReadAsync(since: null, cancel);

    public Task RememberAsync(RunReport report, string digest, CancellationToken cancel) =>
        state.AppendAsync(
            [
                PlanJson.Text(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("type", RowTypes.Report);
                    json.WriteString("digest", digest);
                    json.WritePropertyName("report");
                    json.WriteRawValue(RunJson.Write(report));
                    json.WriteEndObject();
                }),
            ],
            cancel
        );

    public Task RememberAsync(IReadOnlyList<DelayedLook> looks, CancellationToken cancel) =>
        looks.Count == 0 ? Task.CompletedTask : state.AppendAsync([.. looks.Select(Write)], cancel);

    private async Task<RunMemory> ReadAsync(DateTimeOffset? since, CancellationToken cancel)
    {
        var memory = RunMemory.Empty;
        var looks = new Dictionary<string, DelayedLook>(StringComparer.Ordinal);
        var read = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        PollNote? polled = null;
        await foreach (var text in state.ReadAsync(since, cancel))
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                var row = document.RootElement;
                var type = PlanJson.Member(row, "type");
                if (type is RowTypes.Look)
                {
                    var look = ReadLook(row);
                    var key = $"{look.Account}/{look.Region}/{look.Product}/{look.Id}";
                    if (!looks.TryGetValue(key, out var known) || known.Times <= look.Times)
                    {
                        looks[key] = look;
                    }
                }
                else if (type is RowTypes.Poll)
                {
                    foreach (var (key, until, _) in PollCursors.Rows(row))
                    {
                        read[key] = read.TryGetValue(key, out var known) && known > until ? known : until;
                    }
                }
                else if (type is RowTypes.PollNote)
                {
                    var note = PollNotes.Read(row);
                    polled = polled is { } newest && newest.At > note.At ? newest : note;
                }
                else if (
                    type is RowTypes.Report
                    && RunJson.Read(row.GetProperty("report").GetRawText()) is { Full: true } report
                    && Newer(report, memory)
                )
                {
                    memory = memory with { LastFull = report, Digest = PlanJson.Member(row, "digest") };
                }
            }
            catch (Exception exception)
                when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
                )
            {
                RowUnreadable(log, exception);
            }
        }

        return memory with
        {
            Looks = [.. looks.Values.Where(look => !look.Done)],
            Polled = new(read, polled),
        };
    }

    private static bool Newer(RunReport report, RunMemory memory) =>
        memory.LastFull is null || report.Ended >= memory.LastFull.Ended;

    private static string Write(DelayedLook look) =>
        PlanJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", RowTypes.Look);
            json.WriteString("account", look.Account.Value);
            json.WriteString("region", look.Region.Value);
            json.WriteString("product", look.Product);
            json.WriteString("id", look.Id);
            json.WriteString("due", look.Due.ToString("O", CultureInfo.InvariantCulture));
            json.WriteNumber("times", look.Times);
            json.WriteBoolean("done", look.Done);
            json.WriteEndObject();
        });

    private static DelayedLook ReadLook(JsonElement row) =>
        new(
            new AccountId(PlanJson.Member(row, "account")),
            new RegionId(PlanJson.Member(row, "region")),
            PlanJson.Member(row, "product"),
            PlanJson.Member(row, "id"),
            DateTimeOffset.ParseExact(PlanJson.Member(row, "due"), "O", CultureInfo.InvariantCulture),
            row.GetProperty("times").GetInt32(),
            row.GetProperty("done").GetBoolean()
        );

    [LoggerMessage(5015, LogLevel.Warning, "A row of logaudit_run is not readable and is left out")]
    private static partial void RowUnreadable(ILogger log, Exception exception);
}
