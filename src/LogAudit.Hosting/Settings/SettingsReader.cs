using System.Text.RegularExpressions;

namespace LogAudit.Hosting;

/// <summary>Turns the tree of a settings file into <see cref="Settings"/> and notes every mistake on the way.</summary>
internal sealed partial class SettingsReader(SettingsKnowledge known, List<SettingsError> errors)
{
    private const string SomeAccount = "\"1000000000000001\"";
    private const string AnAccount = "an account id of 1 to 32 digits";
    private const string ARegion = "a region id";
    private const string Policy = "accept \"*\"";

    /// <summary>The settings; null when a required part is missing or wrong.</summary>
    public Settings? Read(YamlMap root)
    {
        var file = Part(
            root,
            "",
            "central",
            "accounts",
            "regions",
            "compliance",
            "collect",
            "mappings",
            "destinations",
            "canary"
        );
        var central = Central(file.Map("central", "central:\n  account: …"), file);
        var accounts = Accounts(file, central?.Account);
        var regions = file.Texts("regions", RegionId.IsValid, ARegion, "cn-hangzhou");
        var compliance = file.OneOf("compliance", ["mlps", "cis", "pci"], required: false);
        var collect = Collect(file);
        var mappings = new MappingReader(known, errors).Read(file);
        var destinations = Destinations(file);
        var canary = new CanarySection(errors).Read(file);
        return central is null
            ? null
            : new Settings
            {
                Central = central,
                Accounts = accounts,
                Regions = [.. regions.Select(region => new RegionId(region))],
                Compliance = compliance switch
                {
                    "cis" => ComplianceProfile.Cis,
                    "pci" => ComplianceProfile.Pci,
                    _ => ComplianceProfile.Mlps,
                },
                Collect = collect,
                Mappings = mappings,
                Destinations = destinations,
                Canary = canary,
            };
    }

    private CentralSettings? Central(YamlMap? map, SettingsMap file)
    {
        if (map is null)
        {
            file.Refuse(
                "central",
                file.LineOf("central"),
                "is missing",
                "the central account and region",
                "central: { account: \"1000000000000001\", region: cn-hangzhou }"
            );
            return null;
        }

        var central = Part(map, "central", "account", "region", "project", "trail");
        var account = central.Required("account", AccountId.IsValid, AnAccount, SomeAccount);
        var region = central.Required("region", RegionId.IsValid, ARegion, "cn-hangzhou");
        var project = central.Optional(
            "project",
            text => ProjectName.IsValid(text) && !text.StartsWith("slsaudit-", StringComparison.Ordinal),
            "3 to 63 of a-z, 0-9 and '-', first and last a letter or digit; not a project of the old service (slsaudit-…)",
            $"logaudit-center-{account ?? "1000000000000001"}-{region ?? "cn-hangzhou"}"
        );
        var trail = central.Optional(
            "trail",
            TrailName().IsMatch,
            "6 to 36 of a-z, 0-9, '_' and '-', first a letter",
            "logaudit"
        );
        return account is null || region is null
            ? null
            : new CentralSettings
            {
                Account = new(account),
                Region = new(region),
                Project = new(project ?? $"logaudit-center-{account}-{region}"),
                Trail = trail ?? "logaudit",
            };
    }

    private AccountsSettings Accounts(SettingsMap file, AccountId? central)
    {
        var map = file.Map("accounts", "accounts:\n  mode: directory");
        if (map is null)
        {
            return new AccountsSettings { Mode = AccountsMode.CentralOnly };
        }

        var part = Part(map, "accounts", "mode", "members", "memberRole", "externalId");
        var mode = part.OneOf("mode", ["central", "directory", "list"], required: true);
        var members = part.Texts("members", AccountId.IsValid, AnAccount, SomeAccount);
        if (mode is "list" && members.Count == 0)
        {
            part.Refuse(
                "members",
                part.LineOf("members"),
                "is empty",
                "with mode list, at least one account",
                $"[{SomeAccount}]"
            );
        }
        else if (mode is "central" && members.Count > 0)
        {
            part.Refuse("members", part.LineOf("members"), "is given", "with mode central, no members", "[]");
        }
        else if (central is { } own && members.Contains(own.Value, StringComparer.Ordinal))
        {
            part.Refuse(
                "members",
                part.LineOf("members"),
                "names the central account",
                "accounts other than the central one",
                $"[{SomeAccount}]"
            );
        }

        return new AccountsSettings
        {
            Mode = mode switch
            {
                "directory" => AccountsMode.Directory,
                "list" => AccountsMode.List,
                _ => AccountsMode.CentralOnly,
            },
            Members = [.. members.Select(member => new AccountId(member))],
            MemberRole =
                part.Optional(
                    "memberRole",
                    RoleName().IsMatch,
                    "1 to 64 letters, digits, '.' and '-'",
                    "logaudit-member"
                ) ?? "logaudit-member",
            ExternalId = part.Optional(
                "externalId",
                ExternalId().IsMatch,
                "2 to 1224 letters, digits and _ + = , . @ : / -",
                "logaudit-1000000000000001"
            ),
        };
    }

