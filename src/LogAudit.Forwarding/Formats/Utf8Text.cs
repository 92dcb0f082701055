using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LogAudit.Forwarding;

/// <summary>Writes text into reserved bytes.</summary>
/// <remarks>The caller reserves an upper bound once per record, so that nothing here has to grow.</remarks>
internal ref struct Utf8Text(Span<byte> bytes)
{
    private readonly Span<byte> bytes = bytes;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Copies bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(scoped ReadOnlySpan<byte> more)
    {
        var to = bytes.Slice(Length, more.Length);
        Length += more.Length;
        // Names and openings are a few words long: a call costs more than they do.
        if (more.Length is < 16 or > 32)
        {
            more.CopyTo(to);
            return;
        }

        var end = (nuint)(more.Length - Vector128<byte>.Count);
        ref var source = ref MemoryMarshal.GetReference(more);
        ref var target = ref MemoryMarshal.GetReference(to);
        var last = Vector128.LoadUnsafe(ref source, end);
        Vector128.LoadUnsafe(ref source).StoreUnsafe(ref target);
        last.StoreUnsafe(ref target, end);
    }

    /// <summary>One byte.</summary>
    public void Byte(byte one) => bytes[Length++] = one;

    /// <summary>A comma, unless a JSON object was just opened.</summary>
    public void Comma()
    {
        if (bytes[Length - 1] != (byte)'{')
        {
            bytes[Length++] = (byte)',';
        }
    }

    /// <summary>What was written from a position on.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => bytes[position..Length];

    /// <summary>Whether the last byte is this one.</summary>
    public readonly bool EndsWith(byte one) => bytes[Length - 1] == one;

    /// <summary>Text as a JSON string.</summary>
    public void Quoted(scoped ReadOnlySpan<byte> text)
    {
        bytes[Length++] = (byte)'"';
        Length += JsonText.Escape(text, bytes[Length..]);
        bytes[Length++] = (byte)'"';
    }

    /// <summary>Text as the inside of a JSON string.</summary>
    public void Escaped(scoped ReadOnlySpan<byte> text) => Length += JsonText.Escape(text, bytes[Length..]);

    /// <summary>A time as a JSON string.</summary>
    public void Time(long nanos)
    {
        bytes[Length++] = (byte)'"';
        Length += Timestamps.Write(nanos, bytes[Length..]);
        bytes[Length++] = (byte)'"';
    }

    /// <summary>A time without quotes.</summary>
    public void Instant(long nanos, int mostDigits = 9) =>
        Length += Timestamps.Write(nanos, bytes[Length..], mostDigits);

    /// <summary>A whole number.</summary>
    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, bytes[Length..], out var written);
        Length += written;
    }
}
