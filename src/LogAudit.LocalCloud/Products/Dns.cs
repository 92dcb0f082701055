using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>DNS: VPCs with private zones, public domains, access domains of Global Traffic Manager. Delivery is a matter of collection policies alone.</summary>
/// <remarks>Written from the dns reference and the metadata of pvtz 2018-01-01 and Alidns 2015-01-09.</remarks>
internal sealed partial class Dns : IPart, ILocalProduct
{
    /// <summary>Regions of the intranet log. Source: dns reference, section 3.</summary>
    private static readonly HashSet<string> IntranetRegions =
    [
        "cn-hangzhou",
        "cn-shanghai",
        "cn-qingdao",
        "cn-beijing",
        "cn-zhangjiakou",
        "cn-shenzhen",
        "cn-guangzhou",
        "cn-hongkong",
        "cn-chengdu",
        "ap-southeast-1",
        "us-west-1",
    ];

    private readonly SortedDictionary<string, Subject> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _services = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;

    public string Product => "dns";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        RegisterApi(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var subject = new Subject(
            resource.Properties.GetValueOrDefault("kind", "public"),
            resource.Account,
            resource.Region,
            resource.Id,
            resource.Name
        )
        {
            IsAnalysed = resource.Properties.GetValueOrDefault("analysis", "off") is "on",
        };
        foreach (var (key, value) in resource.Tags)
        {
            subject.Tags[key] = value;
        }
        if (resource.Properties.TryGetValue("service", out var state))
        {
            _services[resource.Account] = state;
        }
        if (!_subjects.TryAdd(resource.Id, subject))
        {
            throw new InvalidOperationException($"There is a {subject.Kind} resource {resource.Id} already.");
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place) => Find(resource).IsAnalysed = true;

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return [Deed(Find(resource), created: true)];
            case "delete":
                var gone = Find(resource);
                _subjects.Remove(resource.Id);
                return [Deed(gone, created: false)];
            case "switchOff":
                // Only the switch of Global Traffic Manager is an action; the others are clicked in the console.
                var subject = Find(resource);
                subject.IsAnalysed = false;
                return subject.Kind is "gtm"
                    ?
                    [
                        new Deed(
                            "Alidns",
                            "SetCloudGtmInstanceConfigLogSwitch",
                            new JObject { ["ConfigId"] = resource.Id, ["Status"] = "disable" },
                            []
                        ),
                    ]
                    : [];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a DNS resource.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        _subjects.Values.Select(subject => new LoggingState(
            subject.Key,
            subject.Kind,
            WhyNot(subject),
            Logs(subject) ? PolicyPlaces.Of(_cloud, subject.ForPolicy) : []
        )
        {
            IsShown = subject is { Kind: "public", IsAnalysed: true },
        });

    public IEnumerable<LogSource> Sources() =>
        from subject in _subjects.Values
        where WhyNot(subject) is null && Logs(subject)
        let places = PolicyPlaces.Of(_cloud, subject.ForPolicy)
        where places.Count > 0
        select new LogSource(
            subject.Key,
            subject.Kind,
            places[0],
            (at, marker, dice) => Line(subject, at, marker, dice)
        )
        {
            Policy = subject.ForPolicy,
        };

    // A rule for VPCs switches their analysis on itself; the others must be switched on first.
    private static bool Logs(Subject subject) => subject.IsAnalysed || subject.Kind is "intranet";

    private string? WhyNot(Subject subject) =>
        subject.Kind is not "intranet" ? null
        : !IntranetRegions.Contains(subject.Region) ? $"intranet DNS logs are not offered in {subject.Region}"
        : ServiceOf(subject.Account) is not "OPENED" and var state ? $"PrivateZone is {state}"
        : null;

    private string ServiceOf(string account) => _services.GetValueOrDefault(account, "OPENED");

    private static LogRecord Line(Subject subject, DateTimeOffset at, string marker, Dice dice) =>
        subject.Kind switch
        {
            "intranet" => DnsRecords.Intranet(subject.Account, subject.Region, subject.Id, at, marker, dice),
            "public" => DnsRecords.Public("dns_resolve_log", subject.Account, subject.Id, at, marker, dice),
            _ => DnsRecords.Public("dns_gtm_log", subject.Account, subject.Name, at, marker, dice),
        };

    private Subject Find(ScenarioResource resource) =>
        _subjects.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no DNS resource {resource.Id}.");

    private static Deed Deed(Subject subject, bool created) =>
        subject.Kind switch
        {
            "intranet" => new Deed(
                "PrivateZone",
                created ? "BindZoneVpc" : "DeleteZone",
                new JObject { ["ZoneId"] = $"zone-of-{subject.Account}", ["RegionId"] = "cn-hangzhou" },
                []
            ),
            "public" => new Deed(
                "Alidns",
                created ? "AddDomain" : "DeleteDomain",
                new JObject { ["DomainName"] = subject.Id },
                []
            ),
            _ => new Deed(
                "Alidns",
                created ? "CreateCloudGtmInstanceConfig" : "DeleteCloudGtmInstanceConfig",
                new JObject { ["ConfigId"] = subject.Id },
                []
            ),
        };

    /// <summary>Something whose queries can be recorded.</summary>
    private sealed class Subject(string kind, string account, string region, string id, string name)
    {
        public string Kind => kind;
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public string Name => name;
        public ResourceKey Key => new("dns", account, region, id);
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);
        public bool IsAnalysed { get; set; }

        public PolicySubject ForPolicy =>
            new(account, "dns", kind is "public" ? "resolve_log" : $"{kind}_log", id, region, Tags);
    }
}
