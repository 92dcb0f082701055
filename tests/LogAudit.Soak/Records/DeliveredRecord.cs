using System.Text;
using System.Text.Json;
using LogAudit.Sls;

namespace LogAudit.Soak;

/// <summary>What a receiver got of one record, read out of its ECS object.</summary>
/// <param name="Id"><c>event.id</c>.</param>
/// <param name="Text">The record's own text.</param>
/// <param name="Logstore">Logstore that it says it was read from.</param>
/// <param name="Shard">Shard.</param>
/// <param name="Cursor">Cursor of its group.</param>
/// <param name="Index">Place in the group.</param>
internal sealed record DeliveredRecord(string Id, string Text, string Logstore, int Shard, long Cursor, int Index)
{
    /// <summary>Reads an ECS object; null when it is none, or lacks one of these.</summary>
    public static DeliveredRecord? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Walk(json);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static DeliveredRecord? Walk(ReadOnlySpan<byte> json)
    {
        string? id = null;
        string? text = null;
        string? logstore = null;
        string? cursor = null;
        var (shard, index) = (-1, -1);
        var (isEvent, isSls) = (false, false);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            switch (reader.CurrentDepth)
            {
                case 1:
                    (isEvent, isSls) = (reader.ValueTextEquals("event"u8), false);
                    break;
                case 2 when isEvent && reader.ValueTextEquals("id"u8):
                    id = Value(ref reader);
                    break;
                case 2:
                    isSls = reader.ValueTextEquals("sls"u8);
                    break;
                case 3 when isSls && reader.ValueTextEquals("logstore"u8):
                    logstore = Value(ref reader);
                    break;
                case 3 when isSls && reader.ValueTextEquals("cursor"u8):
                    cursor = Value(ref reader);
                    break;
                case 3 when isSls && reader.ValueTextEquals("shard"u8):
                    reader.Read();
                    shard = reader.GetInt32();
                    break;
                case 3 when isSls && reader.ValueTextEquals("index"u8):
                    reader.Read();
                    index = reader.GetInt32();
                    break;
                case 3 when reader.ValueTextEquals(Name):
                    text = Value(ref reader);
                    break;
            }
        }

        return id is null || text is null || logstore is null || cursor is null || shard < 0 || index < 0
            ? null
            : new DeliveredRecord(id, text, logstore, shard, new Cursor(cursor).Number, index);
    }

    private static ReadOnlySpan<byte> Name => "soak"u8;

    private static string? Value(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }

    /// <summary>The ECS object at the end of a syslog message.</summary>
    public static string InSyslog(string message)
    {
        var start = message.IndexOf("{\"@timestamp\"", StringComparison.Ordinal);
        return start < 0 ? message : message[start..];
    }

    /// <summary>Its bytes.</summary>
    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
