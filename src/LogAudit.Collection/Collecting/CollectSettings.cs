using System.Globalization;

namespace LogAudit.Collection;

/// <summary>A log kind that the settings ask for.</summary>
/// <param name="Kind">The log kind.</param>
/// <param name="CentralDays">Days kept centrally.</param>
/// <param name="RegionalDays">Days kept in the region from where the logs are carried on.</param>
/// <param name="Policy">Which resources are collected.</param>
public sealed record CollectKind(LogKind Kind, int CentralDays, int RegionalDays, PolicyExpression Policy)
{
    /// <summary>Whether the central records are copied to <see cref="LogKind.CopyLogstore"/> too.</summary>
    public bool Copied { get; init; }

    /// <summary>Days that the product must keep in its own Logstore; null where they are left as they are.</summary>
    public int? OwnDays { get; init; }
}

/// <summary>What the settings ask to collect, with every default filled in.</summary>
public sealed class CollectSettings
{
    private CollectSettings(IReadOnlyList<CollectKind> kinds) => Kinds = kinds;

    /// <summary>The log kinds that are switched on, in catalogue order.</summary>
    public IReadOnlyList<CollectKind> Kinds { get; }

    /// <summary>The log kinds whose Logstores stand when the functions are deployed, so that triggers can point at them; metrics are not forwarded.</summary>
    public IEnumerable<CollectKind> Triggered =>
        Kinds.Where(kind => !kind.Kind.WaitsForPerson && !kind.Kind.Metricstore);

    /// <summary>The log kinds of one product that are switched on.</summary>
    public IReadOnlyList<CollectKind> Of(string product) =>
        [.. Kinds.Where(kind => string.Equals(kind.Kind.Product, product, StringComparison.Ordinal))];

    /// <summary>Days that a compliance profile asks for at least.</summary>
    public static int DaysOf(ComplianceProfile profile) => profile == ComplianceProfile.Mlps ? 184 : 365;

    /// <summary>Reads the variables under <c>collect:</c>.</summary>
    /// <exception cref="SettingsException">At least one is unknown, malformed or contradicts the compliance profile; carries every mistake.</exception>
    public static CollectSettings Resolve(Settings settings, IReadOnlyCollection<ProductSpec> products)
    {
        var errors = Mistakes(settings, products).ToList();
        var kinds = new List<CollectKind>();
        foreach (var kind in products.SelectMany(product => product.LogKinds))
        {
            var policy = PolicyExpression.Parse(Value(settings, kind.PolicyVariable) ?? "", out var problems);
            errors.AddRange(problems.Select(problem => Mistake(kind.PolicyVariable, problem)));
            if (policy is not null && Value(settings, kind.EnabledVariable) is "true")
            {
                kinds.Add(
                    new(
                        AsAsked(kind, settings),
                        Days(settings, kind.TtlVariable) ?? DefaultDays(settings, products, kind),
                        Days(settings, kind.RegionalTtlVariable) ?? kind.RegionalTtlDays,
                        policy
                    )
                    {
                        Copied = IsCopied(kind, settings),
                        OwnDays = Days(settings, kind.OwnTtlVariable),
                    }
                );
            }
        }

        return errors.Count == 0
            ? new CollectSettings(kinds)
            : throw new SettingsException("collect", [.. errors.Distinct()]);
    }

    /// <summary>The kind as the settings ask for it: with the codes that they give, and landing in the central project too where its records are copied from there.</summary>
    public static LogKind AsAsked(LogKind kind, Settings settings)
    {
        var coded = WithProjects(
            WithCodes(kind, Value(settings, kind.PolicyCodesVariable)),
            Value(settings, kind.LandsInVariable)
        );
        return IsCopied(kind, settings)
            ? coded with
            {
                LandsIn = [.. coded.LandsIn, settings.Central.Project.Value],
            }
            : coded;
    }

