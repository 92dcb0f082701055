using System.Buffers;

namespace LogAudit.Forwarding;

/// <summary>Which member names carry secrets. Names are compared without case and without <c>_</c>, <c>-</c>, <c>.</c>.</summary>
/// <remarks>
/// Answers of <c>AssumeRole</c> and its relatives in the trail carry <c>responseElements.credentials.accessKeySecret</c>
/// (source: ActionTrail samples); whether live events star them out is not known, so they are always masked.
/// </remarks>
public static class SecretNames
{
    /// <summary>What is written in place of a secret.</summary>
    public static ReadOnlySpan<byte> Mask => "***"u8;

    // A name that contains one of these carries a secret …
    private static readonly string[] Carrying =
    [
        "secret",
        "password",
        "passwd",
        "passphrase",
        "privatekey",
        "plaintext",
        "authorization",
        "authcode",
        "signature",
    ];

    // … or ends in "token" (SecurityToken, SessionToken, LoginToken) …
    private const string Ending = "token";

    // … or is one of these …
    private static readonly string[] Whole = ["pwd", "pass", "credential", "cookie"];

    // … unless it is one of these: settings and names that detections need and that hold no secret.
    private static readonly string[] Harmless =
    [
        "minimumpasswordlength",
        "maxpasswordage",
        "passwordreuseprevention",
        "passwordpolicy",
        "passwordresetrequired",
        "passwordexpire",
        "passwordnotcontainusername",
        "minimumpassworddifferentcharacter",
        "hardexpire",
        "clienttoken",
        "nexttoken",
        "pagetoken",
        "continuationtoken",
        "secretname",
        "secretid",
        "secrettype",
        "secretarn",
        "signaturemethod",
        "signatureversion",
        "signaturetype",
    ];

    private const int MostName = 128;

    private static readonly SearchValues<byte> Separators = SearchValues.Create("_-."u8);

    /// <summary>Whether a member of this name carries a secret. For dotted names (<c>Credentials.AccessKeySecret</c>) the whole name counts.</summary>
    /// <param name="name">UTF-8; longer than 128 bytes is judged by its last 128.</param>
    public static bool IsSecret(ReadOnlySpan<byte> name)
    {
        name = name.Length > MostName ? name[^MostName..] : name;
        Span<byte> plain = stackalloc byte[MostName];
        plain = plain[..CopyWithoutSeparators(name, plain)];
        return SecretScan.MayHoldSecret(plain) && IsSecretWord(plain);
    }

    /// <summary>Whether a name has characters that are left out before it is compared.</summary>
    internal static bool HasSeparator(ReadOnlySpan<byte> name) => name.ContainsAny((byte)'_', (byte)'-', (byte)'.');

    private static int CopyWithoutSeparators(ReadOnlySpan<byte> name, Span<byte> to)
    {
        var length = 0;
        while (true)
        {
            var run = name.IndexOfAny(Separators);
            var part = run < 0 ? name : name[..run];
            part.CopyTo(to[length..]);
            length += part.Length;
            if (run < 0)
            {
                return length;
            }

            name = name[(run + 1)..];
        }
    }

    // Few names come here: those that hold a beginning of a secret's name.
    private static bool IsSecretWord(ReadOnlySpan<byte> name)
    {
        Span<char> plain = stackalloc char[MostName];
        for (var at = 0; at < name.Length; at++)
        {
            plain[at] = char.ToLowerInvariant((char)name[at]);
        }

        ReadOnlySpan<char> word = plain[..name.Length];
        foreach (var harmless in Harmless)
        {
            if (word.EndsWith(harmless, StringComparison.Ordinal))
            {
                return false;
            }
        }

        if (word.EndsWith(Ending, StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var whole in Whole)
        {
            if (word.SequenceEqual(whole))
            {
                return true;
            }
        }

        foreach (var carrying in Carrying)
        {
            if (word.Contains(carrying, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
