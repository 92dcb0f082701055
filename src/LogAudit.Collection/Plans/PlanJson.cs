using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>Writes plans, changes and states as JSON and reads them back; the journal holds the same form.</summary>
public static class PlanJson
{
    /// <summary>Shape: <c>{"changes":[{"phase","kind","account","region","id","from","to","why","reversal","needs":[…]}],"findings":[…]}</c>; a state is a flat object of texts, null where there is none.</summary>
    public static string Write(Plan plan) =>
        Text(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("changes");
            foreach (var planned in plan.Changes)
            {
                json.WriteStartObject();
                json.WriteString("phase", planned.Phase.ToString());
                WriteChange(json, planned.Change);
                json.WriteStartArray("needs");
                foreach (var need in planned.Needs)
                {
                    json.WriteStartObject();
                    WriteSetting(json, need);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("findings");
            foreach (var finding in plan.Findings)
            {
                json.WriteStringValue(finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not a plan.</exception>
    public static Plan Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        try
        {
            return new(
                [
                    .. document
                        .RootElement.GetProperty("changes")
                        .EnumerateArray()
                        .Select(planned => new PlannedChange(
                            Enum.Parse<Phase>(Member(planned, "phase")),
                            ReadChange(planned),
                            [.. planned.GetProperty("needs").EnumerateArray().Select(ReadSetting)]
                        )),
                ],
                [
                    .. document
                        .RootElement.GetProperty("findings")
                        .EnumerateArray()
                        .Select(item => item.GetString() ?? ""),
                ]
            );
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            )
        {
            throw new JsonException($"The text is not a plan: {exception.Message}", exception);
        }
    }

    internal static void WriteChange(Utf8JsonWriter json, SettingChange change)
    {
        WriteSetting(json, change.Setting);
        WriteState(json, "from", change.From);
        WriteState(json, "to", change.To);
        json.WriteString("why", change.Why);
        json.WriteString("reversal", change.Reversal.ToString());
    }

    internal static SettingChange ReadChange(JsonElement json) =>
        new(ReadSetting(json), ReadState(json, "from"), ReadState(json, "to"), Member(json, "why"))
        {
            Reversal = Enum.Parse<Reversal>(Member(json, "reversal")),
        };

    internal static void WriteSetting(Utf8JsonWriter json, SettingRef setting)
    {
        json.WriteString("kind", setting.Kind);
        json.WriteString("account", setting.Account.Value);
        json.WriteString("region", setting.Region.Value);
        json.WriteString("id", setting.Id);
    }

    internal static SettingRef ReadSetting(JsonElement json) =>
        new(
            Member(json, "kind"),
            new AccountId(Member(json, "account")),
            new RegionId(Member(json, "region")),
            Member(json, "id")
        );

    internal static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static string Member(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static void WriteState(Utf8JsonWriter json, string name, SettingState? state)
    {
        if (state is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in state)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static SettingState? ReadState(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.Object } state
            ? new SettingState(
                state
                    .EnumerateObject()
                    .Select(member => new KeyValuePair<string, string>(member.Name, member.Value.GetString() ?? ""))
            )
            : null;
}