    private Dictionary<string, string> Collect(SettingsMap file)
    {
        var map = file.Map("collect", "collect:\n  rds_enabled: true");
        var found = Keys(map)
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, known.FindVariable, StringComparer.Ordinal);
        var allAreKnown = !known.ChecksVariables || found.Values.All(variable => variable is not null);
        var part = Part(
            map,
            "collect",
            allAreKnown ? [.. found.Keys] : [.. known.Variables.Select(variable => variable.Name)]
        );
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map?.Entries ?? [])
        {
            var variable = found[entry.Key];
            if (known.ChecksVariables && variable is null)
            {
                continue;
            }

            if (entry.Value is not YamlText { IsNothing: false } text)
            {
                part.Refuse(
                    entry.Key,
                    entry.Line,
                    $"is {SettingsMap.Kind(entry.Value)}",
                    variable?.Allowed ?? "a value",
                    Example(variable)
                );
            }
            else if (variable?.Accepts(text.Text) == false)
            {
                part.Refuse(
                    entry.Key,
                    entry.Line,
                    $"is '{SettingsMap.Short(text.Text)}'",
                    variable.Allowed,
                    Example(variable)
                );
            }
            else if (
                variable?.Type != CollectVariableType.Policy
                || ReadPolicy(part, entry.Key, entry.Line, text.Text) is not null
            )
            {
                values[entry.Key] = text.Text;
            }
        }

        return values;
    }

    private static PolicyExpression? ReadPolicy(SettingsMap part, string key, int line, string script)
    {
        var policy = PolicyExpression.Parse(script, out var mistakes);
        foreach (var mistake in mistakes)
        {
            part.Refuse(
                key,
                line,
                $"has a mistake in its {mistake}",
                "rules of the policy language, one a line",
                Policy
            );
        }

        return policy;
    }

    private List<DestinationSettings> Destinations(SettingsMap file)
    {
        var destinations = new List<DestinationSettings>();
        foreach (var (map, path) in file.Maps("destinations", "- name: soc"))
        {
            var part = Part(map, path, "name", "sink", "format", "products", "filter", "mask", "lossy", "options");
            var name = part.Required("name", DestinationName().IsMatch, "1 to 24 of a-z, 0-9 and '-'", "soc");
            var sink = part.OneOf("sink", known.Sinks, required: true);
            var format = part.OneOf("format", known.Formats, required: true);
            var products = part.Texts(
                "products",
                text => known.Products.Count == 0 || known.Products.Contains(text, StringComparer.Ordinal),
                known.Products.Count == 0 ? "a product code" : string.Join(", ", known.Products),
                "rds"
            );
            if (destinations.Exists(other => string.Equals(other.Name, name, StringComparison.Ordinal)))
            {
                part.Refuse(
                    "name",
                    part.LineOf("name"),
                    $"is '{name}', the name of an earlier destination",
                    "a name of its own: it keeps the position of the forwarding",
                    "soc-2"
                );
            }

            destinations.Add(
                new DestinationSettings
                {
                    Name = name ?? "",
                    Sink = sink ?? "",
                    Format = format ?? "",
                    Products = products,
                    Lossy = part.OneOf("lossy", ["true", "false"], required: false) is "true",
                    Filter = Filter(part),
                    Mask = Masks(part),
                    Options = Options(part, path),
                    Line = part.Line,
                }
            );
        }

        return destinations;
    }

    private static PolicyExpression Filter(SettingsMap destination)
    {
        var script = destination.Optional("filter", _ => true, "rules of the policy language", Policy) ?? "";
        return ReadPolicy(destination, "filter", destination.LineOf("filter"), script) ?? PolicyExpression.Everything;
    }

    private Dictionary<string, string> Options(SettingsMap destination, string path)
    {
        var map = destination.Map("options", "options:\n  address: tls://soc.example.com:6514");
        var part = Part(map, $"{path}.options", Keys(map));
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map?.Entries ?? [])
        {
            if (entry.Value is not YamlText text)
            {
                part.Refuse(
                    entry.Key,
                    entry.Line,
                    $"is {SettingsMap.Kind(entry.Value)}",
                    "a single value",
                    $"{entry.Key}: value"
                );
            }
            else if (IsSecret(entry.Key) && text.Text.Length > 0 && !SecretReference().IsMatch(text.Text))
            {
                // The value is not repeated: it may be the secret itself.
                part.Refuse(
                    entry.Key,
                    entry.Line,
                    "holds the secret itself",
                    "env:NAME, file:PATH or kms:NAME, naming where the secret is",
                    "env:SOC_TOKEN"
                );
            }
            else
            {
                options[entry.Key] = text.Text;
            }
        }

        return options;
    }

    private SettingsMap Part(YamlMap? map, string path, params string[] keys)
    {
        var part = new SettingsMap(map, path, keys, errors);
        part.CheckKeys();
        return part;
    }

    private static string[] Keys(YamlMap? map) => [.. (map?.Entries ?? []).Select(entry => entry.Key)];

    private static string Example(CollectVariable? variable) =>
        variable?.Type switch
        {
            CollectVariableType.Policy => Policy,
            null => "true",
            _ => variable.Default.Length > 0 ? variable.Default : variable.Only ?? "true",
        };

    private static bool IsSecret(string key) => SecretKey().IsMatch(key);

    [GeneratedRegex("^[a-z][a-z0-9_-]{5,35}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TrailName();

    [GeneratedRegex("^[A-Za-z0-9.-]{1,64}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RoleName();

    [GeneratedRegex(
        "^[A-Za-z0-9_+=,.@:/-]{2,1224}\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ExternalId();

    [GeneratedRegex("^[a-z0-9-]{1,24}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DestinationName();

    [GeneratedRegex(
        "^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|kms:[A-Za-z0-9_/+=.@-]{1,64})\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SecretReference();

    [GeneratedRegex(
        "secret|token|password|authorization|private-key|api-key|access-key",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex SecretKey();
}
