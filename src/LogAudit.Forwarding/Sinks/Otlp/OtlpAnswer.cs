using System.Globalization;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>Reads what an OTLP receiver says of a request that it took: <c>ExportLogsServiceResponse</c>.</summary>
internal static class OtlpAnswer
{
    // Source: OTLP specification; a response has at most 4 MiB.
    private const int MostAnswerBytes = 4 * 1024 * 1024;

    // Tags: field 1 with a length, field 1 as a varint.
    private const long PartialSuccess = 0x0A;
    private const long RejectedLogRecords = 0x08;

    /// <summary>How many records the receiver left out; null where the answer is none of OTLP.</summary>
    /// <param name="answer">An answer with 2xx.</param>
    /// <param name="json">Encoding of the request, where the answer names none.</param>
    /// <param name="cancel">Gives up.</param>
    public static async ValueTask<long?> RejectedAsync(HttpResponseMessage answer, bool json, CancellationToken cancel)
    {
        await answer.Content.LoadIntoBufferAsync(MostAnswerBytes, cancel);
        var body = await answer.Content.ReadAsByteArrayAsync(cancel);
        if (body.Length == 0)
        {
            // All fields are optional: an empty message says that everything was taken.
            return 0;
        }

        return (
            answer.Content.Headers.ContentType?.MediaType ?? (json ? "application/json" : "application/x-protobuf")
        ) switch
        {
            "application/json" => FromJson(body),
            "application/x-protobuf" => FromProtobuf(body),
            _ => null,
        };
    }

    /// <summary>From JSON. Shape: <c>{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"…"}}</c>; the number also without quotes.</summary>
    internal static long? FromJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (
                !json.RootElement.TryGetProperty("partialSuccess", out var partial)
                || partial.ValueKind == JsonValueKind.Null
            )
            {
                return 0;
            }

            if (partial.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (!partial.TryGetProperty("rejectedLogRecords", out var rejected))
            {
                return 0;
            }

            return rejected.ValueKind switch
            {
                JsonValueKind.Number when rejected.TryGetInt64(out var number) => number,
                JsonValueKind.String
                    when long.TryParse(
                        rejected.GetString(),
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var number
                    ) => number,
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>From protobuf: <c>partial_success</c> is field 1, in it <c>rejected_log_records</c> is the varint field 1. The last of a repeated field counts.</summary>
    internal static long? FromProtobuf(ReadOnlySpan<byte> body)
    {
        long rejected = 0;
        while (body.Length > 0)
        {
            if (!TryField(ref body, out var field, out _, out var content))
            {
                return null;
            }

            while (field == PartialSuccess && content.Length > 0)
            {
                if (!TryField(ref content, out var inner, out var value, out _))
                {
                    return null;
                }

                rejected = inner == RejectedLogRecords ? value : rejected;
            }
        }

        return rejected;
    }

    // Gives the tag, number and wire type in one; a field of another type than is asked for counts as unknown.
    private static bool TryField(
        ref ReadOnlySpan<byte> from,
        out long tag,
        out long value,
        out ReadOnlySpan<byte> content
    )
    {
        value = 0;
        content = default;
        if (!TryVarint(ref from, out tag) || tag >> 3 is < 1 or > (1 << 29) - 1)
        {
            return false;
        }

        long length;
        switch (tag & 7)
        {
            case 0:
                return TryVarint(ref from, out value);
            case 1:
                length = 8;
                break;
            case 5:
                length = 4;
                break;
            case 2 when TryVarint(ref from, out length):
                break;
            default:
                return false;
        }

        if (length < 0 || length > from.Length)
        {
            return false;
        }

        content = from[..(int)length];
        from = from[(int)length..];
        return true;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> from, out long value)
    {
        value = 0;
        for (var index = 0; index < Math.Min(from.Length, 10); index++)
        {
            value |= (long)(from[index] & 0x7F) << (7 * index);
            if (from[index] < 0x80)
            {
                from = from[(index + 1)..];
                return true;
            }
        }

        return false;
    }
}
