using LogAudit.LocalCloud.Events;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Trail;

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
            new Kms.KmsService(),
            // Simple Log Service
            new Sls.SlsPart(),
            // Products
            new LocalProducts(),
            new LogWriter(),
            new Slb(),
            new Ddos(),
            new CloudFirewall(),
            new Waf(),
            new Alb(),
            new Ecs(),
            new Vpc(),
            new ReadableLogs(),
            new ShownLogs(),
            new Das(),
            new Rds(),
            new Polardb(),
            new Oss(),
            new Sas(),
            new Ack(),
            new Dns(),
            new CloudConfig(),
            new Bastionhost(),
            new Nas(),
            new Drds(),
            new Products.ApiGateway(),
            // Trail and events
            new AuditLog(),
            new ActionTrail(),
            new EventBuses(),
            // Function Compute
            new Fc.FcPart(),
        ];
}
