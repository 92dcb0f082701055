namespace LogAudit.Collection;

/// <summary>Where everything of LogAudit stands: names of projects and Logstores, and which way the logs of an account go.</summary>
public sealed class Layout(Settings settings)
{
    /// <summary>Logstore for the intents and outcomes of every write.</summary>
    public static LogstoreName Journal { get; } = new("logaudit_journal");

    /// <summary>Logstore for the counts of forwarding.</summary>
    public static LogstoreName Ledger { get; } = new("logaudit_ledger");

    /// <summary>Logstore for records that no destination took.</summary>
    public static LogstoreName DeadLetter { get; } = new("logaudit_dead_letter");

    /// <summary>Logstore for run reports, positions and delayed looks.</summary>
    public static LogstoreName Run { get; } = new("logaudit_run");

    /// <summary>Logstore for the output of the functions and of their log triggers, named in <c>s.yaml</c>.</summary>
    public static LogstoreName FunctionOutput { get; } = new("logaudit_function");

    /// <summary>The central account.</summary>
    public AccountId CentralAccount => settings.Central.Account;

    /// <summary>The central region.</summary>
    public RegionId CentralRegion => settings.Central.Region;

    /// <summary>The central project.</summary>
    public ProjectName CentralProject => settings.Central.Project;

    /// <summary>How accounts are found.</summary>
    public AccountsMode Mode => settings.Accounts.Mode;

    /// <summary>Whether a region is in scope.</summary>
    public bool InScope(RegionId region) => settings.Regions.Count == 0 || settings.Regions.Contains(region);

    /// <summary>Whether a region of a product is in scope; a product of two sites is where any region of the site is.</summary>
    public bool InScope(ProductSpec product, RegionId region) =>
        InScope(region) || (product.BySite && Regions.Any(region.IsOfSameSite));

    /// <summary>Whether an account is in scope, as far as the settings say: in a directory without a selection every account is.</summary>
    public bool InScope(AccountId account) =>
        account == CentralAccount
        || Members.Contains(account)
        || (Mode == AccountsMode.Directory && Members.Count == 0);

    /// <summary>The regions named by the settings; empty means all.</summary>
    public IReadOnlyList<RegionId> Regions => settings.Regions;

    /// <summary>Members named by the settings; in a directory empty means all.</summary>
    public IReadOnlyList<AccountId> Members => settings.Accounts.Members;

    /// <summary>Project in an account and region from which logs are carried to the centre.</summary>
    /// <remarks>It carries the owner's uid, because project names are unique over all accounts.</remarks>
    public static ProjectName RegionalProject(AccountId account, RegionId region) =>
        new($"logaudit-region-{account}-{region}");

    /// <summary>The Logstore of a log kind, with the trail's name filled in.</summary>
    public LogstoreName Logstore(LogKind kind) =>
        new(kind.Logstore.Replace("{trail}", settings.Central.Trail, StringComparison.Ordinal));

    /// <summary>Where the logs of a kind end up.</summary>
    public LogTarget Central(LogKind kind) => new(CentralAccount, CentralRegion, CentralProject, Logstore(kind));

    /// <summary>Where the product or the collection policy must deliver the logs of one account and region first.</summary>
    public LogTarget Delivery(LogKind kind, AccountId account, RegionId region) =>
        kind.Route == Routes.Poll ? Central(kind)
        : kind.RegionalFirst && !kind.Route.HasFlag(Routes.Policy)
            ? new(account, region, RegionalProject(account, region), Logstore(kind))
        : Mode == AccountsMode.List && account != CentralAccount
            ? new(account, CentralRegion, RegionalProject(account, CentralRegion), Logstore(kind))
        : Central(kind);

    /// <summary>Where a job carries what was delivered to a regional target.</summary>
    public LogTarget CarriedTo(LogKind kind) =>
        kind.MakesLogstore ? Central(kind) with { Logstore = new(kind.CopyLogstore) } : Central(kind);

    /// <summary>Whether LogAudit made the project of a target; a product's own is never made, and its Logstore only kept long enough.</summary>
    public static bool IsOurs(LogTarget target) =>
        target.Project.Value.StartsWith("logaudit-", StringComparison.Ordinal);

    /// <summary>Whether the account's own trails and policies serve it; in a directory those of the central account serve everybody.</summary>
    public bool ServesItself(AccountId account) => Mode == AccountsMode.List || account == CentralAccount;

    /// <summary>The account whose collection policies reach the resources of an account.</summary>
    public AccountId PolicyOwner(AccountId account) => ServesItself(account) ? account : CentralAccount;
}
