namespace LogAudit.Products;

/// <summary>Compares codes, ids and words of the cloud, which are compared character by character.</summary>
internal static class Texts
{
    /// <summary>Whether two texts are the same, in every character.</summary>
    public static bool Same(this string text, string? other) => string.Equals(text, other, StringComparison.Ordinal);
}
