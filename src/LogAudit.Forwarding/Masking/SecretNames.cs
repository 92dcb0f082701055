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

    /// <summary>Whether a member of this name carries a secret. For dotted names (<c>Credentials.AccessKeySecret</c>) the whole name counts.</summary>
    /// <param name="name">UTF-8; longer than 128 bytes is judged by its last 128.</param>
    public static bool IsSecret(ReadOnlySpan<byte> name)
    {
        Span<char> plain = stackalloc char[128];
        var length = 0;
        foreach (var one in name.Length > plain.Length ? name[^plain.Length..] : name)
        {
            if (one is not ((byte)'_' or (byte)'-' or (byte)'.'))
            {
                plain[length++] = char.ToLowerInvariant((char)one);
            }
        }

        ReadOnlySpan<char> word = plain[..length];
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
