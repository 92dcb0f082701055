using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls.Storage;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Trail;

/// <summary>The platform trail (Inner-ActionTrail): made in the console alone, no call tells of it, at most one in an account.</summary>
/// <remarks>Source: actiontrail reference, sections 2 and 3. The name of its Logstore is assumed after that of its dashboards.</remarks>
internal sealed partial class ActionTrail
{
    private readonly Dictionary<string, (string Name, string Region, LogPlace Place)> _platform = new(
        StringComparer.Ordinal
    );

    private void SeedPlatform(ScenarioResource resource)
    {
        var project =
            resource.Properties.GetValueOrDefault("project")
            ?? throw new InvalidOperationException("A trail needs the property project.");
        var place = new LogPlace(project, $"innertrail_{resource.Id}");
        if (!_platform.TryAdd(resource.Account, (resource.Id, resource.Region, place)))
        {
            throw new InvalidOperationException($"Account {resource.Account} has a platform trail already.");
        }
        MakeDedicated(place, _cloud.Clock.GetUtcNow());
    }

    private IEnumerable<LogSource> PlatformSources() =>
        _platform.Select(pair => new LogSource(
            new ResourceKey(Product, pair.Key, pair.Value.Region, pair.Value.Name),
            Platform,
            pair.Value.Place,
            (at, marker, dice) =>
                Line(PlatformEvent(pair.Key, pair.Value.Region, at, marker, dice)) with
                {
                    Topic = "innertrail_event",
                }
        ));

    // Services: actiontrail reference, section 2. What the events are called is assumed.
    private static AuditEvent PlatformEvent(
        string account,
        string region,
        DateTimeOffset at,
        string marker,
        Dice dice
    ) =>
        new()
        {
            Id = marker,
            Account = account,
            Region = region,
            Kind = "AliyunServiceEvent",
            Service = dice.Of("Kms", "Oss", "Ecs", "Rds", "CS", "Emr"),
            Name = dice.Of("MaintainInstance", "MigrateInstance", "RotateDefaultKey", "RepairDisk"),
            IsWrite = true,
            Time = at,
            RequestId = marker,
            Identity = new JObject
            {
                ["type"] = "system",
                ["principalId"] = "aliyun-platform",
                ["accountId"] = account,
                ["userName"] = "platform",
            },
            EventSource = "platform.aliyuncs.com",
            SourceIp = "Internal",
            UserAgent = "platform",
            Request = new JObject { ["RegionId"] = region },
        };
}
