namespace LogAudit.Forwarding;

/// <summary>How JSON is searched for secrets: nowhere, everywhere, or where a look through the whole record found that some may be.</summary>
internal readonly ref struct SecretSearch
{
    private readonly ReadOnlySpan<byte> body;
    private readonly SecretPlaces places;

    /// <summary>Searches bytes of a record where its places say so, and other bytes wholly if there are any places.</summary>
    public SecretSearch(ReadOnlySpan<byte> body, SecretPlaces places)
    {
        this.body = body;
        this.places = places;
    }

    /// <summary>For text that is known to hold no secret.</summary>
    public static SecretSearch None => default;

    /// <summary>For text of which nothing is known.</summary>
    public static SecretSearch Everywhere => new([], SecretPlaces.Everywhere);

    /// <summary>Whether there is anything to look for.</summary>
    public bool Any => places.Any;

    /// <summary>Whether bytes may hold a secret.</summary>
    public bool MayFind(ReadOnlySpan<byte> bytes) => places.MayBeIn(body, bytes) && SecretScan.MayHoldSecret(bytes);

    /// <summary>Whether a member of this name carries a secret.</summary>
    /// <param name="name">Without escapes, or in the record as it is.</param>
    public bool IsSecretName(ReadOnlySpan<byte> name) =>
        // Only separators in a name can hide the beginning of a secret's name from the look through the record.
        Any && (places.MayBeIn(body, name) || SecretNames.HasSeparator(name)) && SecretNames.IsSecret(name);
}
