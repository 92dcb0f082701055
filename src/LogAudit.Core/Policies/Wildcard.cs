using System.Text;

namespace LogAudit;

/// <summary>A text with <c>*</c> (any characters) and <c>?</c> (one character); a backslash takes the meaning away. Compares ordinally and whole.</summary>
public sealed class Wildcard : IEquatable<Wildcard>
{
    private readonly string pattern;
    private readonly string letters;
    private readonly bool[] special;

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
    }

    /// <summary>Whether the pattern is <c>*</c> alone.</summary>
    public bool MatchesAnything => letters.Length > 0 && !special.Contains(false) && !letters.Contains('?');

    /// <summary>Whether a whole text matches. Time is at most the product of the two lengths.</summary>
    public bool Matches(string text)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < text.Length; )
        {
            if (at < letters.Length && special[at] && letters[at] == '*')
            {
                (star, resume) = (at++, i);
            }
            else if (at < letters.Length && (special[at] ? letters[at] == '?' : letters[at] == text[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (at < letters.Length && special[at] && letters[at] == '*')
        {
            at++;
        }

        return at == letters.Length;
    }

    /// <inheritdoc/>
    public bool Equals(Wildcard? other) =>
        other is not null && string.Equals(pattern, other.pattern, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Wildcard);

    /// <inheritdoc/>
    public override int GetHashCode() => pattern.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => pattern;
}
