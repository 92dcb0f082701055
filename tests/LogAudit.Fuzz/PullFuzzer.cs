using System.IO.Compression;
using System.Text;
using K4os.Compression.LZ4;
using LogAudit.Sls;
using ZstdSharp;

namespace LogAudit.Fuzz;

/// <summary>Feeds bodies of PullLogs: mutated before compression, after it, or in what the headers claim.</summary>
/// <remarks>The first byte of an input is the compression, the next the announced groups, the next three the announced size.</remarks>
public sealed class PullFuzzer(int seed) : Fuzzer(seed)
{
    private static readonly PullSource Source = new(new ProjectName("fuzz"), new LogstoreName("fuzz"), 0, Cursor.Of(1));

    /// <inheritdoc/>
    protected override byte[] Next()
    {
        var groups = Random.Next(0, 4);
        byte[] raw = [.. Enumerable.Range(0, groups).SelectMany(_ => Message(1, Group()))];
        if (Random.Next(2) == 0)
        {
            raw = Mutate(raw);
        }

        var compression = (LogCompression)Random.Next(4);
        var packed = Pack(compression, raw);
        if (Random.Next(3) == 0)
        {
            packed = Mutate(packed);
        }

        var off = Random.Next(8) == 0 ? Random.Next(-40, 40) : 0;
        var size = raw.Length + off;
        return [(byte)compression, (byte)groups, (byte)size, (byte)(size >> 8), (byte)(size >> 16), .. packed];
    }

    /// <inheritdoc/>
    protected override bool Parse(byte[] input)
    {
        var size = ((sbyte)input[4] << 16) | (input[3] << 8) | input[2];
        var headers = new PullHeaders(Cursor.Of(9), input[1], size, (LogCompression)input[0], 8, "");
        try
        {
            using var pulled = PulledLogs.Decode(Source, headers, input.AsMemory(5), 1 << 20);
            ReadAll(pulled);
            return true;
        }
        catch (SlsDataException)
        {
            return false;
        }
    }

    // Everything given out must lie inside the body.
    private static void ReadAll(PulledLogs pulled)
    {
        var body = pulled.Body;
        for (var groups = pulled.Groups(); groups.Next(); )
        {
            Inside(body, groups.Topic);
            Inside(body, groups.Source);
            for (var tags = groups.Tags(); tags.Next(); )
            {
                Inside(body, tags.Key);
                Inside(body, tags.Value);
            }

            for (var logs = groups.Logs(); logs.Next(); )
            {
                for (var fields = logs.Fields(); fields.Next(); )
                {
                    Inside(body, fields.Key);
                    Inside(body, fields.Value);
                }
            }
        }
    }

    private static void Inside(ReadOnlySpan<byte> body, ReadOnlySpan<byte> part)
    {
        if (!part.IsEmpty && (!body.Overlaps(part, out var at) || at < 0 || at + part.Length > body.Length))
        {
            throw new InvalidOperationException("Bytes from outside the body were given out.");
        }
    }

    private byte[] Group()
    {
        List<byte> group = [];
        for (var i = Random.Next(0, 4); i > 0; i--)
        {
            List<byte> log = [0x08, 0xB5, 0xCB, 0xA2, 0xCB, 0x06];
            for (var f = Random.Next(0, 5); f > 0; f--)
            {
                log.AddRange(Message(2, [.. Message(1, Text()), .. Message(2, Text())]));
            }

            if (Random.Next(2) == 0)
            {
                log.AddRange([0x25, 1, 2, 3, 4]);
            }

            group.AddRange(Message(1, [.. log]));
        }

        group.AddRange(Message(3, Text()));
        group.AddRange(Message(4, Text()));
        group.AddRange(Message(6, [.. Message(1, Text()), .. Message(2, Text())]));
        return [.. group];
    }

    private byte[] Text() =>
        Encoding.ASCII.GetBytes(new string('x', Random.Next(10) == 0 ? Random.Next(120, 400) : Random.Next(20)));

    private static byte[] Message(int field, byte[] bytes)
    {
        List<byte> message = [(byte)((field << 3) | 2)];
        var length = bytes.Length;
        for (; length >= 0x80; length >>= 7)
        {
            message.Add((byte)(length | 0x80));
        }

        return [.. message, (byte)length, .. bytes];
    }

    private static byte[] Pack(LogCompression compression, byte[] raw)
    {
        switch (compression)
        {
            case LogCompression.Lz4:
                var packed = new byte[LZ4Codec.MaximumOutputSize(raw.Length)];
                return packed[..LZ4Codec.Encode(raw, packed)];
            case LogCompression.Zstd:
                using (var zstd = new Compressor())
                {
                    return zstd.Wrap(raw).ToArray();
                }

            case LogCompression.Deflate:
                using (var stream = new MemoryStream())
                {
                    using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true))
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
