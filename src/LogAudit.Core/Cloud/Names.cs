using System.Text.RegularExpressions;

namespace LogAudit;

/// <summary>Id of an Alibaba Cloud account (uid).</summary>
/// <remarks>Digits only, at most 32; 16 in practice.</remarks>
public readonly record struct AccountId
{
    /// <summary>Takes a uid.</summary>
    /// <exception cref="FormatException"><paramref name="value"/> is not 1–32 digits.</exception>
    public AccountId(string value) =>
        Value = IsValid(value)
            ? value
            : throw new FormatException(
                $"'{value}' is not an account id: 1 to 32 digits are, for example 1000000000000001."
            );

    /// <summary>The digits.</summary>
    public string Value => field ?? "";

    /// <summary>Whether a text is an account id.</summary>
    public static bool IsValid(string? text) => text is { Length: > 0 and <= 32 } && text.All(char.IsAsciiDigit);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Id of a region, for example <c>cn-hangzhou</c>.</summary>
public readonly partial record struct RegionId
{
    /// <summary>Takes a region id.</summary>
    /// <exception cref="FormatException"><paramref name="value"/> is not a region id.</exception>
    public RegionId(string value) =>
        Value = IsValid(value)
            ? value
            : throw new FormatException(
                $"'{value}' is not a region id: lower-case letters, digits and dashes are, for example cn-hangzhou."
            );

    /// <summary>The id.</summary>
    public string Value => field ?? "";

    /// <summary>Whether one site of a product without regions serves both: the mainland site every <c>cn-*</c>, cn-hongkong included, the other one the rest.</summary>
    /// <remarks>Source: endpoint table of Security Center (Sas 2018-12-03).</remarks>
    public bool IsOfSameSite(RegionId other) => IsMainlandSite(this) == IsMainlandSite(other);

    /// <summary>Whether a text can be a region id.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsMainlandSite(RegionId region) => region.Value.StartsWith("cn-", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z][a-z0-9-]{1,31}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}

/// <summary>Name of a project of Simple Log Service (SLS).</summary>
/// <remarks>3–63 of <c>[a-z0-9-]</c>, begins and ends with a letter or digit. Source: SLS CreateProject.</remarks>
public readonly partial record struct ProjectName
{
    /// <summary>Takes a project name.</summary>
    /// <exception cref="FormatException"><paramref name="value"/> is not a project name.</exception>
    public ProjectName(string value) =>
        Value = IsValid(value)
            ? value
            : throw new FormatException(
                $"'{value}' is not a project name: 3 to 63 lower-case letters, digits and dashes are, beginning and ending with a letter or digit."
            );

    /// <summary>The name.</summary>
    public string Value => field ?? "";

    /// <summary>Whether a text is a project name.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(
        "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}

/// <summary>Name of a Logstore or Metricstore of SLS.</summary>
/// <remarks>3–63 of <c>[a-z0-9_-]</c>, begins and ends with a letter or digit. Source: SLS CreateLogStore.</remarks>
public readonly partial record struct LogstoreName
{
    /// <summary>Takes a Logstore name.</summary>
    /// <exception cref="FormatException"><paramref name="value"/> is not a Logstore name.</exception>
    public LogstoreName(string value) =>
        Value = IsValid(value)
            ? value
            : throw new FormatException(
                $"'{value}' is not a Logstore name: 3 to 63 lower-case letters, digits, underscores and dashes are, beginning and ending with a letter or digit."
            );

    /// <summary>The name.</summary>
    public string Value => field ?? "";

    /// <summary>Whether a text is a Logstore name.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(
        "^[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]\\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}

/// <summary>Where logs land: one Logstore of one project of one account.</summary>
/// <param name="Account">Owner of the project.</param>
/// <param name="Region">Region of the project.</param>
/// <param name="Project">The project.</param>
/// <param name="Logstore">The Logstore.</param>
public readonly record struct LogTarget(AccountId Account, RegionId Region, ProjectName Project, LogstoreName Logstore)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}/{Logstore}";
}
