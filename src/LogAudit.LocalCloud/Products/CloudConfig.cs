using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Cloud Config: the recorder of each account, and up to five channels that deliver what it records.</summary>
/// <remarks>Written from the cloudconfig reference (Config 2020-09-07, which is not in the metadata folder).</remarks>
internal sealed partial class CloudConfig : IPart, ILocalProduct
{
    private const string ServiceName = "config.aliyuncs.com";
    private const string LinkedRole = "AliyunServiceRoleForConfig";
    private const string Changes = "ConfigurationItemChangeNotification";
    private const string Findings = "NonCompliantNotification";

    private readonly Dictionary<string, Recorder> _recorders = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;
    private NamedDelay _building = null!;

    public string Product => "cloudconfig";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _building = cloud.Delays.Declare(
            "configuration recorder built",
            TimeSpan.FromMinutes(1),
            "assumed: GetConfigurationRecorder shows BUILDING before REGISTERED; the page names no length"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var recorder = Of(resource.Account);
        recorder.Shown = new ResourceKey("cloudconfig", resource.Account, resource.Region, resource.Id);
        if (resource.Properties.GetValueOrDefault("recorder", "on") is "on")
        {
            recorder.Status.Become("REGISTERED");
        }
    }

    /// <summary>Delivers both kinds to the place, which is made if it is missing.</summary>
    public void SwitchOn(ScenarioResource resource, LogPlace place)
    {
        var storage = _cloud.Services.Get<ILogStorage>();
        storage.EnsureProject(resource.Account, resource.Region, place.Project);
        storage.EnsureLogstore(place.Project, place.Logstore, 7, 2);
        var recorder = Of(resource.Account);
        recorder.Status.Become("REGISTERED");
        var channel = new Channel($"cdc-{_cloud.NextHex(18)}")
        {
            Name = "roll-out",
            Arn = $"acs:log:{resource.Region}:{resource.Account}:project/{place.Project}/logstore/{place.Logstore}",
        };
        channel.Delivers.UnionWith([Changes, Findings]);
        recorder.Channels.Add(channel);
    }

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        switch (change.Do)
        {
            case "create":
                Seed(change.Resource);
                return [new Deed("Config", "StartConfigurationRecorder", [], [])];
            case "switchOff":
                var on = Of(change.Resource.Account).Channels.Where(channel => channel.IsOn).ToList();
                on.ForEach(channel => channel.IsOn = false);
                return
                [
                    .. on.Select(channel => new Deed(
                        "Config",
                        "UpdateConfigDeliveryChannel",
                        new JObject
                        {
                            ["DeliveryChannelId"] = channel.Id,
                            ["Status"] = 0,
                            ["DeliveryChannelTargetArn"] = channel.Arn,
                        },
                        new JObject { ["DeliveryChannelId"] = channel.Id }
                    )),
                ];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a cloudconfig resource.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        from recorder in _recorders.Values
        from kind in (string[])[Changes, Findings]
        where recorder.Shown is not null
        select new LoggingState(recorder.Shown!.Value, NameOf(kind), WhyNot: null, [.. Places(recorder, kind)]);

    public IEnumerable<LogSource> Sources() =>
        from recorder in _recorders.Values
        from kind in (string[])[Changes, Findings]
        from place in Places(recorder, kind)
        select new LogSource(
            recorder.Shown ?? new ResourceKey("cloudconfig", recorder.Account, "", recorder.Account),
            NameOf(kind),
            place,
            (at, marker, dice) =>
                kind is Changes
                    ? CloudConfigRecords.Change(recorder.Account, at, marker, dice)
                    : CloudConfigRecords.Finding(recorder.Account, at, marker, dice)
        );

    private static string NameOf(string kind) => kind is Changes ? "change" : "noncompliance";

    private IEnumerable<LogPlace> Places(Recorder recorder, string kind) =>
        recorder.Status.At(_cloud.Clock.GetUtcNow()) is "REGISTERED"
            ? recorder
                .Channels.Where(channel => channel.IsOn && channel.Delivers.Contains(kind))
                .Select(channel => PlaceOf(channel.Arn))
                .OfType<LogPlace>()
            : [];

    private Recorder Of(string account)
    {
        if (!_recorders.TryGetValue(account, out var recorder))
        {
            _recorders[account] = recorder = new Recorder(account);
        }
        return recorder;
    }

    /// <summary>Project and Logstore of an SLS target; null for a bucket or a topic.</summary>
    private static LogPlace? PlaceOf(string arn) =>
        arn.Split(':', 5) is ["acs", "log", _, _, var path]
        && path.Split('/') is ["project", var project, "logstore", var logstore]
            ? new LogPlace(project, logstore)
            : null;

    private sealed class Recorder(string account)
    {
        public string Account => account;

        /// <summary>The resource that a scenario put there; null where only calls touched the account.</summary>
        public ResourceKey? Shown { get; set; }
        public Phase Status { get; } = new("REGISTRABLE");
        public List<Channel> Channels { get; } = [];
    }

    private sealed class Channel(string id)
    {
        public string Id => id;
        public string Name { get; set; } = "";
        public string Description { get; set; } = "";
        public string Type { get; init; } = "SLS";
        public required string Arn { get; set; }
        public string Token { get; init; } = "";
        public bool IsOn { get; set; } = true;

        /// <summary>Parameters of the kinds that it delivers.</summary>
        public HashSet<string> Delivers { get; } = new(StringComparer.Ordinal);
    }
}
