using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Web Application Firewall: an instance per account and site, with protected objects (3.0) or domains (2.0) that log to a project of the product.</summary>
/// <remarks>Written from the waf reference, the metadata of waf-openapi 2021-10-01 and the log calls of 2019-09-10.</remarks>
internal sealed partial class Waf : IPart, ILocalProduct
{
    private static readonly string[] Sites = ["cn-hangzhou", "ap-southeast-1"];

    private readonly Dictionary<(string Account, string Site, string Generation), Instance> _instances = [];
    private Cloud _cloud = null!;
    private NamedDelay _opening = null!;

    public string Product => "waf";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        _opening = cloud.Delays.Declare(
            "WAF log service opens",
            TimeSpan.FromMinutes(1),
            "assumed; LogStatus is initializing before it is normal"
        );
        RegisterApi(cloud);
        RegisterDomains(cloud);
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var generation = resource.Properties.GetValueOrDefault("generation", "3.0");
        if (!Sites.Contains(resource.Region, StringComparer.Ordinal))
        {
            throw new InvalidOperationException(
                $"WAF has no site {resource.Region}: it is {string.Join(" or ", Sites)}."
            );
        }
        var key = (resource.Account, resource.Region, generation);
        if (!_instances.TryGetValue(key, out var instance))
        {
            _instances[key] = instance = new Instance(resource.Account, resource.Region, generation, _cloud.NextHex(8));
            instance.Authorised = resource.Properties.GetValueOrDefault("authorised", "true") is "true";
            instance.HasLogs = resource.Properties.GetValueOrDefault("logService", "bought") is "bought";
            // With 2.0 the log service is there as soon as it is bought.
            if (generation is "2.0" && instance.HasLogs)
            {
                Open(instance, at: null);
            }
        }
        if (!instance.Objects.TryAdd(resource.Id, new Protected(resource.Id)))
        {
            throw new InvalidOperationException($"There is a protected object {resource.Id} already.");
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place)
    {
        var (instance, one) = Find(resource);
        Open(instance, at: null);
        one.Logs = true;
    }

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return [Deed(Is2(resource) ? "CreateDomain" : "CreateDefenseResource", resource)];
            case "delete":
                Find(resource).Instance.Objects.Remove(resource.Id);
                return [Deed(Is2(resource) ? "DeleteDomain" : "DeleteDefenseResource", resource)];
            case "switchOff":
                Find(resource).One.Logs = false;
                return
                [
                    Is2(resource)
                        ? Deed("ModifyLogServiceStatus", resource, ("Enabled", 0))
                        : Deed("ModifyResourceLogStatus", resource, ("Status", false)),
                ];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a protected object of WAF.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        from instance in _instances.Values
        from one in instance.Objects.Values
        select new LoggingState(
            instance.Key(one),
            "access",
            WhyNot: null,
            instance.IsOpen(_cloud.Clock.GetUtcNow()) && one.Logs
                ? OwnStore.Places(_cloud, instance.Place, instance.Subject(one))
                : []
        );

    public IEnumerable<LogSource> Sources() =>
        from instance in _instances.Values
        where instance.IsOpen(_cloud.Clock.GetUtcNow())
        from one in instance.Objects.Values
        where one.Logs
        select OwnStore.Source(
            _cloud,
            instance.Key(one),
            "access",
            instance.Place,
            instance.Subject(one),
            (at, marker, dice) =>
                WafRecords.Access(instance.Account, instance.Site, one.Host, instance.Is2, at, marker, dice)
        );

    private void Open(Instance instance, DateTimeOffset? at)
    {
        OwnStore.Ensure(_cloud, instance.Account, instance.Site, instance.Place, days: 180);
        if (at is { } then)
        {
            instance.LogService.Become("initializing", "normal", then);
        }
        else
        {
            instance.LogService.Become("normal");
        }
    }

    private static bool Is2(ScenarioResource resource) => resource.Properties.GetValueOrDefault("generation") is "2.0";

    private static Deed Deed(
        string name,
        ScenarioResource resource,
        params ReadOnlySpan<(string Name, JToken Value)> more
    )
    {
        var request = new JObject
        {
            ["RegionId"] = resource.Region,
            [Is2(resource) ? "Domain" : "Resource"] = resource.Id,
        };
        foreach (var (key, value) in more)
        {
            request[key] = value;
        }
        return new Deed("WAF", name, request, []);
    }

    private (Instance Instance, Protected One) Find(ScenarioResource resource) =>
        _instances
            .Values.Where(instance => instance.Account == resource.Account && instance.Site == resource.Region)
            .Where(instance => instance.Objects.ContainsKey(resource.Id))
            .Select(instance => ((Instance, Protected)?)(instance, instance.Objects[resource.Id]))
            .FirstOrDefault()
        ?? throw new InvalidOperationException($"There is no protected object {resource.Id}.");

    private sealed class Instance(string account, string site, string generation, string tail)
    {
        public string Account => account;
        public string Site => site;
        public bool Is2 => generation is "2.0";
        public string Id { get; } =
            generation is "2.0" ? $"waf_elasticity-cn-{tail}" : $"waf_v3prepaid_public_cn-{tail}";
        public bool HasLogs { get; set; }
        public bool Authorised { get; set; }
        public Phase LogService { get; } = new("");
        public SortedDictionary<string, Protected> Objects { get; } = new(StringComparer.Ordinal);

        /// <summary>Beginning of the project's name and product code of the collection policies.</summary>
        public string Stem => Is2 ? "waf" : "wafng";
        public LogPlace Place => new($"{Stem}-project-{account}-{site}", $"{Stem}-logstore");

        public bool IsOpen(DateTimeOffset now) => LogService.At(now) is "normal";

        public ResourceKey Key(Protected one) => new("waf", account, site, one.Id);

        public PolicySubject Subject(Protected one) =>
            new(account, Stem, "access_log", one.Id, site, new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private sealed class Protected(string id)
    {
        public string Id => id;
        public bool Logs { get; set; }

        /// <summary>An object is called after its domain, with the instance's kind behind it: <c>www.example.com-waf</c>.</summary>
        public string Host => id.EndsWith("-waf", StringComparison.Ordinal) ? id[..^4] : id;

        /// <summary>A row of DescribeDefenseResources.</summary>
        public JObject Json(string owner) =>
            new()
            {
                ["Resource"] = id,
                ["Product"] = "custom",
                ["Pattern"] = "domain",
                ["ResourceStatus"] = "active",
                ["OwnerUserId"] = owner,
                ["Detail"] = new JObject { ["domain"] = Host },
            };
    }
}
