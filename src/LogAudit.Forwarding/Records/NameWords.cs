using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LogAudit.Forwarding;

/// <summary>A name by its length and by the words at its two ends, which say all of it up to 16 bytes.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="First">The first eight bytes, fewer of a shorter name.</param>
/// <param name="Last">The last eight, fewer of a shorter one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NameWords(int Length, ulong First, ulong Last)
{
    /// <summary>Bytes of the longest name that the words say wholly.</summary>
    public const int Whole = 2 * sizeof(ulong);

    /// <summary>The words of a name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NameWords Of(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(ulong))
        {
            return new(
                name.Length,
                BinaryPrimitives.ReadUInt64LittleEndian(name),
                BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..])
            );
        }

        if (name.Length >= sizeof(uint))
        {
            return new(
                name.Length,
                BinaryPrimitives.ReadUInt32LittleEndian(name),
                BinaryPrimitives.ReadUInt32LittleEndian(name[^sizeof(uint)..])
            );
        }

        ulong all = 0;
        foreach (var one in name)
        {
            all = (all << 8) | one;
        }

        return new(name.Length, all, all);
    }

    /// <summary>The hash of the name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash()
    {
        var mixed = (First * 0xFF51AFD7ED558CCD) ^ (Last * 0xC4CEB9FE1A85EC53) ^ (uint)Length;
        return mixed ^ (mixed >> 29);
    }
}
