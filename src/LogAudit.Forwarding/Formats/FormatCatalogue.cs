namespace LogAudit.Forwarding;

/// <summary>Every format, by its name in the settings. A new format is one file and one line here.</summary>
public static class FormatCatalogue
{
    private static readonly Dictionary<string, Func<OptionReader, IFormat>> Makers = new(StringComparer.Ordinal)
    {
        ["cef"] = Cef.From,
        ["json"] = _ => new Json(),
        ["leef"] = Leef.From,
        ["ocsf"] = _ => new Ocsf(),
        ["raw"] = _ => new Raw(),
        ["rfc3164"] = options => new Rfc3164(Rfc3164Options.From(options)),
        ["rfc5424"] = options => new Rfc5424(Rfc5424Options.From(options)),
    };

    /// <summary>Names that settings may use.</summary>
    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Makes a format; null when the name is unknown.</summary>
    public static IFormat? Make(string name, OptionReader options) =>
        Makers.TryGetValue(name, out var make) ? make(options) : null;
}
