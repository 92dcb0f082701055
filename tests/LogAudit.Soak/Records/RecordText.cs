using System.Globalization;
using System.Text;

namespace LogAudit.Soak;

/// <summary>A text that only one record carries: its Logstore, its number, and what the seed makes of both. Whoever receives it can tell whether a byte is missing.</summary>
internal static class RecordText
{
    /// <summary>Name of the field.</summary>
    public const string Field = "soak";

    // Neither sign nor letters that would make a name and a secret of it, which is masked on the way ("pwd=…" did).
    // What must be escaped somewhere on the way, in one, two, three and four bytes of UTF-8.
    private static readonly string[] Alphabet =
    [
        .. "abcdfghijlmnopqrstuvxyz0123456789 ".Select(one => one.ToString()),
        .. (string[])["\"", "\\", "/", "<", "&", "|", "]", "\n", "\t", "\r", "\u0001", "ö", "ß", "漢", "審", "😀", "'"],
    ];

    /// <summary>The text of a record.</summary>
    public static string Of(int seed, string logstore, int number)
    {
        var text = new StringBuilder(160);
        text.Append(logstore).Append(':').Append(CultureInfo.InvariantCulture, $"{number}:");
        var state = Mix(((ulong)(uint)seed << 32) ^ (uint)number);
        var length = 8 + (int)(state % 96);
        for (var at = 0; at < length; at++)
        {
            state = Mix(state + (ulong)at);
            text.Append(Alphabet[state % (ulong)Alphabet.Length]);
        }

        return text.ToString();
    }

    /// <summary>Logstore and number at the front of a text; null when it is none of ours.</summary>
    public static (string Logstore, int Number)? Read(string text)
    {
        var first = text.IndexOf(':', StringComparison.Ordinal);
        var second = first < 0 ? -1 : text.IndexOf(':', first + 1);
        return
            second > 0
            && int.TryParse(
                text.AsSpan(first + 1, second - first - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            ? (text[..first], number)
            : null;
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
