using System.Globalization;

namespace LogAudit.Products;

/// <summary>What the handlers need to know of the settings.</summary>
public sealed record ProductOptions
{
    // Ending of the variables that allow it, after the product code: slb_access_redirect.
    private const string Redirect = "_access_redirect";

    /// <summary>Which accounts there are, which decides what kind of trail is wanted.</summary>
    public required AccountsMode Accounts { get; init; }

    /// <summary>The central account and region; the trail is made in its region.</summary>
    public required CentralSettings Central { get; init; }

    /// <summary>Products whose access log may be moved to us from a place of somebody else. Default none: it is reported and left.</summary>
    public IReadOnlyCollection<string> RedirectAccessLogs { get; init; } = [];

    /// <summary>Whether the access log of a product may be moved.</summary>
    public bool MayRedirect(string product) => RedirectAccessLogs.Contains(product, StringComparer.Ordinal);

    /// <summary>Flow logs that the quota allows per account and region. Default 10.</summary>
    /// <remarks>Source: VPC, flow log limits. Raised in Quota Center, then here.</remarks>
    public int FlowLogsPerRegion { get; init; } = 10;

    /// <summary>Takes the options from the settings.</summary>
    public static ProductOptions From(Settings settings) =>
        new()
        {
            Accounts = settings.Accounts.Mode,
            Central = settings.Central,
            RedirectAccessLogs =
            [
                .. settings
                    .Collect.Where(one =>
                        one is { Value: "true" } && one.Key.EndsWith(Redirect, StringComparison.Ordinal)
                    )
                    .Select(one => one.Key[..^Redirect.Length]),
            ],
            FlowLogsPerRegion = int.Parse(
                settings.Collect.GetValueOrDefault("vpc_flow_quota", "10"),
                CultureInfo.InvariantCulture
            ),
        };
}
