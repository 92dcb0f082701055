using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Anti-DDoS: domains of Proxy at its two sites, each with a log switch, and Origin instances, whose mitigation analysis only the console switches.</summary>
/// <remarks>Written from the ddos reference and the metadata of ddoscoo 2020-01-01 and ddosbgp 2018-07-20.</remarks>
internal sealed partial class Ddos : IPart, ILocalProduct
{
    private static readonly string[] Sites = ["cn-hangzhou", "ap-southeast-1"];

    private readonly Dictionary<(string Account, string Region, string Id), Guarded> _all = [];
    private readonly Dictionary<(string Account, string Region, bool IsOrigin), Access> _access = [];
    private Cloud _cloud = null!;

    public string Product => "ddos";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        RegisterProxy(cloud);
        RegisterOrigin(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var isOrigin = resource.Properties.GetValueOrDefault("form") is "origin";
        if (!isOrigin && !Sites.Contains(resource.Region, StringComparer.Ordinal))
        {
            throw new InvalidOperationException($"Anti-DDoS Proxy has no site {resource.Region}.");
        }
        var access = new Access(
            resource.Properties.GetValueOrDefault("fullLog", "bought") is "bought",
            resource.Properties.GetValueOrDefault("authorised", "true") is "true"
        );
        _access.TryAdd((resource.Account, resource.Region, isOrigin), access);
        var one = new Guarded(resource.Account, resource.Region, resource.Id, isOrigin);
        if (!_all.TryAdd((resource.Account, resource.Region, resource.Id), one))
        {
            throw new InvalidOperationException($"There is a {resource.Id} already.");
        }
        if (access.IsBought)
        {
            OwnStore.Ensure(_cloud, one.Account, one.Region, one.Place, days: 180);
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place) => Find(resource).Logs = true;

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return
                [
                    Find(resource).IsOrigin
                        ? new Deed("ddosbgp", "Create", null, null)
                        : Deed("CreateWebRule", resource),
                ];
            case "delete":
                var gone = Find(resource);
                _all.Remove((gone.Account, gone.Region, gone.Id));
                return gone.IsOrigin ? [] : [Deed("DeleteWebRule", resource)];
            // Mitigation analysis of Origin is switched in the console alone, and no event tells of it (assumed).
            case "switchOff":
                Find(resource).Logs = false;
                return Find(resource).IsOrigin ? [] : [Deed("CloseDomainSlsConfig", resource)];
            case "start":
                Find(resource).Logs = true;
                return Find(resource).IsOrigin ? [] : [Deed("OpenDomainSlsConfig", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to what Anti-DDoS guards.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        _all.Values.Select(one => new LoggingState(
            one.Key,
            one.Kind,
            WhyNot: null,
            one.Logs ? OwnStore.Places(_cloud, one.Place, one.Subject) : []
        ));

    public IEnumerable<LogSource> Sources() =>
        from one in _all.Values
        where one.Logs
        select OwnStore.Source(
            _cloud,
            one.Key,
            one.Kind,
            one.Place,
            one.Subject,
            (at, marker, dice) =>
                one.IsOrigin
                    ? DdosRecords.Event(one.Account, one.Id, at, marker, dice)
                    : DdosRecords.Access(one.Account, one.Id, $"{one.Stem}_access_log", at, marker, dice)
        );

    private static Deed Deed(string name, ScenarioResource resource) =>
        new("ddoscoo", name, new JObject { ["Domain"] = resource.Id }, []);

    private Guarded Find(ScenarioResource resource) =>
        _all.GetValueOrDefault((resource.Account, resource.Region, resource.Id))
        ?? throw new InvalidOperationException($"Anti-DDoS guards no {resource.Id}.");

    /// <summary>Whether the logs of an account at a host are bought and authorised.</summary>
    private sealed record Access(bool IsBought, bool IsAuthorised);

    /// <summary>A domain of Proxy or an instance of Origin.</summary>
    private sealed class Guarded(string account, string region, string id, bool isOrigin)
    {
        public string Account => account;
        public string Region => region;
        public string Id => id;
        public bool IsOrigin => isOrigin;
        public bool Logs { get; set; }

        public string Kind =>
            isOrigin ? "origin"
            : region is "cn-hangzhou" ? "pro"
            : "premium";

        /// <summary>Beginning of the project's name and product code of the collection policies.</summary>
        public string Stem =>
            isOrigin ? "ddosbgp"
            : region is "cn-hangzhou" ? "ddoscoo"
            : "ddosdip";

        /// <summary>The Logstore of Premium is called after Pro too.</summary>
        public LogPlace Place =>
            new($"{Stem}-project-{account}-{region}", isOrigin ? "ddosbgp-logstore" : "ddoscoo-logstore");

        public ResourceKey Key => new("ddos", account, region, id);

        public PolicySubject Subject =>
            new(account, Stem, "access_log", id, region, new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
