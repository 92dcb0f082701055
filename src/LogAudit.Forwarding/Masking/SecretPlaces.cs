using System.Runtime.InteropServices;

namespace LogAudit.Forwarding;

/// <summary>In which parts of a record beginnings of secrets' names occur, so that only the fields that stand there are searched with care.</summary>
/// <remarks>
/// A part is 32 bytes of the record, known by its number modulo 64. A name whose separators stand within its first four letters (<c>p_assword</c>)
/// has no beginning that is looked for.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SecretPlaces
{
    private readonly ulong parts;
    private readonly int start;

    private SecretPlaces(ulong parts, int start) => (this.parts, this.start) = (parts, start);

    /// <summary>Anywhere: where more than the record itself must be searched.</summary>
    public static SecretPlaces Everywhere { get; } = new(ulong.MaxValue, 0);

    /// <summary>Whether there are any.</summary>
    public bool Any => parts != 0;

    /// <summary>Looks through a record.</summary>
    /// <param name="body">The pulled bytes.</param>
    /// <param name="record">The record in them.</param>
    public static SecretPlaces In(ReadOnlySpan<byte> body, ReadOnlySpan<byte> record) =>
        new(SecretScan.Parts(record), body.Overlaps(record, out var start) ? start : 0);

    /// <summary>Whether some may be in bytes of the record; in bytes from elsewhere always, once there are any.</summary>
    public bool MayBeIn(ReadOnlySpan<byte> body, ReadOnlySpan<byte> bytes)
    {
        if (parts == 0 || bytes.Length == 0)
        {
            return false;
        }

        return !body.Overlaps(bytes, out var from) || MayBeIn(from, bytes.Length);
    }

    /// <summary>Whether some may be in bytes of the record.</summary>
    /// <param name="from">Where they begin in the body.</param>
    /// <param name="length">Bytes.</param>
    public bool MayBeIn(int from, int length)
    {
        var first = (from - start) >> SecretScan.PartBits;
        var more = ((from - start + length - 1) >> SecretScan.PartBits) - first;
        return parts != 0 && (more >= 63 || (ulong.RotateRight(parts, first) & ((2UL << more) - 1)) != 0);
    }
}
