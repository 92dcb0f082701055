namespace LogAudit.LocalCloud.Scenario;

/// <summary>An organisation to play: who is in it, what it owns, what goes wrong and what changes while it runs.</summary>
/// <remarks>The written form is YAML, described by the embedded <c>scenario.schema.json</c>.</remarks>
public sealed record ScenarioScript
{
    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Fixes every random choice.</summary>
    public required int Seed { get; init; }

    /// <summary>The documented delays are divided by this; 1 is the cloud's own pace.</summary>
    public required double DelayScale { get; init; }

    /// <summary>Log lines a second over all resources that collect.</summary>
    public required double LogsPerSecond { get; init; }

    /// <summary>Account where the logs are to gather.</summary>
    public required string CentralAccount { get; init; }

    /// <summary>Region where the logs are to gather.</summary>
    public required string CentralRegion { get; init; }

    /// <summary>Project where the logs are to gather; <c>logaudit-center-{uid}-{region}</c> unless the file says otherwise.</summary>
    public required string CentralProject { get; init; }

    /// <summary>Whether the central side stood before, from an earlier, partial roll-out: its project, Logstores, and what carries the logs there.</summary>
    public bool EarlierRollout { get; init; }

    /// <summary>The resource directory; null when the accounts are on their own.</summary>
    public ScenarioDirectory? Directory { get; init; }

    /// <summary>The accounts.</summary>
    public required IReadOnlyList<ScenarioAccount> Accounts { get; init; }

    /// <summary>What they own when the play begins.</summary>
    public required IReadOnlyList<ScenarioResource> Resources { get; init; }

    /// <summary>What goes wrong.</summary>
    public required IReadOnlyList<ScenarioFault> Faults { get; init; }

    /// <summary>Delays of the cloud that are given another length.</summary>
    public IReadOnlyList<ScenarioDelay> Delays { get; init; } = [];

    /// <summary>What changes, in order of time.</summary>
    public required IReadOnlyList<ScenarioChange> Timeline { get; init; }

    /// <summary>Uids of the accounts with a platform trail, from the beginning or made by a person in the play.</summary>
    public IEnumerable<string> PlatformTrails =>
        Resources
            .Concat(Timeline.Where(change => change.Do is "create").Select(change => change.Resource))
            .Where(one => one.Product is "actiontrail" && one.Properties.GetValueOrDefault("platform") is "true")
            .Select(one => one.Account);
}

/// <summary>A resource directory.</summary>
/// <param name="Id">For example <c>rd-demo01</c>.</param>
/// <param name="Management">Uid of the management account.</param>
/// <param name="Delegated">Delegated administrators: uid and service principal.</param>
public sealed record ScenarioDirectory(
    string Id,
    string Management,
    IReadOnlyList<(string Account, string Service)> Delegated
);

/// <summary>An account.</summary>
/// <param name="Uid">Digits.</param>
/// <param name="Name">Short name, by which the rest of the file may call it.</param>
/// <param name="Member">Whether it belongs to the directory.</param>
/// <param name="DeniesAccess">Whether it lets nobody in: its roles for others do not trust them.</param>
/// <param name="FlowLogService">Whether the flow-log service was opened.</param>
/// <param name="Users">Names of RAM users.</param>
/// <param name="Roles">Roles that exist besides those that a deployment makes.</param>
public sealed record ScenarioAccount(
    string Uid,
    string Name,
    bool Member,
    bool DeniesAccess,
    bool FlowLogService,
    IReadOnlyList<string> Users,
    IReadOnlyList<ScenarioRole> Roles
);

/// <summary>A RAM role.</summary>
/// <param name="Name">Role name.</param>
/// <param name="Trusts">Principals: a uid, a role ARN or a service such as <c>log.aliyuncs.com</c>.</param>
/// <param name="Policies">Names of system policies.</param>
public sealed record ScenarioRole(string Name, IReadOnlyList<string> Trusts, IReadOnlyList<string> Policies);

/// <summary>A resource, or several alike.</summary>
public sealed record ScenarioResource
{
    /// <summary>Product code: <c>slb</c>, <c>vpc</c>, <c>rds</c>, <c>oss</c>, <c>actiontrail</c>.</summary>
    public required string Product { get; init; }

    /// <summary>Uid of its account.</summary>
    public required string Account { get; init; }

    /// <summary>Its region.</summary>
    public required string Region { get; init; }

    /// <summary>Resource id.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Properties of the product.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Whether its collection is on when the play begins.</summary>
    public bool Collecting { get; init; }
}

/// <summary>Something that goes wrong by chance.</summary>
/// <param name="Kind">Kind of fault, as LocalCloud's kernel names it.</param>
/// <param name="Product">Product code of the API; null for all.</param>
/// <param name="Action">API action; null for all.</param>
/// <param name="Account">Uid; null for all.</param>
/// <param name="Probability">0–1.</param>
/// <param name="Count">Most times; null for no bound.</param>
public sealed record ScenarioFault(
    string Kind,
    string? Product,
    string? Action,
    string? Account,
    double Probability,
    int? Count
);

/// <summary>A change while the play runs.</summary>
/// <param name="At">Time since the start, not scaled.</param>
/// <param name="Do">What: <c>create</c>, <c>delete</c>, <c>tag</c>, <c>untag</c>, <c>switchOff</c>, <c>switchOn</c> (what only a person can do: the log goes where that person was told), <c>start</c>, <c>stop</c>, <c>releaseInstances</c>.</param>
/// <param name="ByConsole">Whether a person at the console does it, not a program by API: events differ.</param>
/// <param name="Resource">What it is done to; for <c>create</c> what it shall be.</param>
public sealed record ScenarioChange(TimeSpan At, string Do, bool ByConsole, ScenarioResource Resource)
{
    /// <summary>Whether it is a step that only a person can do, because no call switches the log on.</summary>
    public bool IsByHand =>
        Do is "switchOn" || (Do is "create" && Resource.Properties.GetValueOrDefault("platform") is "true");
}

/// <summary>Another length for a named delay of the cloud (<c>GET /__localcloud/delays</c> lists the names).</summary>
/// <param name="Name">For example <c>trail delivery</c>.</param>
/// <param name="Length">Its length before scaling.</param>
public sealed record ScenarioDelay(string Name, TimeSpan Length);
