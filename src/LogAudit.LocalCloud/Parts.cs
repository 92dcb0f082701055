using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud;

/// <summary>What this cloud is made of, in the order of registration. One line per part.</summary>
internal static class Parts
{
    public static IEnumerable<IPart> All() =>
        [
            // Identity

            // Simple Log Service

            // Products

            // Trail and events

            // Function Compute
        ];
}
