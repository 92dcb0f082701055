using System.Runtime.InteropServices;
using System.Text;

namespace LogAudit;

/// <summary>A text with <c>*</c> (any characters) and <c>?</c> (one character); a backslash takes the meaning away. Compares ordinally and whole.</summary>
public sealed class Wildcard : IEquatable<Wildcard>
{
    private readonly string pattern;
    private readonly string letters;
    private readonly bool[] special;
    private readonly byte[] bytes;
    private readonly bool[] specialBytes;

    /// <summary>Takes a pattern, for example <c>cn-*</c>.</summary>
    public Wildcard(string pattern)
    {
        this.pattern = pattern;
        var text = new StringBuilder(pattern.Length);
        var marks = new List<bool>(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var escaped = pattern[i] == '\\' && i + 1 < pattern.Length;
            i += escaped ? 1 : 0;
            text.Append(pattern[i]);
            marks.Add(!escaped && pattern[i] is '*' or '?');
        }

        letters = text.ToString();
        special = [.. marks];
        bytes = Encoding.UTF8.GetBytes(letters);
        var byteMarks = new List<bool>(bytes.Length);
        var place = 0;
        foreach (var letter in letters.EnumerateRunes())
        {
            byteMarks.AddRange(Enumerable.Repeat(special[place], letter.Utf8SequenceLength));
            place += letter.Utf16SequenceLength;
        }

        specialBytes = [.. byteMarks];
    }

    /// <summary>Whether the pattern is <c>*</c> alone.</summary>
    public bool MatchesAnything => letters.Length > 0 && !special.Contains(false) && !letters.Contains('?');

    /// <summary>Whether a whole text matches. Time is at most the product of the two lengths.</summary>
    public bool Matches(string text) => Matches<char>(text, letters, special, '*', '?');

    /// <summary>Whether a whole text in UTF-8 matches; a byte that is not UTF-8 is a character of its own. Time is at most the product of the two lengths.</summary>
    public bool Matches(ReadOnlySpan<byte> text) => Matches(text, bytes, specialBytes, (byte)'*', (byte)'?');

    /// <inheritdoc/>
    public bool Equals(Wildcard? other) =>
        other is not null && string.Equals(pattern, other.pattern, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Wildcard);

    /// <inheritdoc/>
    public override int GetHashCode() => pattern.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => pattern;

    private static bool Matches<T>(
        ReadOnlySpan<T> text,
        ReadOnlySpan<T> letters,
        ReadOnlySpan<bool> special,
        T any,
        T one
    )
        where T : unmanaged, IEquatable<T>
    {
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < text.Length; )
        {
            if (at < letters.Length && special[at] && letters[at].Equals(any))
            {
                (star, resume) = (at++, i);
            }
            else if (at < letters.Length && special[at] && letters[at].Equals(one))
            {
                at++;
                i += CharacterLength(text[i..]);
            }
            else if (at < letters.Length && letters[at].Equals(text[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                resume += CharacterLength(text[resume..]);
                i = resume;
            }
            else
            {
                return false;
            }
        }

        while (at < letters.Length && special[at] && letters[at].Equals(any))
        {
            at++;
        }

        return at == letters.Length;
    }

    // Units of the first character: a surrogate pair is one character, and so are the bytes of one in UTF-8.
    private static int CharacterLength<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        int units;
        if (typeof(T) == typeof(byte))
        {
            Rune.DecodeFromUtf8(MemoryMarshal.AsBytes(text), out _, out units);
        }
        else
        {
            Rune.DecodeFromUtf16(MemoryMarshal.Cast<T, char>(text), out _, out units);
        }

        return units;
    }
}
