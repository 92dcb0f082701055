using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Security Center: a subscription per account and site with log analysis, and one switch per kind of log. All kinds go to one Logstore of the product.</summary>
/// <remarks>Written from the sas reference and the metadata of Sas 2018-12-03.</remarks>
internal sealed partial class Sas : IPart, ILocalProduct
{
    // Fixed with bought capacity. Source: sas reference, section 2.
    private const int LogstoreDays = 180;

    private readonly Dictionary<(string Account, string Site), Subscription> _subscriptions = [];
    private Cloud _cloud = null!;
    private NamedDelay _switching = null!;

    public string Product => "sas";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _switching = cloud.Delays.Declare(
            "security center log switched",
            TimeSpan.FromSeconds(5),
            "sas reference, section 6: DescribeLogMeta follows a few seconds later (assumed there)"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var words = resource.Properties;
        var subscription = new Subscription(resource.Account, SiteOf(resource.Region), resource.Id)
        {
            Version = Editions[words.GetValueOrDefault("edition", "Enterprise")],
            Buys = words.GetValueOrDefault("logAnalysis", "bought"),
            IsAuthorised = words.GetValueOrDefault("authorised", "true") is "true",
        };
        if (!_subscriptions.TryAdd((subscription.Account, subscription.Site), subscription))
        {
            throw new InvalidOperationException(
                $"Account {resource.Account} has a subscription on the site of {resource.Region} already."
            );
        }
        if (subscription.HasLogAnalysis && words.GetValueOrDefault("opened", "true") is "true")
        {
            Open(subscription);
        }
    }

    /// <summary>Switches every kind on; the product chooses the place itself.</summary>
    public void SwitchOn(ScenarioResource resource, LogPlace place)
    {
        var subscription = Find(resource);
        Open(subscription);
        foreach (var log in subscription.Logs.Values)
        {
            log.Become("enabled");
        }
    }

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                // A purchase is recorded as "Create" and names no subscription.
                return [new Deed("Sas", "Create", new JObject { ["RegionId"] = resource.Region }, Response: null)];
            case "delete":
                _ = Find(resource);
                _subscriptions.Remove((resource.Account, SiteOf(resource.Region)));
                return [new Deed("Sas", "Release", new JObject { ["InstanceId"] = resource.Id }, Response: null)];
            case "switchOff":
                var on = Find(resource).Logs.Where(log => log.Value.At(_cloud.Clock.GetUtcNow()) is "enabled").ToList();
                foreach (var (_, log) in on)
                {
                    log.Become("disabled");
                }
                return [.. on.Select(log => Switched(log.Key, "disabled"))];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a sas resource.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        from subscription in _subscriptions.Values
        from log in subscription.Logs
        select new LoggingState(
            subscription.Key,
            SasRecords.KindOf(log.Key),
            WhyNot: null,
            IsOn(subscription, log.Value) ? [subscription.Place] : []
        );

    public IEnumerable<LogSource> Sources() =>
        from subscription in _subscriptions.Values
        from log in subscription.Logs
        where IsOn(subscription, log.Value)
        select new LogSource(
            subscription.Key,
            SasRecords.KindOf(log.Key),
            subscription.Place,
            (at, marker, dice) => SasRecords.Of(log.Key, at, marker, dice)
        );

    private bool IsOn(Subscription subscription, Phase log) =>
        subscription is { IsOpen: true, IsAuthorised: true } && log.At(_cloud.Clock.GetUtcNow()) is "enabled";

    /// <summary>Makes the product's own project and Logstore, as opening log analysis does.</summary>
    private void Open(Subscription subscription)
    {
        var storage = _cloud.Services.Get<ILogStorage>();
        storage.EnsureProject(subscription.Account, subscription.Site, subscription.Place.Project);
        storage.EnsureLogstore(subscription.Place.Project, subscription.Place.Logstore, LogstoreDays, 2);
        subscription.IsOpen = true;
    }

    private Subscription Find(ScenarioResource resource) =>
        _subscriptions.GetValueOrDefault((resource.Account, SiteOf(resource.Region))) is { } found
        && found.Id == resource.Id
            ? found
            : throw new InvalidOperationException($"There is no subscription {resource.Id}.");

    private static Deed Switched(string log, string status) =>
        new(
            "Sas",
            "ModifyLogMetaStatus",
            new JObject
            {
                ["LogStore"] = log,
                ["Status"] = status,
                ["From"] = "sas",
                ["Project"] = "sas",
            },
            []
        );

    /// <summary>Assets of the mainland belong to cn-hangzhou, all others to ap-southeast-1.</summary>
    private static string SiteOf(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? "cn-hangzhou" : "ap-southeast-1";

    private sealed class Subscription(string account, string site, string id)
    {
        public string Account => account;
        public string Site => site;
        public string Id => id;
        public ResourceKey Key => new("sas", account, site, id);
        public LogPlace Place => new($"sas-log-{account}-{site}", "sas-log");

        /// <summary>Number of the edition: 1 free, 3 Enterprise, 5 Advanced, 6 Anti-virus, 7 Ultimate.</summary>
        public required int Version { get; init; }

        /// <summary><c>bought</c>, <c>payAsYouGo</c> or <c>none</c>.</summary>
        public required string Buys { get; init; }
        public required bool IsAuthorised { get; set; }
        public bool IsOpen { get; set; }
        public int Days { get; set; } = LogstoreDays;
        public bool HasLogAnalysis => Buys is "payAsYouGo" || (Buys is "bought" && Version != 1);
        public Dictionary<string, Phase> Logs { get; } =
            SasRecords.Ids.ToDictionary(log => log, _ => new Phase("disabled"), StringComparer.Ordinal);
    }
}
