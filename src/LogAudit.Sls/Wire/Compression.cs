using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace LogAudit.Sls;

/// <summary>Packs and unpacks bodies. The receiver knows the raw size from a header, so unpacking fills exactly that.</summary>
internal static class Compression
{
    public static string Name(LogCompression compression) =>
        compression switch
        {
            LogCompression.Lz4 => "lz4",
            LogCompression.Zstd => "zstd",
            LogCompression.Deflate => "deflate",
            _ => "",
        };

    /// <summary>Reads <c>x-log-compresstype</c>.</summary>
    public static LogCompression Parse(string name) =>
        name switch
        {
            "" => LogCompression.None,
            "lz4" => LogCompression.Lz4,
            "zstd" => LogCompression.Zstd,
            // One client of the vendor takes the two names for the same.
            "deflate" or "gzip" => LogCompression.Deflate,
            _ => throw new SlsDataException($"The compression '{name}' is not known: lz4, zstd and deflate are."),
        };

    /// <summary>Unpacks into all of <paramref name="raw"/>.</summary>
    /// <exception cref="SlsDataException">The bytes are broken, or hold more or less than that.</exception>
    public static void Unpack(LogCompression compression, ReadOnlyMemory<byte> packed, Span<byte> raw)
    {
        var written = compression switch
        {
            LogCompression.Lz4 => LZ4Codec.Decode(packed.Span, raw),
            LogCompression.Zstd => Zstd(packed.Span, raw),
            LogCompression.Deflate => Zlib(packed, raw),
            _ => Copy(packed.Span, raw),
        };
        if (written != raw.Length)
        {
            throw new SlsDataException(
                written < 0
                    ? $"The {compression} body of {packed.Length} bytes is broken or holds more than the {raw.Length} bytes that were announced."
                    : $"The {compression} body of {packed.Length} bytes holds {written} bytes where {raw.Length} were announced."
            );
        }
    }

    /// <summary>Packs into a pooled buffer, which the caller returns.</summary>
    public static (byte[] Buffer, int Length) Pack(LogCompression compression, byte[] raw, int length)
    {
        switch (compression)
        {
            case LogCompression.Lz4:
                var packed = ArrayPool<byte>.Shared.Rent(LZ4Codec.MaximumOutputSize(length));
                return (packed, LZ4Codec.Encode(raw.AsSpan(0, length), packed));
            case LogCompression.Zstd:
                using (var zstd = new Compressor())
                {
                    packed = ArrayPool<byte>.Shared.Rent(Compressor.GetCompressBound(length));
                    return (packed, zstd.Wrap(raw.AsSpan(0, length), packed));
                }

            case LogCompression.Deflate:
                using (var stream = new MemoryStream())
                {
                    using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
                    {
                        zlib.Write(raw, 0, length);
                    }

                    packed = ArrayPool<byte>.Shared.Rent((int)stream.Length);
                    stream.GetBuffer().AsSpan(0, (int)stream.Length).CopyTo(packed);
                    return (packed, (int)stream.Length);
                }

            default:
                packed = ArrayPool<byte>.Shared.Rent(length);
                raw.AsSpan(0, length).CopyTo(packed);
                return (packed, length);
        }
    }

    private static int Copy(ReadOnlySpan<byte> packed, Span<byte> raw)
    {
        if (packed.Length > raw.Length)
        {
            return -1;
        }

        packed.CopyTo(raw);
        return packed.Length;
    }

    private static int Zstd(ReadOnlySpan<byte> packed, Span<byte> raw)
    {
        using var zstd = new Decompressor();
        try
        {
            return zstd.TryUnwrap(packed, raw, out var written) ? written : -1;
        }
        catch (ZstdException)
        {
            return -1;
        }
    }

    private static int Zlib(ReadOnlyMemory<byte> packed, Span<byte> raw)
    {
        MemoryMarshal.TryGetArray(packed, out var array);
        using var stream = array.Array is null
            ? new MemoryStream(packed.ToArray())
            : new MemoryStream(array.Array, array.Offset, array.Count, writable: false);
        using Stream zlib = packed.Span is [0x1F, 0x8B, ..]
            ? new GZipStream(stream, CompressionMode.Decompress)
            : new ZLibStream(stream, CompressionMode.Decompress);
        try
        {
            var written = zlib.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false);
            return written == raw.Length && zlib.ReadByte() >= 0 ? -1 : written;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            // IOException is how a header that asks for a preset dictionary shows.
            return -1;
        }
    }
}
