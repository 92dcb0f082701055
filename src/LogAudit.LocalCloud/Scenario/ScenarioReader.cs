using System.Globalization;
using LogAudit.LocalCloud.Products;

namespace LogAudit.LocalCloud.Scenario;

/// <summary>Turns the node tree of a scenario file into a <see cref="ScenarioScript"/> and notes what is wrong.</summary>
internal sealed class ScenarioReader
{
    private readonly Dictionary<string, string> _uids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public ScenarioScript Read(YamlMap root)
    {
        _ = root.Word("version", ["1"]);
        var accounts = root.Maps("accounts").Select(Account).ToList();
        if (accounts.Count == 0)
        {
            root.Wrong("accounts", "needs at least one account.");
        }
        var central = root.Map("central");
        if (central is null)
        {
            root.Wrong("central", "is missing: { account: …, region: … }.");
        }
        var scenario = new ScenarioScript
        {
            Name = root.TextOr("name", "scenario")!,
            Seed = (int)root.Number("seed", 1, 0, int.MaxValue),
            DelayScale = root.Number("delayScale", 1, 0.001, 100_000),
            LogsPerSecond = root.Number("logsPerSecond", 10, 0, 100_000),
            CentralAccount = central is null ? "" : AccountOf(central),
            CentralRegion = central is null ? "" : central.Word("region", Offered.Ids),
            CentralProject = central?.TextOr("project", null) ?? "",
            EarlierRollout = central?.Flag("earlierRollout", fallback: false) ?? false,
            Directory = Directory(root.Map("directory")),
            Accounts = accounts,
            Resources = [.. root.Maps("resources").SelectMany(Resources)],
            Faults = [.. root.Maps("faults").Select(Fault)],
            Delays = [.. root.Maps("delays").Select(Delay)],
            Timeline = [.. root.Maps("timeline").Select(Change).OrderBy(c => c.At)],
        };
        central?.Close();
        root.Close();
        return scenario.CentralProject.Length > 0
            ? scenario
            : scenario with
            {
                CentralProject = $"logaudit-center-{scenario.CentralAccount}-{scenario.CentralRegion}",
            };
    }

    private static ScenarioDelay Delay(YamlMap map)
    {
        var delay = new ScenarioDelay(map.Text("name"), map.Time("length"));
        map.Close();
        return delay;
    }

    private ScenarioAccount Account(YamlMap map)
    {
        var uid = map.Text("uid");
        if (uid.Length > 0 && (uid.Length > 32 || !uid.All(char.IsAsciiDigit)))
        {
            map.Wrong("uid", $"is '{uid}'; 1 to 32 digits in quotes are allowed, for example \"1000000000000001\".");
        }
        var account = new ScenarioAccount(
            uid,
            map.TextOr("name", uid)!,
            map.Flag("member", fallback: true),
            map.Flag("deniesAccess", fallback: false),
            map.Flag("flowLogService", fallback: true),
            map.Texts("users"),
            [.. map.Maps("roles").Select(Role)]
        );
        if (
            !_uids.TryAdd(account.Uid, account.Uid)
            | (
                !string.Equals(account.Name, account.Uid, StringComparison.Ordinal)
                && !_uids.TryAdd(account.Name, account.Uid)
            )
        )
        {
            map.Wrong("uid", $"or name repeats that of another account: '{account.Uid}', '{account.Name}'.");
        }
        map.Close();
        return account;
    }

    private static ScenarioRole Role(YamlMap map)
    {
        var role = new ScenarioRole(map.Text("name"), map.Texts("trusts"), map.Texts("policies"));
        map.Close();
        return role;
    }

    private ScenarioDirectory? Directory(YamlMap? map)
    {
        if (map is null)
        {
            return null;
        }
        var directory = new ScenarioDirectory(
            map.TextOr("id", "rd-local1")!,
            AccountOf(map, "management"),
            [
                .. map.Maps("delegated")
                    .Select(entry =>
                    {
                        var pair = (AccountOf(entry), entry.Text("service"));
                        entry.Close();
                        return pair;
                    }),
            ]
        );
        map.Close();
        return directory;
    }

