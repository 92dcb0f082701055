namespace LogAudit;

/// <summary>The words by which product files and settings name conversions: <c>integer</c>, <c>isoTime</c>.</summary>
public static class FieldConversions
{
    /// <summary>Every conversion by its word.</summary>
    public static IReadOnlyDictionary<string, FieldConversion> ByWord { get; } =
        Enum.GetValues<FieldConversion>().ToDictionary(Word, StringComparer.Ordinal);

    /// <summary>Whether a conversion gives an instant, as <c>@timestamp</c> needs.</summary>
    public static bool IsInstant(this FieldConversion convert) =>
        convert
            is FieldConversion.IsoTime
                or FieldConversion.UnixSeconds
                or FieldConversion.UnixMillis
                or FieldConversion.UnixMicros;

    private static string Word(FieldConversion conversion)
    {
        var name = conversion.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
