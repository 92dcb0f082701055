using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace LogAudit.Forwarding;

/// <summary>Applies a destination's masking to values, with buffers of its own. One per worker; it allocates when a value is larger than any before.</summary>
internal sealed class MaskPass(RecordMask mask) : IDisposable
{
    /// <summary>How many strings of JSON a value is looked for in; deeper text is handled as text.</summary>
    public const int MostNesting = 5;

    // At every nesting, of which 0 is the record's own fields: a text without escapes, the same as compact JSON, and what became of it.
    private readonly PooledBuffer[] plain = Buffers();
    private readonly PooledBuffer[] compact = Buffers();
    private readonly PooledBuffer[] masked = Buffers();
    private readonly PooledBuffer name = new(256);
    private readonly PooledBuffer match = new(256);

    // Kept, since each new one allocates.
    private readonly Dictionary<MaskRule, IncrementalHash> hashes = [];
    private char[] letters = new char[1024];
    private MaskPlan plan = new([], CompiledMapping.Unmapped("none"));

    /// <summary>The rules for the record at hand.</summary>
    public MaskPlan Begin(CompiledMapping mapping) => plan = mask.PlanFor(mapping);

    /// <summary>What a text becomes; only for what no rule names itself.</summary>
    /// <param name="text">UTF-8, possibly broken.</param>
    /// <param name="inside">Names inside it, where it holds JSON.</param>
    /// <param name="to">Gets the new text; untouched when nothing changes.</param>
    /// <param name="nesting">How many strings it stands in.</param>
    /// <returns>Whether anything changed.</returns>
    public bool Text(ReadOnlySpan<byte> text, MaskNames? inside, PooledBuffer to, int nesting = 0)
    {
        if (plan.LooksInto(inside) && text.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..])
        {
            if (nesting < MostNesting && Utf8.IsValid(text))
            {
                var json = compact[nesting];
                json.Clear();
                if (JsonMask.TryWrite(text, json, SecretSearch.None))
                {
                    return Json(json.Written, inside, to, nesting + 1);
                }
            }

            // What cannot be taken apart may hold a field that must not leave.
            if (plan.Mentions(text))
            {
                to.Append(SecretNames.Mask);
                return true;
            }
        }

        return Matches(text, to);
    }

    /// <summary>What JSON becomes: a whole object or list, without white space.</summary>
    public bool Json(ReadOnlySpan<byte> json, MaskNames? inside, PooledBuffer to, int nesting = 1)
    {
        var walk = new MaskWalk(this, plan, json, to, nesting);
        walk.Value(0, json.Length, inside);
        return walk.End();
    }

    /// <summary>What the members of an object become, given without its brackets.</summary>
    public bool Members(ReadOnlySpan<byte> members, MaskNames? inside, PooledBuffer to)
    {
        var walk = new MaskWalk(this, plan, members, to, nesting: 1);
        walk.Members(0, members.Length, inside);
        return walk.End();
    }

    /// <summary>Replaces what the patterns find. What one has found, a later one does not look at.</summary>
    public bool Matches(ReadOnlySpan<byte> text, PooledBuffer to)
    {
        if (plan.Patterns.Length == 0 || text.Length == 0)
        {
            return false;
        }

        if (letters.Length < text.Length)
        {
            letters = new char[text.Length * 2];
        }

        var decoded = letters.AsSpan(0, Encoding.UTF8.GetChars(text, letters));
        foreach (var rule in plan.Patterns)
        {
            if (rule.Pattern!.IsMatch(decoded))
            {
                Replace(decoded, plan.Patterns, to);
                return true;
            }
        }

        return false;
    }

    /// <summary>Appends what stands in the place of a value.</summary>
    public void Write(MaskRule rule, ReadOnlySpan<byte> value, PooledBuffer to)
    {
        if (!rule.Hashes)
        {
            to.Append(rule.With);
            return;
        }

        if (!hashes.TryGetValue(rule, out var hash))
        {
            hash = rule.NewHash();
            hashes.Add(rule, hash);
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.AppendData(value);
        hash.GetHashAndReset(digest);
        Convert.TryToHexStringLower(
            digest[..(MaskRule.PseudonymLength / 2)],
            to.GetSpan(MaskRule.PseudonymLength),
            out var written
        );
        to.Advance(written);
    }

    /// <summary>A text of a JSON string without its escapes.</summary>
    public ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> escaped, int nesting) => Unescape(escaped, plain[nesting]);

    /// <summary>The name of a member without its escapes.</summary>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> escaped) => Unescape(escaped, name);

    /// <summary>An empty buffer for what a value at some nesting becomes.</summary>
    public PooledBuffer Masked(int nesting)
    {
        masked[nesting].Clear();
        return masked[nesting];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in (IEnumerable<PooledBuffer>)[.. plain, .. compact, .. masked, name, match])
        {
            buffer.Dispose();
        }

        foreach (var hash in hashes.Values)
        {
            hash.Dispose();
        }
    }

    private void Replace(ReadOnlySpan<char> text, ReadOnlySpan<MaskRule> rules, PooledBuffer to)
    {
        if (rules.Length == 0 || text.Length == 0)
        {
            Append(text, to);
            return;
        }

        var done = 0;
        foreach (var found in rules[0].Pattern!.EnumerateMatches(text))
        {
            Replace(text[done..found.Index], rules[1..], to);
            match.Clear();
            Append(text.Slice(found.Index, found.Length), match);
            Write(rules[0], match.Written, to);
            done = found.Index + found.Length;
        }

        Replace(text[done..], rules[1..], to);
    }

    private static void Append(ReadOnlySpan<char> text, PooledBuffer to) =>
        to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> escaped, PooledBuffer to)
    {
        if (escaped.IndexOf((byte)'\\') < 0)
        {
            return escaped;
        }

        to.Clear();
        to.Advance(JsonText.Unescape(escaped, to.GetSpan(escaped.Length)));
        return to.Written;
    }

    private static PooledBuffer[] Buffers() =>
        [.. Enumerable.Range(0, MostNesting + 1).Select(_ => new PooledBuffer(256))];
}
