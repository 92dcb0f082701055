using System.IO.Compression;
using Google.Protobuf;
using LogAudit.Wire;
using ZstdSharp;

namespace LogAudit.Sls.Tests.Reading;

public sealed class PulledLogsTests
{
    private static readonly byte[] Raw = new LogGroupList
    {
        LogGroups =
        {
            new LogGroup { Topic = new string('t', 5000) },
            new LogGroup { Topic = "second" },
        },
    }.ToByteArray();

    public static TheoryData<LogCompression> Compressions { get; } =
    [LogCompression.None, LogCompression.Lz4, LogCompression.Zstd, LogCompression.Deflate];

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Decode_reads_every_compression(LogCompression compression)
    {
        using var pulled = Decode(compression, Pack(compression, Raw), Raw.Length);

        Assert.Equal(Raw, pulled.Body.ToArray());
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Decode_refuses_a_raw_size_that_is_not_the_body(LogCompression compression)
    {
        var packed = Pack(compression, Raw);

        Refused("", () => Decode(compression, packed, Raw.Length - 1));
        Refused("", () => Decode(compression, packed, Raw.Length + 1));
        Refused("", () => Decode(compression, packed, 1));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Decode_refuses_a_body_that_is_cut_off(LogCompression compression)
    {
        var packed = Pack(compression, Raw);

        for (var length = 0; length < packed.Length - 4; length += Math.Max(1, packed.Length / 50))
        {
            var part = packed[..length];
            Refused("", () => Decode(compression, part, Raw.Length));
        }
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Decode_refuses_a_claim_of_a_gigabyte_before_it_takes_memory(LogCompression compression)
    {
        var packed = Pack(compression, Raw);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Refused("claims 1073741824 bytes", () => Decode(compression, packed, 1L << 30));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Decode_refuses_a_zlib_body_that_goes_on_after_the_announced_size()
    {
        var bomb = Pack(LogCompression.Deflate, new byte[10_000_000]);

        Refused("broken or holds more", () => Decode(LogCompression.Deflate, bomb, 1000));
    }

    [Fact]
    public void Decode_refuses_a_zlib_header_that_asks_for_a_dictionary()
    {
        var found = Convert.FromBase64String("ePniUpRiqqhQCq+AC5RiqqhQYq+AC6c=");

        Refused("broken or holds more", () => Decode(LogCompression.Deflate, found, 35, groups: 1));
    }

    [Fact]
    public void Decode_refuses_impossible_counts()
    {
        Refused("claims -1 bytes", () => Decode(LogCompression.None, Raw, -1));
        Refused("2 log groups where 3 were announced", () => Decode(LogCompression.None, Raw, Raw.Length, groups: 3));
        Refused("more log groups than the 1", () => Decode(LogCompression.None, Raw, Raw.Length, groups: 1));
        Refused("claims -2 log groups", () => Decode(LogCompression.None, Raw, Raw.Length, groups: -2));
    }

    [Fact]
    public void Decode_tells_an_answer_that_got_broken_from_data_that_is_too_large()
    {
        var page = Assert.Throws<SlsDataException>(() =>
            Decode(LogCompression.Lz4, [.. "<!doctype html><p>bad gateway"u8], Raw.Length).Dispose()
        );
        var large = Assert.Throws<SlsDataException>(() =>
            Decode(LogCompression.None, Raw, 65L * 1024 * 1024).Dispose()
        );

        Assert.True(page.IsAnswerBroken);
        Assert.False(large.IsAnswerBroken);
    }

    [Fact]
    public void GroupCursor_numbers_groups_up_to_the_last_one_read()
    {
        using var pulled = PulledLogs.Decode(
            Wire.Source,
            new PullHeaders(Cursor.Of(78), 2, Raw.Length, LogCompression.None, 77, ""),
            Raw,
            1 << 20
        );

        Assert.Equal(76, pulled.GroupCursor(0).Number);
        Assert.Equal(77, pulled.GroupCursor(1).Number);
        Assert.Throws<ArgumentOutOfRangeException>(() => pulled.GroupCursor(2));
    }

    [Fact]
    public void AtEnd_needs_an_empty_answer_that_stays_where_it_was_asked()
    {
        using var end = PulledLogs.Decode(
            Wire.Source,
            new PullHeaders(Wire.Source.Cursor, 0, 0, LogCompression.None, null, ""),
            ReadOnlyMemory<byte>.Empty,
            1 << 20
        );
        using var moved = PulledLogs.Decode(
            Wire.Source,
            new PullHeaders(Cursor.Of(1001), 0, 0, LogCompression.None, null, ""),
            ReadOnlyMemory<byte>.Empty,
            1 << 20
        );

        Assert.True(end.AtEnd);
        Assert.False(moved.AtEnd);
        Assert.False(end.Groups().Next());
    }

    [Fact]
    public void Body_is_gone_after_dispose()
    {
        var pulled = Decode(LogCompression.None, Raw, Raw.Length);
        pulled.Dispose();
        pulled.Dispose();

        Assert.Throws<ObjectDisposedException>(() => pulled.Body.Length);
        Assert.Throws<ObjectDisposedException>(() => pulled.Groups().Next());
    }

    private static PulledLogs Decode(LogCompression compression, byte[] body, long rawSize, int groups = 2) =>
        PulledLogs.Decode(Wire.Source, Wire.Headers(groups, rawSize, compression), body, 64 * 1024 * 1024);

    private static void Refused(string why, Func<PulledLogs> decode)
    {
        var refused = Assert.Throws<SlsDataException>(() => decode().Dispose());
        Assert.StartsWith(
            $"PullLogs on {Wire.Source} answered a body that is refused: ",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    // By libraries' own encoders, not ours.
    private static byte[] Pack(LogCompression compression, byte[] raw)
    {
        switch (compression)
        {
            case LogCompression.Lz4:
                return Wire.Lz4(raw);
            case LogCompression.Zstd:
                using (var zstd = new Compressor())
                {
                    return zstd.Wrap(raw).ToArray();
                }

            case LogCompression.Deflate:
                using (var stream = new MemoryStream())
                {
                    using (var zlib = new ZLibStream(stream, CompressionMode.Compress, leaveOpen: true))
                    {
                        zlib.Write(raw);
                    }

                    return stream.ToArray();
                }

            default:
                return raw;
        }
    }
}