    private static bool IsCopied(LogKind kind, Settings settings) =>
        settings.Accounts.Mode != AccountsMode.List && Value(settings, kind.CopyVariable) is "true";

    private static LogKind WithProjects(LogKind kind, string? given) =>
        given is { Length: > 0 } ? kind with { LandsIn = [.. kind.LandsIn, .. given.Split(',')] } : kind;

    /// <summary>The kind with the codes that the settings give; where nobody knows them, it is not collected by policy.</summary>
    private static LogKind WithCodes(LogKind kind, string? given) =>
        given?.Split('/') is [var product, var data]
            ? kind with
            {
                Policy = (kind.Policy ?? new PolicyCodes("", "", false)) with
                {
                    ProductCode = product,
                    DataCode = data,
                    Assumed = false,
                },
            }
        : kind.Policy is null ? kind with { Route = kind.Route & ~Routes.Policy }
        : kind;

    private static IEnumerable<SettingsError> Mistakes(Settings settings, IReadOnlyCollection<ProductSpec> products)
    {
        var variables = products
            .SelectMany(product => product.Variables)
            .GroupBy(variable => variable.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var known = products
            .SelectMany(product => product.LogKinds)
            .SelectMany(Variables)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in settings.Collect)
        {
            var variable = variables.GetValueOrDefault(key);
            if (variable is null && !known.Contains(key))
            {
                yield return new(
                    $"collect.{key}",
                    0,
                    "no product has such a variable",
                    string.Join(
                        ", ",
                        known.Concat(variables.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    ),
                    $"{known.Order(StringComparer.Ordinal).FirstOrDefault()}: true"
                );
            }
            else if (variable is not null && !variable.Accepts(value))
            {
                yield return new(
                    $"collect.{key}",
                    0,
                    $"'{value}' does not fit",
                    variable.Allowed,
                    $"{key}: {variable.Default}"
                );
            }
        }

        foreach (
            var ttl in products
                .SelectMany(product => product.LogKinds)
                .Select(kind => kind.TtlVariable)
                .Distinct(StringComparer.Ordinal)
        )
        {
            if (Days(settings, ttl) is { } days && days < DaysOf(settings.Compliance))
            {
                yield return new(
                    $"collect.{ttl}",
                    0,
                    $"{days} days are fewer than the compliance profile {settings.Compliance} asks for",
                    string.Create(CultureInfo.InvariantCulture, $"{DaysOf(settings.Compliance)} to 3650 (days)"),
                    string.Create(CultureInfo.InvariantCulture, $"{ttl}: {DaysOf(settings.Compliance)}")
                );
            }
        }
    }

    private static IEnumerable<string> Variables(LogKind kind) =>
        new[]
        {
            kind.EnabledVariable,
            kind.TtlVariable,
            kind.RegionalTtlVariable,
            kind.OwnTtlVariable,
            kind.PolicyVariable,
            kind.PolicyCodesVariable,
            kind.LandsInVariable,
            kind.CopyVariable,
        }.Where(name => name.Length > 0);

    private static SettingsError Mistake(string variable, PolicyError problem) =>
        new(
            $"collect.{variable}",
            0,
            problem.ToString(),
            "rules of the policy language, one a line",
            "keep region == \"cn-*\""
        );

    private static int DefaultDays(Settings settings, IReadOnlyCollection<ProductSpec> products, LogKind kind) =>
        Math.Max(
            DaysOf(settings.Compliance),
            products
                .SelectMany(product => product.Variables)
                .Where(variable => string.Equals(variable.Name, kind.TtlVariable, StringComparison.Ordinal))
                .Select(variable => Whole(variable.Default))
                .FirstOrDefault()
                ?? 0
        );

    private static int? Days(Settings settings, string variable) => Whole(Value(settings, variable));

    private static int? Whole(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null;

    private static string? Value(Settings settings, string variable) =>
        variable.Length == 0 ? null : settings.Collect.GetValueOrDefault(variable);
}
