namespace LogAudit.Products;

/// <summary>A product's data file is wrong: a key that is not known, a value that is not allowed, a fact without its source.</summary>
/// <param name="file">The file, for example <c>Slb.product.yaml</c>.</param>
/// <param name="key">Where in it, for example <c>logs.access.route</c>.</param>
/// <param name="problem">What is wrong and what is allowed.</param>
public sealed class CatalogueException(string file, string key, string problem) : Exception($"{file}: {key}: {problem}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>The key, dotted from the root.</summary>
    public string Key { get; } = key;
}