    private IEnumerable<ScenarioResource> Resources(YamlMap map)
    {
        var count = (int)map.Number("count", 1, 1, 1000);
        var collecting = map.Flag("collecting", fallback: false);
        var resource = Resource(map) with { Collecting = collecting };
        map.Close();
        for (var i = 1; i <= count; i++)
        {
            var tail = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{i}");
            var one = resource with { Id = resource.Id + tail, Name = resource.Name + tail };
            if (one.Id.Length > 0 && !_ids.Add($"{one.Product}/{one.Id}"))
            {
                map.Wrong("id", $"'{one.Id}' is that of another {one.Product} resource: give it another name or id.");
            }
            yield return one;
        }
    }

    private ScenarioChange Change(YamlMap map)
    {
        var verb = map.Word("do", ScenarioWords.Verbs);
        var change = new ScenarioChange(
            map.Time("at"),
            verb,
            map.Word("by", ["api", "console"], "api") is "console",
            Resource(map)
        );
        map.Close();
        var key = $"{change.Resource.Product}/{change.Resource.Id}";
        if (verb is "create" ? !_ids.Add(key) : !_ids.Contains(key))
        {
            map.Wrong(
                "name",
                verb is "create"
                    ? $"'{change.Resource.Id}' exists already."
                    : $"'{change.Resource.Id}' is no {change.Resource.Product} resource of this file: create it under resources or earlier in the timeline."
            );
        }
        return change;
    }

    private ScenarioResource Resource(YamlMap map)
    {
        var product = map.Word("product", [.. ScenarioWords.Products.Keys]);
        var words = ScenarioWords.Products.GetValueOrDefault(product);
        var name = map.TextOr("name", null);
        var id = map.TextOr("id", name is null ? null : (words?.IdHead ?? "") + name);
        if (id is null)
        {
            map.Wrong("name", "is missing; the id is made of it.");
        }
        return new ScenarioResource
        {
            Product = product,
            Account = AccountOf(map),
            Region = map.Word("region", Offered.Ids),
            Id = id ?? "",
            Name = name ?? id ?? "",
            Tags = map.Map("tags")?.AllTexts() ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Properties = Properties(map.Map("properties"), product, words),
        };
    }

    private static IReadOnlyDictionary<string, string> Properties(YamlMap? map, string product, ProductWords? words)
    {
        var all = map?.AllTexts() ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in all)
        {
            if (words is null)
            {
                continue;
            }
            if (!words.Properties.TryGetValue(key, out var allowed))
            {
                map!.Wrong(key, $"is no property of {product}; allowed: {string.Join(", ", words.Properties.Keys)}.");
            }
            else if (allowed.Length > 0 && !allowed.Contains(value, StringComparer.Ordinal))
            {
                map!.Wrong(key, $"is '{value}'; allowed: {string.Join(", ", allowed)}.");
            }
            else if (key.EndsWith("After", StringComparison.Ordinal) && YamlMap.ParseTime(value) is null)
            {
                map!.Wrong(key, $"is '{value}'; a time such as 5s, 1m30s or 200ms is allowed.");
            }
        }
        return all;
    }

    private ScenarioFault Fault(YamlMap map)
    {
        var count = map.Number("count", 0, 1, 1_000_000);
        var account = map.TextOr("account", null) is null ? null : AccountOf(map);
        var fault = new ScenarioFault(
            map.Word("kind", ScenarioWords.Faults),
            map.TextOr("product", null),
            map.TextOr("action", null),
            account,
            map.Number("probability", 1, 0, 1),
            count == 0 ? null : (int)count
        );
        map.Close();
        return fault;
    }

    private string AccountOf(YamlMap map, string key = "account")
    {
        var name = map.Text(key);
        if (name.Length == 0 || _uids.TryGetValue(name, out var uid))
        {
            return name.Length == 0 ? "" : _uids[name];
        }
        map.Wrong(key, $"is '{name}', which is no uid or name under accounts.");
        return name;
    }
}
