using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Cloud Firewall: one firewall per account and site of purchase; its log analysis is opened once and delivers each category by a switch.</summary>
/// <remarks>Written from the cloudfirewall reference and the metadata of Cloudfw 2017-12-07.</remarks>
internal sealed partial class CloudFirewall : IPart, ILocalProduct
{
    private const string Internet = "internet_log";
    private const string Vpc = "vpc_firewall_log";

    // Source: cloudfirewall reference, section 2: typical.
    private const int DefaultDays = 180;

    private readonly Dictionary<(string Account, string Site), Firewall> _firewalls = [];
    private Cloud _cloud = null!;
    private NamedDelay _pause = null!;

    public string Product => "cloudfirewall";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _pause = cloud.Delays.Declare(
            "Cloud Firewall dispatch pause",
            TimeSpan.FromMinutes(5),
            "cloudfirewall reference, section 6: no second change within 5 minutes"
        );
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        if (resource.Region is not ("cn-hangzhou" or "ap-southeast-1"))
        {
            throw new InvalidOperationException(
                $"Cloud Firewall is bought at cn-hangzhou or ap-southeast-1, not in {resource.Region}."
            );
        }
        var firewall = new Firewall(resource.Account, resource.Region, resource.Id)
        {
            Version = resource.Properties.GetValueOrDefault("edition", "Enterprise") switch
            {
                "Premium" => 2,
                "Enterprise" => 3,
                "Ultimate" => 4,
                "payAsYouGo" => 10,
                _ => 0,
            },
            HasLogs = resource.Properties.GetValueOrDefault("logAnalysis", "bought") is "bought",
            LogVersion = resource.Properties.GetValueOrDefault("logVersion", "1") is "2" ? 2 : 1,
        };
        if (resource.Properties.GetValueOrDefault("opened", "true") is "true" && firewall.HasLogs)
        {
            Open(firewall, DefaultDays);
        }
        if (!_firewalls.TryAdd((resource.Account, resource.Region), firewall))
        {
            throw new InvalidOperationException(
                $"Account {resource.Account} has a firewall at {resource.Region} already."
            );
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place)
    {
        var firewall = Find(resource);
        Open(firewall, DefaultDays);
        foreach (var dispatch in firewall.Dispatches)
        {
            dispatch.Filters = Dispatch.All;
        }
    }

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return [new Deed("Cloudfw", "Create", Request: null, Response: null)];
            case "delete":
                _ = Find(resource);
                _firewalls.Remove((resource.Account, resource.Region));
                return [Deed("ReleasePostInstance", resource)];
            case "switchOff":
                var dispatch =
                    Find(resource).Dispatches.Find(one => one.Category is Internet)
                    ?? throw new InvalidOperationException($"{resource.Id} delivers no logs.");
                dispatch.Filters = [];
                return
                [
                    Deed("ModifySlsDispatchStatus", resource, ("DispatchValue", Internet), ("EnableStatus", false)),
                ];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a firewall.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        from firewall in _firewalls.Values
        from site in firewall.Sites
        from category in new[] { Internet, Vpc }
        select new LoggingState(
            firewall.Key(site),
            KindOf(category),
            WhyNot: null,
            firewall.Dispatches.Exists(one => one.Is(site, category) && one.Filters.Length > 0)
                ? OwnStore.Places(_cloud, firewall.Place(site), firewall.Subject(site))
                : []
        );

    public IEnumerable<LogSource> Sources() =>
        from firewall in _firewalls.Values
        from dispatch in firewall.Dispatches
        // Only these two categories have lines here.
        where dispatch.Filters.Length > 0 && dispatch.Category is Internet or Vpc
        select OwnStore.Source(
            _cloud,
            firewall.Key(dispatch.Site),
            KindOf(dispatch.Category),
            firewall.Place(dispatch.Site),
            firewall.Subject(dispatch.Site),
            (at, marker, dice) =>
                CloudFirewallRecords.Session(
                    firewall.Account,
                    Firewall.HomeOf(dispatch.Site, firewall.Site),
                    dispatch.Category,
                    at,
                    marker,
                    dice
                )
        );

    private static string KindOf(string category) => category is Internet ? "internet" : "vpc";

    private void Open(Firewall firewall, int days)
    {
        if (firewall.Dispatches.Count > 0)
        {
            return;
        }
        foreach (var site in firewall.Sites)
        {
            OwnStore.Ensure(_cloud, firewall.Account, Firewall.HomeOf(site, firewall.Site), firewall.Place(site), days);
            firewall.Dispatches.AddRange(Dispatch.Categories.Select(category => new Dispatch(site, category)));
        }
    }

    private Firewall Find(ScenarioResource resource) =>
        _firewalls.GetValueOrDefault((resource.Account, resource.Region))
        ?? throw new InvalidOperationException($"There is no firewall {resource.Id}.");

    private static Deed Deed(
        string name,
        ScenarioResource resource,
        params ReadOnlySpan<(string Name, JToken Value)> more
    )
    {
        var request = new JObject { ["InstanceId"] = resource.Id };
        foreach (var (key, value) in more)
        {
            request[key] = value;
        }
        return new Deed("Cloudfw", name, request, []);
    }

    private sealed class Firewall(string account, string site, string id)
    {
        public string Account => account;
        public string Site => site;
        public string Id => id;
        public required int Version { get; init; }
        public required bool HasLogs { get; init; }
        public required int LogVersion { get; init; }

        /// <summary>Empty until log analysis is opened.</summary>
        public List<Dispatch> Dispatches { get; } = [];

        /// <summary>When the last change of delivery was taken.</summary>
        public DateTimeOffset? ChangedAt { get; set; }

        /// <summary>Sites of the Logstores: one without a name in log version 1.</summary>
        public string[] Sites => LogVersion == 2 ? ["cn", "intl"] : [""];

        public static string HomeOf(string name, string bought) =>
            name switch
            {
                "cn" => "cn-hangzhou",
                "intl" => "ap-southeast-1",
                _ => bought,
            };

        public LogPlace Place(string name) =>
            new($"cloudfirewall-project-{account}-{HomeOf(name, site)}", "cloudfirewall-logstore");

        public ResourceKey Key(string name) =>
            new("cloudfirewall", account, HomeOf(name, site), name.Length == 0 ? id : $"{id}/{name}");

        public PolicySubject Subject(string name) =>
            new(
                account,
                "cloudfirewall",
                "firewall_log",
                id,
                HomeOf(name, site),
                new Dictionary<string, string>(StringComparer.Ordinal)
            );
    }

    private sealed class Dispatch(string site, string category)
    {
        public static readonly string[] Categories = [Internet, Vpc, "nat_firewall_log", "dns_firewall_log"];
        public static readonly string[] All = ["attack", "acl", "other"];

        public string Site => site;
        public string Category => category;

        /// <summary>What is delivered; empty while the category is off.</summary>
        public string[] Filters { get; set; } = [];

        public bool Is(string ofSite, string ofCategory) => site == ofSite && category == ofCategory;
    }
}
