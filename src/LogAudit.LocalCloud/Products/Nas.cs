using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>File Storage NAS: file systems whose log analysis writes to a project that the product makes.</summary>
/// <remarks>Written from the nas reference and the metadata of NAS 2017-06-26.</remarks>
internal sealed partial class Nas : IPart, ILocalProduct
{
    private const string ResourceType = "ACS::NAS::FileSystem";

    private readonly Dictionary<string, FileSystem> _systems = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _creation = null!;

    public string Product => "nas";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _creation = cloud.Delays.Declare(
            "NAS creation",
            TimeSpan.FromSeconds(30),
            "assumed; callers wait for Running (nas reference, section 6)"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource) =>
        Make(resource).Status.Become(resource.Properties.GetValueOrDefault("status", "Running"));

    // The product chooses the place itself.
    public void SwitchOn(ScenarioResource resource, LogPlace place) => Analyse(Find(resource));

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                var ready = _cloud.Clock.GetUtcNow() + Creation.TimeOf(_cloud, resource, _creation);
                Make(resource).Status.Become("Pending", "Running", ready);
                return
                [
                    change.ByConsole
                        ? new Deed("Nas", "Create", new JObject { ["RegionId"] = resource.Region }, Response: null)
                        : new Deed(
                            "Nas",
                            "CreateFileSystem",
                            new JObject
                            {
                                ["RegionId"] = resource.Region,
                                ["ProtocolType"] = resource.Properties.GetValueOrDefault("protocol", "NFS"),
                            },
                            new JObject { ["FileSystemId"] = resource.Id },
                            (ResourceType, resource.Id)
                        ),
                ];
            case "delete":
                _ = Find(resource);
                _systems.Remove(resource.Id);
                return [Deed("DeleteFileSystem", resource)];
            case "switchOff":
                Find(resource).Place = null;
                return [Deed("DeleteLogAnalysis", resource)];
            case "tag" or "untag":
                ResourceTags.Change(Find(resource).Tags, resource.Tags, add: change.Do is "tag");
                return [Deed(change.Do is "tag" ? "TagResources" : "UntagResources", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a file system.");
        }
    }

    public IEnumerable<LoggingState> Logging()
    {
        var now = _cloud.Clock.GetUtcNow();
        return _systems.Values.Select(one => new LoggingState(
            one.Key,
            "access",
            Offered.LacksLogs("nas", one.Region) ? $"access logs are not offered in {one.Region}"
                : one.IsParallel ? $"a file system of the type {one.Type} has no access log"
                : one.Place is null && one.Status.At(now) is "Stopped" ? "it is Stopped"
                : null,
            one.Place is { } place ? [place] : []
        ));
    }

    public IEnumerable<LogSource> Sources()
    {
        var now = _cloud.Clock.GetUtcNow();
        return _systems
            .Values.Where(one => one.Place is not null && one.Status.At(now) is "Running")
            .Select(one => new LogSource(
                one.Key,
                "access",
                one.Place!.Value,
                (at, marker, dice) =>
                    one.Protocol is "SMB"
                        ? NasRecords.Smb(one.Account, one.Id, at, marker, dice)
                        : NasRecords.Nfs(one.Account, one.Id, one.Type is "extreme", at, marker, dice)
            ));
    }

    /// <summary>Switches log analysis on, with the project and Logstore that the product makes for it.</summary>
    private void Analyse(FileSystem one)
    {
        // Names: nas reference, section 2. Days: not documented (assumed).
        var place = new LogPlace(
            $"nas-{one.Account}-{one.Region}",
            one.Type is "extreme" ? "nas-extreme-nfs"
                : one.Protocol is "SMB" ? "nas-smb-access-log"
                : "nas-nfs"
        );
        OwnStore.Ensure(_cloud, one.Account, one.Region, place, 7);
        one.Place = place;
    }

    private FileSystem Find(ScenarioResource resource) =>
        _systems.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no file system {resource.Id}.");

    private FileSystem Make(ScenarioResource resource)
    {
        var one = new FileSystem(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            Name = resource.Name,
            Type = resource.Properties.GetValueOrDefault("type", "standard"),
            Protocol = resource.Properties.GetValueOrDefault("protocol", "NFS"),
        };
        ResourceTags.Change(one.Tags, resource.Tags, add: true);
        return _systems.TryAdd(resource.Id, one)
            ? one
            : throw new InvalidOperationException($"There is a file system {resource.Id} already.");
    }

    private static Deed Deed(string name, ScenarioResource resource) =>
        new(
            "Nas",
            name,
            new JObject { ["RegionId"] = resource.Region, ["FileSystemId"] = resource.Id },
            [],
            (ResourceType, resource.Id)
        );

    private sealed class FileSystem(string account, string region, string id, DateTimeOffset createdAt)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public ResourceKey Key => new("nas", account, region, id);
        public DateTimeOffset CreatedAt => createdAt;
        public required string Name { get; init; }
        public required string Type { get; init; }
        public required string Protocol { get; init; }
        public bool IsParallel => Type is "cpfs" or "cpfsse";
        public Phase Status { get; } = new("Running");
        public LogPlace? Place { get; set; }
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
    }
}
