using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;

namespace LogAudit.LocalCloud;

/// <summary>What this cloud is made of, in the order of registration. One line per part.</summary>
internal static class Parts
{
    public static IEnumerable<IPart> All() =>
        [
            // Identity
            new Sts.SecurityTokenService(),
            new Ram.RamService(),
            new ResourceDirectory.DirectoryService(),
            new Location.LocationService(),
            // Simple Log Service
            new Sls.SlsPart(),

            // Products
            new LocalProducts(),
            new Slb(),
            // Trail and events

            // Function Compute
        ];
}
