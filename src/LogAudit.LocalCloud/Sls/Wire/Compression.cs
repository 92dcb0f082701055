using System.IO.Compression;
using K4os.Compression.LZ4;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Sls.Wire;

/// <summary>The body codings of SLS: <c>lz4</c> (a bare block), <c>zstd</c>, <c>deflate</c> (zlib format), none.</summary>
/// <remarks>Source: SLS protocol, compression; <c>gzip</c> is offered by GetLogsV2 alone.</remarks>
internal static class Compression
{
    /// <summary>Whether a request body may be coded so.</summary>
    public static bool IsKnown(string? coding) => coding is null or "" or "lz4" or "zstd" or "deflate" or "gzip";

    /// <summary>First coding of an <c>Accept-Encoding</c> header that is served, empty for none.</summary>
    public static string Choose(string? accepted) =>
        (accepted ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.Split(';')[0].Trim().ToLowerInvariant())
            .FirstOrDefault(name => name is "lz4" or "zstd" or "deflate" or "gzip")
        ?? "";

    /// <summary>Packs a body.</summary>
    public static ReadOnlyMemory<byte> Pack(string coding, ReadOnlyMemory<byte> raw) =>
        coding switch
        {
            "" => raw,
            "lz4" => PackLz4(raw.Span),
            "zstd" => PackZstd(raw.Span),
            "deflate" => PackStream(raw, to => new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true)),
            "gzip" => PackStream(raw, to => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true)),
            _ => throw SlsRefusal.InvalidCompressType(coding),
        };

    /// <summary>Unpacks a body of a known raw size.</summary>
    /// <exception cref="CloudError">The body is not what its headers say.</exception>
    public static byte[] Unpack(string coding, ReadOnlySpan<byte> packed, int rawSize)
    {
        var raw = new byte[rawSize];
        int got;
        try
        {
            got = coding switch
            {
                "" => CopyPlain(packed, raw),
                "lz4" => LZ4Codec.Decode(packed, raw),
                "zstd" => UnpackZstd(packed, raw),
                "deflate" => UnpackStream(packed, raw, from => new ZLibStream(from, CompressionMode.Decompress)),
                "gzip" => UnpackStream(packed, raw, from => new GZipStream(from, CompressionMode.Decompress)),
                _ => throw SlsRefusal.InvalidCompressType(coding),
            };
        }
        catch (Exception failure) when (failure is InvalidDataException or ZstdSharp.ZstdException)
        {
            throw SlsRefusal.Uncompress(coding);
        }
        return got == rawSize ? raw : throw SlsRefusal.Uncompress(coding);
    }

    private static byte[] PackLz4(ReadOnlySpan<byte> raw)
    {
        var room = new byte[LZ4Codec.MaximumOutputSize(raw.Length)];
        var length = LZ4Codec.Encode(raw, room);
        return room[..length];
    }

    private static byte[] PackZstd(ReadOnlySpan<byte> raw)
    {
        using var coder = new ZstdSharp.Compressor(1);
        return coder.Wrap(raw).ToArray();
    }

    private static ReadOnlyMemory<byte> PackStream(ReadOnlyMemory<byte> raw, Func<Stream, Stream> open)
    {
        var to = new MemoryStream();
        using (var coder = open(to))
            coder.Write(raw.Span);
        return to.GetBuffer().AsMemory(0, (int)to.Length);
    }

    private static int CopyPlain(ReadOnlySpan<byte> packed, byte[] raw)
    {
        if (packed.Length != raw.Length)
            return -1;
        packed.CopyTo(raw);
        return raw.Length;
    }

    private static int UnpackZstd(ReadOnlySpan<byte> packed, byte[] raw)
    {
        using var coder = new ZstdSharp.Decompressor();
        return coder.Unwrap(packed, raw);
    }

    private static int UnpackStream(ReadOnlySpan<byte> packed, byte[] raw, Func<Stream, Stream> open)
    {
        using var coder = open(new MemoryStream(packed.ToArray(), writable: false));
        var got = coder.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false);
        return coder.ReadByte() < 0 ? got : -1;
    }
}
