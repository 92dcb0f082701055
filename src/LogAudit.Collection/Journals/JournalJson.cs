using System.Globalization;
using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>The form of a journal row in its Logstore: one JSON text under the field <c>row</c>.</summary>
internal static class JournalJson
{
    public static string Write(JournalRow row) =>
        PlanJson.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("change", row.Id);
            json.WriteString("at", row.At.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("event", row.Event.ToString());
            json.WriteString("run", row.Run);
            json.WriteBoolean("undo", row.Undo);
            json.WriteString("note", row.Note);
            PlanJson.WriteChange(json, row.Change);
            json.WriteEndObject();
        });

    /// <summary>Reads a row; throws <see cref="JsonException"/> on anything else.</summary>
    public static JournalRow Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        var json = document.RootElement;
        try
        {
            return new(
                PlanJson.Member(json, "change"),
                DateTimeOffset.ParseExact(PlanJson.Member(json, "at"), "O", CultureInfo.InvariantCulture),
                Enum.Parse<JournalEvent>(PlanJson.Member(json, "event")),
                PlanJson.ReadChange(json)
            )
            {
                Run = PlanJson.Member(json, "run"),
                Undo = json.GetProperty("undo").GetBoolean(),
                Note = PlanJson.Member(json, "note"),
            };
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            )
        {
            throw new JsonException($"The text is not a journal row: {exception.Message}", exception);
        }
    }
}
