using System.Globalization;
using System.Runtime.InteropServices;

namespace LogAudit.LocalCloud.Sls.Storage;

/// <summary>The hash keys of a shard: 128 bits, begin inclusive, end exclusive.</summary>
/// <param name="Begin">First key.</param>
/// <param name="End">First key after the range; the highest key stands for the end of the space and is itself inside.</param>
/// <remarks>Source: SLS protocol 7.4.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyRange(UInt128 Begin, UInt128 End)
{
    public static readonly KeyRange Whole = new(UInt128.Zero, UInt128.MaxValue);

    public bool Contains(UInt128 key) => key >= Begin && (key < End || End == UInt128.MaxValue);

    /// <summary>Cuts the range into equal parts.</summary>
    public IEnumerable<KeyRange> Cut(int parts)
    {
        var step =
            ((End - Begin) / (UInt128)parts)
            + (End == UInt128.MaxValue && (End - Begin) % (UInt128)parts != 0 ? UInt128.One : 0);
        for (var i = 0; i < parts; i++)
            yield return new KeyRange(
                Begin + (step * (UInt128)i),
                i == parts - 1 ? End : Begin + (step * (UInt128)(i + 1))
            );
    }

    /// <summary>Writes a key as 32 hex digits.</summary>
    public static string Write(UInt128 key) => key.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Reads a key; a short one is the beginning of a key, the rest zero.</summary>
    public static UInt128? Read(string? text) =>
        text is { Length: > 0 and <= 32 }
        && UInt128.TryParse(
            text.PadRight(32, '0'),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var key
        )
            ? key
            : null;
}
