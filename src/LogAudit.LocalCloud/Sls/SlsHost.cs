using System.Text.RegularExpressions;

namespace LogAudit.LocalCloud.Sls;

/// <summary>What a host name of SLS says.</summary>
/// <param name="Project">Project before the endpoint, null on the bare endpoint.</param>
/// <param name="Region">Region of the endpoint; null on <c>localhost</c> and the acceleration endpoint.</param>
/// <remarks>Source: SLS protocol, section 1.</remarks>
internal sealed partial record SlsHost(string? Project, string? Region)
{
    public static SlsHost? Read(string host) =>
        Pattern().Match(host) is { Success: true } match
            ? new SlsHost(Text(match, "project") ?? Text(match, "local"), Text(match, "region"))
            : null;

    /// <summary>Region of an endpoint as it stands in a setting; null when it names none.</summary>
    public static string? RegionOf(string endpoint) =>
        Read(
            endpoint
                .Replace("https://", "", StringComparison.Ordinal)
                .Replace("http://", "", StringComparison.Ordinal)
                .TrimEnd('/')
        )?.Region;

    private static string? Text(Match match, string group) =>
        match.Groups[group] is { Success: true, Value: var text } ? text : null;

    [GeneratedRegex(
        """^(((?<project>[a-z0-9][a-z0-9-]*)\.)?((?<region>[a-z]{2,}-[a-z0-9-]+?)(-intranet|-internal|-share)?\.log|log-global)\.aliyuncs\.com|(?<local>[a-z0-9][a-z0-9-]*)\.localhost)\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
