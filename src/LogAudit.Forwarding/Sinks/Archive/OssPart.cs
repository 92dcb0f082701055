using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace LogAudit.Forwarding;

/// <summary>The name of an object of the archive, and how records are known again.</summary>
internal static class OssPart
{
    /// <summary>How the names of a shard's objects begin in a folder.</summary>
    public static string Beginning(string folder, ShardAddress source) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}/part-{source.Target.Logstore}-{source.Shard}-");

    /// <summary>Cursors of the first and the last of some records.</summary>
    public static (long First, long Last) Span(EncodedBatch batch, List<int> records) =>
        (batch.Place(records[0]).Group.Number, batch.Place(records[^1]).Group.Number);

    /// <summary>Reads the cursors in a name; false when it is not one of ours.</summary>
    public static bool TrySpan(string name, string beginning, string extension, out (long First, long Last) span)
    {
        span = default;
        if (
            !name.StartsWith(beginning, StringComparison.Ordinal) || !name.EndsWith(extension, StringComparison.Ordinal)
        )
        {
            return false;
        }

        var parts = name[beginning.Length..^extension.Length].Split('-');
        return parts.Length is 2 or 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out span.First)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out span.Last);
    }

    /// <summary>The records that are not among the digests.</summary>
    public static List<int> Missing(EncodedBatch batch, List<int> records, HashSet<UInt128> digests) =>
        records.FindAll(index => !digests.Contains(Digest(batch.Body(index).Span)));

    /// <summary>What tells a record from every other.</summary>
    public static UInt128 Digest(ReadOnlySpan<byte> record)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(record, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
