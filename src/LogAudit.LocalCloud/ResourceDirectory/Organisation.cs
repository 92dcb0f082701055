using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.ResourceDirectory;

/// <summary>A folder of the directory; the root folder has no parent.</summary>
internal sealed record DirectoryFolder(string Id, string Name, string ParentId, DateTimeOffset CreatedAt);

/// <summary>A member account: where it sits and how it came.</summary>
internal sealed record DirectoryMember(Account Account, string FolderId, DateTimeOffset JoinedAt)
{
    /// <summary><c>CreateSuccess</c>, <c>InviteSuccess</c>, <c>PromoteSuccess</c>, <c>PromoteVerifying</c>, …</summary>
    public string Status { get; init; } = "CreateSuccess";

    /// <summary><c>ResourceAccount</c> or <c>CloudAccount</c>.</summary>
    public string Type { get; init; } = "ResourceAccount";

    /// <summary><c>created</c> or <c>invited</c>.</summary>
    public string JoinMethod { get; init; } = "created";

    /// <summary>Empty, <c>Checking</c>, <c>Deleting</c>, …</summary>
    public string DeletionStatus { get; init; } = "";
}

/// <summary>An account that may act for the directory in one trusted service.</summary>
internal sealed record DelegatedAdministrator(string AccountId, string ServicePrincipal, DateTimeOffset Since);

/// <summary>The resource directory: one management account, folders, members. Change it inside <see cref="Cloud.Gate"/>.</summary>
internal sealed class Organisation : IOrganisation
{
    private readonly Cloud _cloud;

    private Organisation(Cloud cloud, Account management)
    {
        _cloud = cloud;
        Management = management;
        CreatedAt = cloud.Clock.GetUtcNow();
        Id = "rd-" + cloud.NextHex(6);
        Root = new("r-" + cloud.NextHex(6), "Root", "", CreatedAt);
        Folders.Add(Root);
    }

    public string Id { get; }
    public Account Management { get; }
    public DirectoryFolder Root { get; }
    public DateTimeOffset CreatedAt { get; }
    public List<DirectoryFolder> Folders { get; } = [];
    public List<DirectoryMember> Members { get; } = [];
    public List<DelegatedAdministrator> Delegated { get; } = [];

    /// <summary>Services with trusted access, and since when.</summary>
    public Dictionary<string, DateTimeOffset> TrustedServices { get; } = new(StringComparer.Ordinal);

    /// <summary>Opens the directory of a management account. A cloud has at most one.</summary>
    public static Organisation Create(Cloud cloud, Account management)
    {
        var organisation = new Organisation(cloud, management);
        cloud.Services.Add(organisation);
        cloud.Services.Add<IOrganisation>(organisation);
        return organisation;
    }

    public DirectoryFolder AddFolder(string name, DirectoryFolder? parent = null)
    {
        var folder = new DirectoryFolder(
            "fd-" + _cloud.NextHex(10),
            name,
            (parent ?? Root).Id,
            _cloud.Clock.GetUtcNow()
        );
        Folders.Add(folder);
        return folder;
    }

    /// <summary>
    /// Adds a member. As in the real directory it gets the role <c>ResourceDirectoryAccountAccessRole</c>, which trusts the
    /// management account and holds administrator rights.
    /// </summary>
    public DirectoryMember AddMember(Account account, DirectoryFolder? folder = null, bool invited = false)
    {
        var member = new DirectoryMember(account, (folder ?? Root).Id, _cloud.Clock.GetUtcNow())
        {
            Status = invited ? "InviteSuccess" : "CreateSuccess",
            Type = invited ? "CloudAccount" : "ResourceAccount",
            JoinMethod = invited ? "invited" : "created",
        };
        Members.Add(member);
        var role = account.AddRole("ResourceDirectoryAccountAccessRole", TrustPolicies.Ram(Management.RootArn));
        role.Attached.Add(PolicyAttachment.System("AdministratorAccess"));
        return member;
    }

    public void RemoveMember(string accountId) => Members.RemoveAll(member => member.Account.Id == accountId);

    public DirectoryMember? FindMember(string accountId) => Members.Find(member => member.Account.Id == accountId);

    /// <summary>Whether an account may read the directory: the management account or a delegated administrator.</summary>
    public bool MayRead(string accountId) =>
        Management.Id == accountId || Delegated.Exists(delegated => delegated.AccountId == accountId);

    /// <inheritdoc/>
    public bool MayManage(string accountId, string trustedService)
    {
        lock (_cloud.Gate)
        {
            return Management.Id == accountId
                || Delegated.Exists(one => one.AccountId == accountId && one.ServicePrincipal == trustedService);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> AccountsAround(string accountId)
    {
        lock (_cloud.Gate)
        {
            return Management.Id == accountId || FindMember(accountId) is not null
                ? [Management.Id, .. Members.Select(member => member.Account.Id)]
                : [];
        }
    }

    /// <summary>Path of folder ids from the directory down to a member, as <c>ResourceDirectoryPath</c> has it.</summary>
    public string PathOf(DirectoryMember member)
    {
        var path = member.Account.Id;
        for (var folder = FolderById(member.FolderId); folder is not null; folder = FolderById(folder.ParentId))
        {
            path = $"{folder.Id}/{path}";
        }
        return $"{Id}/{path}";
    }

    public DirectoryFolder? FolderById(string id) => Folders.Find(folder => folder.Id == id);
}
