using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace LogAudit.Forwarding;

/// <summary>One masking rule, ready to use: what stands in the place of a value.</summary>
internal sealed class MaskRule(MaskSettings settings, Secret? key)
{
    /// <summary>Characters of a pseudonym: 128 bits in hex digits.</summary>
    public const int PseudonymLength = 32;

    private readonly byte[] key = key is null ? [] : Encoding.UTF8.GetBytes(key.Reveal());

    /// <summary>What stands in the place of every value; empty where the value goes, or gets a pseudonym.</summary>
    public byte[] With { get; } = settings.Action == MaskAction.Replace ? Encoding.UTF8.GetBytes(settings.With) : [];

    /// <summary>Whether the value gets a pseudonym: HMAC-SHA256 of its UTF-8, cut to 128 bits.</summary>
    public bool Hashes => key.Length > 0;

    /// <summary>Fields that it names.</summary>
    public IReadOnlyList<string> Fields { get; } = settings.Fields;

    /// <summary>Whether the field goes, instead of getting another value.</summary>
    public bool Removes { get; } = settings.Action == MaskAction.Remove;

    /// <summary>What it looks for in every value; null when it names fields.</summary>
    public Regex? Pattern { get; } = settings.Pattern;

    /// <summary>A hash under its key; for one thread.</summary>
    public IncrementalHash NewHash() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
}
