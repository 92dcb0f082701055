using System.Globalization;
using System.Security.Cryptography;
using System.Text.Unicode;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Where records were read: one shard of one Logstore.</summary>
/// <param name="Target">The Logstore.</param>
/// <param name="Shard">Number of the shard.</param>
public sealed record ShardAddress(LogTarget Target, int Shard)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Target}/{Shard}";
}

/// <summary>Ids of records whose source gives none.</summary>
/// <remarks>
/// Scheme 1: <c>1-</c>, 32 hex digits, <c>-</c>, the index in the group in decimal. The digits are the first 128 bits of
/// SHA-256 over project, Logstore, shard and group cursor: with a plain checksum a sender who knows our names could
/// make two groups collide, and one record would hide another at the receiver. The index stands open instead of being hashed in, so that
/// a group costs one hash and two records of a group can never share an id.
/// </remarks>
public static class RecordId
{
    /// <summary>Length of what all records of a group share.</summary>
    public const int PrefixLength = 2 + 32 + 1;

    /// <summary>The most bytes of an id.</summary>
    public const int MostLength = 128;

    /// <summary>Writes what the ids of a group begin with.</summary>
    /// <param name="shard">Where the group was first read.</param>
    /// <param name="group">Cursor of the group.</param>
    /// <param name="to">Gets <see cref="PrefixLength"/> bytes.</param>
    public static void WritePrefix(ShardAddress shard, Cursor group, Span<byte> to)
    {
        // Names of projects and Logstores have at most 63 bytes, cursors at most 32.
        Span<byte> text = stackalloc byte[256];
        if (
            !Utf8.TryWrite(
                text,
                CultureInfo.InvariantCulture,
                $"{shard.Target.Project.Value}\n{shard.Target.Logstore.Value}\n{shard.Shard}\n{group.Value}",
                out var length
            )
        )
        {
            throw new ArgumentException($"The names of {shard} are longer than SLS allows.", nameof(shard));
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        "1-"u8.CopyTo(to);
        Convert.TryToHexStringLower(hash[..16], to[2..], out _);
        to[PrefixLength - 1] = (byte)'-';
    }

    /// <summary>Whether a text given by the source can serve as an id: 1–128 printable ASCII characters without quote, backslash and bracket, so that it is the same in every format.</summary>
    public static bool IsUsable(ReadOnlySpan<byte> id) =>
        id.Length is > 0 and <= MostLength
        && id.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) < 0
        && id.IndexOfAny((byte)'"', (byte)'\\', (byte)']') < 0;
}
