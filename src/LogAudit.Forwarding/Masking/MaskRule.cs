using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LogAudit.Forwarding;

/// <summary>One masking rule, ready to use: what stands in the place of a value.</summary>
internal sealed class MaskRule(MaskSettings settings, Secret? key)
{
    /// <summary>Characters of a pseudonym: 128 bits in hex digits.</summary>
    public const int PseudonymLength = 32;

    private readonly byte[] with = settings.Action == MaskAction.Replace ? Encoding.UTF8.GetBytes(settings.With) : [];
    private readonly byte[] key = key is null ? [] : Encoding.UTF8.GetBytes(key.Reveal());

    /// <summary>Fields that it names.</summary>
    public IReadOnlyList<string> Fields { get; } = settings.Fields;

    /// <summary>Whether the field goes, instead of getting another value.</summary>
    public bool Removes { get; } = settings.Action == MaskAction.Remove;

    /// <summary>What it looks for in every value; null when it names fields.</summary>
    public Regex? Pattern { get; } = settings.Pattern;

    /// <summary>Appends what stands in the place of a value: HMAC-SHA256 of its UTF-8, cut to 128 bits, where the rule hashes.</summary>
    public void Write(ReadOnlySpan<byte> value, PooledBuffer to)
    {
        if (key.Length == 0)
        {
            to.Append(with);
            return;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, value, hash);
        Convert.TryToHexStringLower(hash[..(PseudonymLength / 2)], to.GetSpan(PseudonymLength), out var written);
        to.Advance(written);
    }
}
