using System.Globalization;

namespace LogAudit.Products;

/// <summary>What the handlers need to know of the settings.</summary>
public sealed record ProductOptions
{
    /// <summary>Which accounts there are, which decides what kind of trail is wanted.</summary>
    public required AccountsMode Accounts { get; init; }

    /// <summary>The central account and region; the trail is made in its region.</summary>
    public required CentralSettings Central { get; init; }

    /// <summary>Whether a load balancer that logs to a place of somebody else is moved to ours. Default false: it is reported and left.</summary>
    public bool RedirectAccessLogs { get; init; }

    /// <summary>Flow logs that the quota allows per account and region. Default 10.</summary>
    /// <remarks>Source: VPC, flow log limits. Raised in Quota Center, then here.</remarks>
    public int FlowLogsPerRegion { get; init; } = 10;

    /// <summary>Takes the options from the settings.</summary>
    public static ProductOptions From(Settings settings) =>
        new()
        {
            Accounts = settings.Accounts.Mode,
            Central = settings.Central,
            RedirectAccessLogs = settings.Collect.GetValueOrDefault("slb_access_redirect", "false") is "true",
            FlowLogsPerRegion = int.Parse(
                settings.Collect.GetValueOrDefault("vpc_flow_quota", "10"),
                CultureInfo.InvariantCulture
            ),
        };
}
