namespace LogAudit.LocalCloud.Kernel;

/// <summary>An Alibaba Cloud account: its RAM users, roles and custom policies. Change it inside <see cref="Cloud.Gate"/>.</summary>
internal sealed class Account(string id, string name, Cloud cloud)
{
    /// <summary>Account id (uid), 16 digits.</summary>
    public string Id { get; } = id;

    public string Name { get; } = name;

    public string RootArn => $"acs:ram::{Id}:root";

    public Dictionary<string, RamUser> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Role names are matched without regard to case, as an ARN in lower case is accepted.</summary>
    public Dictionary<string, RamRole> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, RamPolicy> Policies { get; } = new(StringComparer.Ordinal);

    /// <summary>A key of the root account.</summary>
    public AccessKey AddRootKey() => cloud.Keys.Issue(this, user: null);

    public RamUser AddUser(string userName, params IEnumerable<string> policyDocuments)
    {
        var user = new RamUser(cloud.NextId(15), userName, this);
        foreach (var document in policyDocuments)
        {
            user.Attached.Add(PolicyAttachment.Inline(document));
        }
        Users.Add(userName, user);
        return user;
    }

    public AccessKey AddKey(RamUser user) => cloud.Keys.Issue(this, user);

    /// <summary>Creates a role that is in force at once; the API's <c>CreateRole</c> waits for its propagation.</summary>
    public RamRole AddRole(string roleName, string trustDocument, params IEnumerable<string> policyDocuments)
    {
        var now = cloud.Clock.GetUtcNow();
        var role = new RamRole(cloud.NextId(15), roleName, this, now, now)
        {
            Trust = PolicyDocument.Parse(trustDocument),
        };
        foreach (var document in policyDocuments)
        {
            role.Attached.Add(PolicyAttachment.Inline(document));
        }
        Roles.Add(roleName, role);
        return role;
    }

    /// <summary>Creates the role of a service that acts in the account; one that is there stays.</summary>
    /// <param name="roleName">Its name, <c>AliyunServiceRoleFor…</c>.</param>
    /// <param name="service">Name of the service, as in the condition key <c>ram:ServiceName</c>.</param>
    public void AddServiceLinkedRole(string roleName, string service)
    {
        var now = cloud.Clock.GetUtcNow();
        Roles.TryAdd(
            roleName,
            new RamRole(cloud.NextId(15), roleName, this, now, now)
            {
                ServiceLinked = true,
                Trust = PolicyDocument.Parse(TrustPolicies.Service(service)),
            }
        );
    }
}

/// <summary>A RAM user.</summary>
internal sealed class RamUser(string id, string name, Account account)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public Account Account { get; } = account;
    public string Arn => $"acs:ram::{Account.Id}:user/{Name}";
    public List<PolicyAttachment> Attached { get; } = [];
}

/// <summary>A RAM role. It can be assumed from <c>EffectiveAt</c> on.</summary>
internal sealed class RamRole(
    string id,
    string name,
    Account account,
    DateTimeOffset createdAt,
    DateTimeOffset effectiveAt
)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public Account Account { get; } = account;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset EffectiveAt { get; } = effectiveAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;
    public string Description { get; set; } = "";

    /// <summary>Longest session, 3600–43200 s.</summary>
    public int MaxSessionSeconds { get; set; } = 3600;

    public required PolicyDocument Trust { get; set; }
    public string Arn => $"acs:ram::{Account.Id}:role/{Name.ToLowerInvariant()}";
    public List<PolicyAttachment> Attached { get; } = [];

    /// <summary>Made for a service by CreateServiceLinkedRole: not to be changed by hand.</summary>
    public bool ServiceLinked { get; init; }
}

/// <summary>A policy attached to a user or role: by type and name, or (by code only) a document of its own.</summary>
internal sealed record PolicyAttachment(string Type, string Name, DateTimeOffset AttachedAt)
{
    /// <summary>When it comes into force.</summary>
    public DateTimeOffset EffectiveAt { get; init; } = AttachedAt;

    /// <summary>The document, where the attachment carries it itself.</summary>
    public PolicyDocument? Own { get; init; }

    public static PolicyAttachment Inline(string document) =>
        new("Inline", "", DateTimeOffset.UnixEpoch) { Own = PolicyDocument.Parse(document) };

    public static PolicyAttachment System(string name) => new("System", name, DateTimeOffset.UnixEpoch);
}

/// <summary>A custom policy with its versions; at most five.</summary>
internal sealed class RamPolicy(string name, DateTimeOffset createdAt)
{
    public string Name { get; } = name;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public DateTimeOffset UpdatedAt { get; set; } = createdAt;
    public string Description { get; set; } = "";
    public List<RamPolicyVersion> Versions { get; } = [];
    public int NextVersion { get; set; } = 1;
    public RamPolicyVersion Default => Versions.First(version => version.IsDefault);
}

/// <summary>One version of a custom policy.</summary>
internal sealed class RamPolicyVersion(string id, PolicyDocument document, DateTimeOffset createdAt)
{
    public string Id { get; } = id;
    public PolicyDocument Document { get; } = document;
    public DateTimeOffset CreatedAt { get; } = createdAt;
    public bool IsDefault { get; set; }
}
