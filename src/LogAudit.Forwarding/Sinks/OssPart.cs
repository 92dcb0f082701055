using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace LogAudit.Forwarding;

/// <summary>An object of the archive: its name, and its content.</summary>
internal static class OssPart
{
    /// <summary>How every name ends.</summary>
    public const string Extension = ".ndjson.gz";

    // A batch has at most 64 MiB and one group more.
    private const int MostUnpackedBytes = 128 * 1024 * 1024;

    /// <summary>How the names of a shard's objects begin in a folder.</summary>
    public static string Beginning(string folder, ShardAddress? source) =>
        source is null
            ? throw new InvalidOperationException("the batch does not say where it was read.")
            : string.Create(CultureInfo.InvariantCulture, $"{folder}/part-{source.Target.Logstore}-{source.Shard}-");

    /// <summary>Cursors of the first and the last of some records.</summary>
    public static (long First, long Last) Span(EncodedBatch batch, List<int> records) =>
        (batch.Place(records[0]).Group.Number, batch.Place(records[^1]).Group.Number);

    /// <summary>Reads the cursors in a name; false when it is not one of ours.</summary>
    public static bool TrySpan(string name, string beginning, out (long First, long Last) span)
    {
        span = default;
        if (
            !name.StartsWith(beginning, StringComparison.Ordinal) || !name.EndsWith(Extension, StringComparison.Ordinal)
        )
        {
            return false;
        }

        var parts = name[beginning.Length..^Extension.Length].Split('-');
        return parts.Length is 2 or 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out span.First)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out span.Last);
    }

    /// <summary>The records, one a line. The same records always give the same bytes.</summary>
    public static PooledBuffer Pack(EncodedBatch batch, List<int> records)
    {
        var packed = new PooledBuffer(64 * 1024);
        using var gzip = new GZipStream(new BufferStream(packed), CompressionLevel.Optimal);
        foreach (var index in records)
        {
            gzip.Write(batch.Body(index).Span);
            gzip.WriteByte((byte)'\n');
        }

        return packed;
    }

    /// <summary>Adds the digests of the lines of an object; of one that is no archive, none.</summary>
    public static void AddDigests(byte[] packed, HashSet<UInt128> digests)
    {
        using var plain = new PooledBuffer(64 * 1024);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            for (int read; (read = gzip.Read(plain.GetSpan(64 * 1024))) > 0; )
            {
                plain.Advance(read);
                if (plain.Length > MostUnpackedBytes)
                {
                    return;
                }
            }
        }
        catch (InvalidDataException)
        {
            return;
        }

        foreach (var line in plain.Written.Split((byte)'\n'))
        {
            digests.Add(Digest(plain.Written[line]));
        }
    }

    /// <summary>The records that are not among the digests.</summary>
    public static List<int> Missing(EncodedBatch batch, List<int> records, HashSet<UInt128> digests) =>
        records.FindAll(index => !digests.Contains(Digest(batch.Body(index).Span)));

    private static UInt128 Digest(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
