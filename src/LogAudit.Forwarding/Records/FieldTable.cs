using System.Runtime.CompilerServices;

namespace LogAudit.Forwarding;

/// <summary>Finds the number of a field by its UTF-8 name: one hash of length, first and last bytes, one comparison.</summary>
/// <remarks>Built once; the multiplier is chosen so that the known names do not collide where that is possible.</remarks>
internal sealed class FieldTable
{
    private readonly byte[][] names;
    private readonly int[] slots;
    private readonly ulong multiplier;
    private readonly int shift;

    /// <summary>Takes the names; a name's number is its position.</summary>
    public FieldTable(IReadOnlyList<byte[]> names)
    {
        this.names = [.. names];
        var bits = 2;
        while (1 << bits < names.Count * 4)
        {
            bits++;
        }

        shift = 64 - bits;
        slots = new int[1 << bits];
        multiplier = 0x9E3779B97F4A7C15;
        for (var attempt = 0; attempt < 256 && !Fill(multiplier, allowProbing: attempt == 255); attempt++)
        {
            multiplier = (multiplier * 6364136223846793005) | 1;
        }
    }

    /// <summary>The hash of a name, which also serves to notice repeated names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(ReadOnlySpan<byte> name) => NameWords.Of(name).Hash();

    /// <summary>The number of a name, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> name, ulong hash)
    {
        for (var at = (int)((hash * multiplier) >> shift); ; at = (at + 1) & (slots.Length - 1))
        {
            var number = slots[at] - 1;
            if (number < 0 || name.SequenceEqual(names[number]))
            {
                return number;
            }
        }
    }

    private bool Fill(ulong candidate, bool allowProbing)
    {
        Array.Clear(slots);
        for (var number = 0; number < names.Length; number++)
        {
            var at = (int)((Hash(names[number]) * candidate) >> shift);
            while (slots[at] != 0)
            {
                if (!allowProbing)
                {
                    return false;
                }

                at = (at + 1) & (slots.Length - 1);
            }

            slots[at] = number + 1;
        }

        return true;
    }
}
