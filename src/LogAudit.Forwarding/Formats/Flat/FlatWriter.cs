using System.Buffers.Text;

namespace LogAudit.Forwarding;

/// <summary>Writes <c>key=value</c> pairs into reserved bytes.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="separator">Stands between two pairs.</param>
/// <param name="escapes">What values must not hold.</param>
internal ref struct FlatWriter(Span<byte> bytes, byte separator, TextEscapes escapes)
{
    private readonly Span<byte> bytes = bytes;
    private bool any;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Copies bytes.</summary>
    public void Raw(scoped ReadOnlySpan<byte> more)
    {
        more.CopyTo(bytes[Length..]);
        Length += more.Length;
    }

    /// <summary>Text in a header, with the escapes of headers.</summary>
    public void Header(scoped ReadOnlySpan<byte> text, TextEscapes header) =>
        Length += header.Write(text, bytes[Length..]);

    /// <summary>A whole number.</summary>
    public void Pair(scoped ReadOnlySpan<byte> key, long value)
    {
        Open(key);
        Utf8Formatter.TryFormat(value, bytes[Length..], out var written);
        Length += written;
    }

    /// <summary>A text.</summary>
    public void Pair(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value)
    {
        Open(key);
        Length += escapes.Write(value, bytes[Length..]);
    }

    private void Open(scoped ReadOnlySpan<byte> key)
    {
        if (any)
        {
            bytes[Length++] = separator;
        }

        any = true;
        Raw(key);
        bytes[Length++] = (byte)'=';
    }
}
