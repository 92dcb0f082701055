using System.Text.RegularExpressions;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>What a host name says besides the product: its region, account or project, empty where it does not say.</summary>
internal readonly record struct HostMatch(string Region, string Account, string Prefix);

/// <summary>
/// A host name with holes: <c>slb.{region}.aliyuncs.com</c>, <c>{account}.{region}.fc.aliyuncs.com</c>,
/// <c>{prefix}.{region}.log.aliyuncs.com</c>. A region stands for <c>-vpc</c>, <c>-intranet</c> and <c>-internal</c> forms too.
/// </summary>
internal sealed class HostPattern
{
    private readonly Regex _regex;

    public HostPattern(string pattern)
    {
        var expression = Regex
            .Escape(pattern)
            .Replace(
                "\\{region}",
                "(?<region>[a-z]{2}-[a-z0-9]+(?:-[0-9a-z]+)*?)(?:-intranet|-internal|-share)?",
                StringComparison.Ordinal
            )
            .Replace("\\{account}", "(?<account>[0-9]{5,20})", StringComparison.Ordinal)
            .Replace("\\{prefix}", "(?<prefix>[a-z0-9][a-z0-9_-]*)", StringComparison.Ordinal);
        _regex = new Regex(
            $"^{expression}$",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
    }

    public bool TryMatch(string host, out HostMatch match)
    {
        var found = _regex.Match(host);
        match = found.Success
            ? new(found.Groups["region"].Value, found.Groups["account"].Value, found.Groups["prefix"].Value)
            : default;
        return found.Success;
    }
}
