namespace LogAudit.Sls;

/// <summary>The index of a Logstore: what can be searched and analysed.</summary>
/// <remarks>Source: SLS CreateIndex, GetIndex, UpdateIndex. At least one of <see cref="FullText"/> and <see cref="Keys"/> is needed. New keys apply to new logs only, after about a minute.</remarks>
public sealed record IndexConfig
{
    /// <summary>Full-text index (<c>line</c>); null when there is none.</summary>
    public FullTextIndex? FullText { get; init; }

    /// <summary>Indexed fields by name (<c>keys</c>).</summary>
    public IReadOnlyDictionary<string, IndexKey> Keys { get; init; } =
        new Dictionary<string, IndexKey>(StringComparer.Ordinal);

    /// <summary>Longest text that analysis sees, in bytes (<c>max_text_len</c>). Default 2048.</summary>
    public int MaxTextLength { get; init; } = 2048;

    /// <summary>The separators that the console offers as default.</summary>
    public static IReadOnlyList<string> DefaultTokens { get; } =
    [",", " ", "'", "\"", ";", "=", "(", ")", "[", "]", "{", "}", "?", "@", "&", "<", ">", "/", ":", "\n", "\t", "\r"];

    /// <inheritdoc/>
    public bool Equals(IndexConfig? other) =>
        other is not null
        && FullText == other.FullText
        && MaxTextLength == other.MaxTextLength
        && Keys.Count == other.Keys.Count
        && Keys.All(key => other.Keys.TryGetValue(key.Key, out var theirs) && key.Value == theirs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FullText is null, MaxTextLength, Keys.Count);
}

/// <summary>Full-text index of a Logstore.</summary>
public sealed record FullTextIndex
{
    /// <summary>Separators between words.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = IndexConfig.DefaultTokens;

    /// <summary>Whether case matters. Default false.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Whether Chinese text is cut into words (<c>chn</c>). Default false.</summary>
    public bool Chinese { get; init; }

    /// <inheritdoc/>
    public bool Equals(FullTextIndex? other) =>
        other is not null
        && CaseSensitive == other.CaseSensitive
        && Chinese == other.Chinese
        && Tokens.SequenceEqual(other.Tokens, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CaseSensitive, Chinese, Tokens.Count);
}

/// <summary>Index of one field.</summary>
public sealed record IndexKey
{
    /// <summary><c>text</c>, <c>long</c>, <c>double</c> or <c>json</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Separators between words, for text and json.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = IndexConfig.DefaultTokens;

    /// <summary>Whether case matters. Default false.</summary>
    public bool CaseSensitive { get; init; }

    /// <summary>Whether Chinese text is cut into words (<c>chn</c>). Default false.</summary>
    public bool Chinese { get; init; }

    /// <summary>Whether SQL can use it (<c>doc_value</c>). Default true.</summary>
    public bool DocValue { get; init; } = true;

    /// <summary>Another name for queries; empty for none.</summary>
    public string Alias { get; init; } = "";

    /// <summary>For json: whether every text inside is indexed (<c>index_all</c>). Default true.</summary>
    public bool IndexAll { get; init; } = true;

    /// <summary>For json: how deep; -1 without limit (<c>max_depth</c>).</summary>
    public int MaxDepth { get; init; } = -1;

    /// <summary>For json: indexed paths inside, by dotted path, with their types.</summary>
    public IReadOnlyDictionary<string, IndexKey> JsonKeys { get; init; } =
        new Dictionary<string, IndexKey>(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <remarks>Members that a type does not have (separators of a number) do not count.</remarks>
    public bool Equals(IndexKey? other) =>
        other is not null
        && string.Equals(Type, other.Type, StringComparison.Ordinal)
        && DocValue == other.DocValue
        && string.Equals(Alias, other.Alias, StringComparison.Ordinal)
        && (!HasWords || WordsEqual(other))
        && (Type is not "json" || JsonEqual(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Alias, DocValue);

    internal bool HasWords => Type is "text" or "json";

    private bool WordsEqual(IndexKey other) =>
        CaseSensitive == other.CaseSensitive
        && Chinese == other.Chinese
        && Tokens.SequenceEqual(other.Tokens, StringComparer.Ordinal);

    private bool JsonEqual(IndexKey other) =>
        IndexAll == other.IndexAll
        && MaxDepth == other.MaxDepth
        && JsonKeys.Count == other.JsonKeys.Count
        && JsonKeys.All(key =>
            other.JsonKeys.TryGetValue(key.Key, out var theirs)
            && string.Equals(key.Value.Type, theirs.Type, StringComparison.Ordinal)
        );
}
