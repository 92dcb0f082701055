using System.Buffers;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A growing buffer of bytes from the shared pool. Not safe for several threads.</summary>
/// <remarks>Behind what was written, <see cref="Behind"/> bytes can always be read. Grows by doubling; <see cref="Clear"/> keeps the memory, <see cref="Dispose"/> gives it back.</remarks>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>Bytes of the buffer behind what was written.</summary>
    internal const int Behind = 32;

    private byte[] bytes;

    /// <summary>Takes a first block.</summary>
    /// <param name="capacity">Bytes to begin with.</param>
    public PooledBuffer(int capacity = 4096) => bytes = ArrayPool<byte>.Shared.Rent(capacity + Behind);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>What was written, for I/O. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, bytes.Length - Behind - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return bytes.AsMemory(Length..^Behind);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(Math.Max(sizeHint, 1));
        return bytes.AsSpan(Length, bytes.Length - Behind - Length);
    }

    /// <summary>Appends bytes.</summary>
    public void Append(scoped ReadOnlySpan<byte> more)
    {
        Ensure(more.Length);
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    /// <summary>Appends one byte.</summary>
    public void Append(byte one)
    {
        Ensure(1);
        bytes[Length++] = one;
    }

    /// <summary>Appends text as the inside of a JSON string. Bytes that are not UTF-8 become U+FFFD.</summary>
    public void AppendEscaped(scoped ReadOnlySpan<byte> text) =>
        Length += JsonText.Escape(text, GetSpan(JsonText.MostLength(text)));

    /// <summary>Appends text as the inside of a JSON string.</summary>
    /// <param name="text">A name of the catalogue: short.</param>
    public void AppendEscaped(string text)
    {
        Span<byte> bytes = stackalloc byte[256];
        AppendEscaped(
            Encoding.UTF8.TryGetBytes(text, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(text)
        );
    }

    /// <summary>Forgets what was written after a position.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>Forgets everything written; keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = [];
            Length = 0;
        }
    }

    private void Ensure(int more)
    {
        if (bytes.Length - Behind - Length >= more)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(
            checked((int)Math.Max((uint)bytes.Length * 2, (uint)(Length + more + Behind)))
        );
        bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
