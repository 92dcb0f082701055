namespace LogAudit.LocalCloud.Kernel;

/// <summary>An instance of a product whose logs a collection policy may ask for.</summary>
/// <param name="AccountId">Owner of the instance.</param>
/// <param name="ProductCode">Product code of the policies, such as <c>rds</c>.</param>
/// <param name="DataCode">Kind of log, such as <c>audit_log</c>.</param>
/// <param name="InstanceId">Id of the instance.</param>
/// <param name="Region">Region of the instance.</param>
/// <param name="Tags">Tags of the instance.</param>
internal sealed record PolicySubject(
    string AccountId,
    string ProductCode,
    string DataCode,
    string InstanceId,
    string Region,
    IReadOnlyDictionary<string, string> Tags
);

/// <summary>A Logstore that a policy carries logs to, besides the default one of the region.</summary>
internal sealed record CentralTarget(
    string AccountId,
    string Region,
    string Project,
    string Logstore,
    string PolicyName
);

/// <summary>What the collection policies together say of one instance.</summary>
/// <param name="Collected">Whether at least one enabled policy hits it.</param>
/// <param name="Project">Default project in the instance's own account, in <see cref="Region"/>.</param>
/// <param name="Logstore">Default Logstore in it.</param>
/// <param name="Central">Where its logs are carried on to.</param>
internal sealed record PolicyVerdict(
    bool Collected,
    string Project,
    string Logstore,
    IReadOnlyList<CentralTarget> Central
)
{
    /// <summary>Region of the default project: the instance's own, or that of the policy for a log without a region.</summary>
    public string Region { get; init; } = "";
}

/// <summary>
/// What the collection policies of SLS decide and move. Offered by SLS; products ask it before they write a log whose
/// way is a policy.
/// </summary>
internal interface ICollectionPolicies
{
    /// <summary>What the policies in effect now say of an instance.</summary>
    PolicyVerdict Decide(PolicySubject subject);

    /// <summary>
    /// Writes logs of an instance where its policies want them: to the default Logstore of its region (made on first use),
    /// from where SLS carries them on. False when no policy hits the instance: then nothing is written.
    /// </summary>
    bool Deliver(
        PolicySubject subject,
        string topic,
        string source,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        IReadOnlyList<LogItem> items
    );
}

/// <summary>What SLS asks of the products: region and tags of an instance, for policies that choose by attribute.</summary>
internal interface IInstanceAttributes
{
    /// <summary>The instance, null when this product has none of that id.</summary>
    PolicySubject? Find(string accountId, string productCode, string dataCode, string instanceId);
}

/// <summary>What SLS asks of the resource directory.</summary>
internal interface IOrganisation
{
    /// <summary>Whether an account may act for the whole directory in a trusted service: as management account or delegated administrator.</summary>
    bool MayManage(string accountId, string trustedService);

    /// <summary>Accounts of the directory that an account belongs to, itself included; empty without a directory.</summary>
    IReadOnlyCollection<string> AccountsAround(string accountId);
}
