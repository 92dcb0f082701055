using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>A successful answer: its headers, and its body in a pooled buffer that goes back with <see cref="Dispose"/>.</summary>
internal sealed class SlsAnswer(HttpResponseMessage response, byte[] buffer, int length) : IDisposable
{
    private byte[]? buffer = buffer;

    public ReadOnlyMemory<byte> Body => buffer.AsMemory(0, length);

    public string Header(string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(',', values)
            : "";

    public string RequestId => Header("x-log-requestid");

    /// <summary>The body as JSON, decompressed where the headers say so; null when it is empty.</summary>
    public JsonNode? Json(string call, int maxBytes)
    {
        if (length == 0)
        {
            return null;
        }

        try
        {
            if (Header("x-log-compresstype") is not { Length: > 0 } packed)
            {
                return JsonNode.Parse(Body.Span);
            }

            var size =
                Numbers.TryLong(Header("x-log-bodyrawsize"), out var raw) && raw >= 0 && raw <= maxBytes
                    ? (int)raw
                    : throw new SlsDataException(
                        $"{call} claims '{Header("x-log-bodyrawsize")}' bytes before compression; at most {maxBytes} are taken."
                    );
            var text = new byte[size];
            Compression.Unpack(Compression.Parse(packed), Body, text);
            return JsonNode.Parse(text);
        }
        catch (JsonException fault)
        {
            throw new SlsDataException(
                $"{call} answered something that is not JSON at byte {fault.BytePositionInLine} of line {fault.LineNumber} (request {RequestId}).",
                fault
            );
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { Length: > 0 } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        response.Dispose();
    }
}
