using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.ResourceDirectory;

/// <summary>ResourceDirectoryMaster 2022-04-19, the reading side and delegated administrators.</summary>
internal sealed class DirectoryService : IPart
{
    private const string Product = "ResourceDirectoryMaster";
    private const string Version = "2022-04-19";

    public void Register(Cloud cloud)
    {
        cloud.Api.Hosts(Product, "resourcedirectory.aliyuncs.com", "resourcedirectory-intl.aliyuncs.com");
        Add(cloud, "GetResourceDirectory", [], isWrite: false, GetDirectory);
        Add(
            cloud,
            "ListAccounts",
            [
                P.Integer("PageNumber"),
                P.Integer("PageSize"),
                P.Integer("MaxResults"),
                P.Text("NextToken"),
                P.Boolean("IncludeTags"),
                P.Text("QueryKeyword"),
                P.Array("Tag"),
            ],
            isWrite: false,
            ListAccounts
        );
        Add(cloud, "GetAccount", [P.RequiredText("AccountId"), P.Boolean("IncludeTags")], isWrite: false, GetAccount);
        Add(
            cloud,
            "ListAccountsForParent",
            [P.Text("ParentFolderId"), .. Paging, P.Boolean("IncludeTags")],
            isWrite: false,
            ListAccountsForParent
        );
        Add(cloud, "ListFoldersForParent", [P.Text("ParentFolderId"), .. Paging], isWrite: false, ListFoldersForParent);
        Add(
            cloud,
            "ListDelegatedAdministrators",
            [P.Long("PageNumber"), P.Long("PageSize"), P.Text("ServicePrincipal")],
            isWrite: false,
            ListDelegated
        );
        Add(
            cloud,
            "ListDelegatedServicesForAccount",
            [P.RequiredText("AccountId"), P.Integer("MaxResults"), P.Text("NextToken")],
            isWrite: false,
            ListDelegatedServices
        );
        Add(
            cloud,
            "RegisterDelegatedAdministrator",
            [P.RequiredText("AccountId"), P.RequiredText("ServicePrincipal")],
            isWrite: true,
            RegisterDelegated
        );
        Add(
            cloud,
            "DeregisterDelegatedAdministrator",
            [P.RequiredText("AccountId"), P.RequiredText("ServicePrincipal")],
            isWrite: true,
            DeregisterDelegated
        );
        Add(
            cloud,
            "ListTrustedServiceStatus",
            [P.Text("AdminAccountId"), P.Integer("PageNumber"), P.Integer("PageSize")],
            isWrite: false,
            ListTrusted
        );
    }

    private static IReadOnlyList<ApiParameter> Paging =>
        [P.Integer("PageNumber"), P.Integer("PageSize"), P.Text("QueryKeyword"), P.Array("Tag")];

    private static void Add(
        Cloud cloud,
        string action,
        IReadOnlyList<ApiParameter> parameters,
        bool isWrite,
        Func<ApiCall, JObject> run
    ) =>
        cloud.Api.Rpc(
            Product,
            Version,
            action,
            parameters,
            new RamRule($"resourcemanager:{action}", call => $"acs:resourcemanager:*:{call.AccountId}:*"),
            isWrite,
            run
        );

    private static Organisation? Of(ApiCall call) =>
        call.Cloud.Services.Find<Organisation>() is { } organisation
        && (organisation.Management.Id == call.AccountId || organisation.FindMember(call.AccountId) is not null)
            ? organisation
            : null;

    /// <summary>The directory for a reader of it. Code for other members: assumed, the documents do not print it.</summary>
    private static Organisation Readable(ApiCall call)
    {
        var organisation = Of(call) ?? throw NoDirectory();
        return organisation.MayRead(call.AccountId)
            ? organisation
            : throw new CloudError(
                403,
                "NoPermission",
                "The operation is open to the management account and to delegated administrators of a trusted service only."
            );
    }

    private static Organisation Managed(ApiCall call)
    {
        var organisation = Of(call) ?? throw NoDirectory();
        return organisation.Management.Id == call.AccountId
            ? organisation
            : throw new CloudError(403, "NoPermission", "The operation is open to the management account only.");
    }

    private static CloudError NoDirectory() =>
        new(404, "EntityNotExists.ResourceDirectory", "The account is not in a resource directory.");

    private static JObject GetDirectory(ApiCall call)
    {
        var organisation = Of(call) ?? throw NoDirectory();
        return new()
        {
            ["ResourceDirectory"] = new JObject
            {
                ["ResourceDirectoryId"] = organisation.Id,
                ["RootFolderId"] = organisation.Root.Id,
                ["MasterAccountId"] = organisation.Management.Id,
                ["MasterAccountName"] = organisation.Management.Name,
                ["CreateTime"] = Date(organisation.CreatedAt),
                ["ControlPolicyStatus"] = call.Cloud.Ram.ControlPolicies.IsEmpty ? "Disabled" : "Enabled",
                ["MemberDeletionStatus"] = "Disabled",
            },
        };
    }

    private static JObject ListAccounts(ApiCall call)
    {
        var organisation = Readable(call);
        var members = Matching(call, organisation.Members);
        if (call.Optional("MaxResults") is null && call.Optional("NextToken") is null)
        {
            return PageByNumber(call, "Accounts", "Account", members.Select(member => Row(organisation, member)));
        }
        var size = call.Integer("MaxResults", 10, 1, 100);
        var from = Offset(call.Optional("NextToken"));
        var answer = Wrapped("Accounts", "Account", members.Skip(from).Take(size).Select(m => Row(organisation, m)));
        answer["TotalCount"] = members.Count;
        if (from + size < members.Count)
        {
            answer["NextToken"] = Token(from + size);
        }
        return answer;
    }

    private static JObject GetAccount(ApiCall call)
    {
        var organisation = Readable(call);
        var member =
            organisation.FindMember(call.Text("AccountId"))
            ?? throw new CloudError(404, "EntityNotExists.Account", "The specified account does not exist.");
        return new() { ["Account"] = Row(organisation, member) };
    }

    private static JObject ListAccountsForParent(ApiCall call)
    {
        var organisation = Readable(call);
        var folder = Parent(call, organisation);
        return PageByNumber(
            call,
            "Accounts",
            "Account",
            Matching(call, organisation.Members.Where(member => member.FolderId == folder.Id))
                .Select(member => Row(organisation, member))
        );
    }

    private static JObject ListFoldersForParent(ApiCall call)
    {
        var organisation = Readable(call);
        var parent = Parent(call, organisation);
        return PageByNumber(
            call,
            "Folders",
            "Folder",
            organisation
                .Folders.Where(folder => folder.ParentId == parent.Id)
                .Select(folder => new JObject
                {
                    ["FolderId"] = folder.Id,
                    ["FolderName"] = folder.Name,
                    ["CreateTime"] = Date(folder.CreatedAt),
                })
        );
    }

    private static JObject ListDelegated(ApiCall call)
    {
        var organisation = Managed(call);
        var service = call.Optional("ServicePrincipal");
        return PageByNumber(
            call,
            "Accounts",
            "Account",
            organisation
                .Delegated.Where(delegated => service is null || delegated.ServicePrincipal == service)
                .Select(delegated => new JObject
                {
                    ["AccountId"] = delegated.AccountId,
                    ["ServicePrincipal"] = delegated.ServicePrincipal,
                    ["DelegationEnabledTime"] = Date(delegated.Since),
                    ["DisplayName"] = organisation.FindMember(delegated.AccountId)?.Account.Name,
                    ["JoinMethod"] = organisation.FindMember(delegated.AccountId)?.JoinMethod,
                })
        );
    }

    private static JObject ListDelegatedServices(ApiCall call)
    {
        var organisation = Readable(call);
        return Wrapped(
            "DelegatedServices",
            "DelegatedService",
            organisation
                .Delegated.Where(delegated => delegated.AccountId == call.Text("AccountId"))
                .Select(delegated => new JObject
                {
                    ["ServicePrincipal"] = delegated.ServicePrincipal,
                    ["Status"] = "ENABLED",
                    ["DelegationEnabledTime"] = Date(delegated.Since),
                })
        );
    }

    private static JObject RegisterDelegated(ApiCall call)
    {
        var organisation = Managed(call);
        var (account, service) = (call.Text("AccountId"), call.Text("ServicePrincipal"));
        if (organisation.FindMember(account) is null)
        {
            throw new CloudError(404, "EntityNotExists.Account", "The specified account does not exist.");
        }
        if (organisation.Delegated.Exists(known => known.AccountId == account && known.ServicePrincipal == service))
        {
            throw new CloudError(
                409,
                "EntityAlreadyExists.DelegatedAdministrator",
                "The account is a delegated administrator of the service already."
            );
        }
        organisation.TrustedServices.TryAdd(service, call.Now);
        organisation.Delegated.Add(new(account, service, call.Now));
        return [];
    }

    private static JObject DeregisterDelegated(ApiCall call)
    {
        var organisation = Managed(call);
        var (account, service) = (call.Text("AccountId"), call.Text("ServicePrincipal"));
        if (
            organisation.Delegated.RemoveAll(known => known.AccountId == account && known.ServicePrincipal == service)
            == 0
        )
        {
            throw new CloudError(
                404,
                "EntityNotExists.DelegatedAdministrator",
                "The account is no delegated administrator of the service."
            );
        }
        return [];
    }

    private static JObject ListTrusted(ApiCall call) =>
        PageByNumber(
            call,
            "EnabledServicePrincipals",
            "EnabledServicePrincipal",
            Readable(call)
                .TrustedServices.OrderBy(service => service.Key, StringComparer.Ordinal)
                .Select(service => new JObject
                {
                    ["ServicePrincipal"] = service.Key,
                    ["EnableTime"] = Date(service.Value),
                })
        );

    private static DirectoryFolder Parent(ApiCall call, Organisation organisation) =>
        call.Optional("ParentFolderId") is not { } id ? organisation.Root
        : organisation.FolderById(id) is { } folder ? folder
        : throw new CloudError(404, "EntityNotExists.Folder", "The specified folder does not exist.");

    private static List<DirectoryMember> Matching(ApiCall call, IEnumerable<DirectoryMember> members) =>
        [
            .. members
                .Where(member =>
                    call.Optional("QueryKeyword") is not { } keyword
                    || member.Account.Name.Contains(keyword, StringComparison.OrdinalIgnoreCase)
                    || member.Account.Id.Contains(keyword, StringComparison.Ordinal)
                )
                .OrderBy(member => member.Account.Id, StringComparer.Ordinal),
        ];

    private static JObject Row(Organisation organisation, DirectoryMember member) =>
        new()
        {
            ["AccountId"] = member.Account.Id,
            ["AccountName"] = $"{member.Account.Name}@{organisation.Id}.aliyunid.com",
            ["DisplayName"] = member.Account.Name,
            ["Type"] = member.Type,
            ["FolderId"] = member.FolderId,
            ["ResourceDirectoryId"] = organisation.Id,
            ["ResourceDirectoryPath"] = organisation.PathOf(member),
            ["Status"] = member.Status,
            ["JoinMethod"] = member.JoinMethod,
            ["JoinTime"] = Date(member.JoinedAt),
            ["ModifyTime"] = Date(member.JoinedAt),
            ["DeletionStatus"] = member.DeletionStatus,
        };

    private static JObject PageByNumber(ApiCall call, string list, string item, IEnumerable<JObject> rows)
    {
        var number = call.Integer("PageNumber", 1, 1, int.MaxValue);
        var size = call.Integer("PageSize", 10, 1, 100);
        var all = rows.ToList();
        var answer = Wrapped(list, item, all.Skip((number - 1) * size).Take(size));
        answer["PageNumber"] = number;
        answer["PageSize"] = size;
        answer["TotalCount"] = all.Count;
        return answer;
    }

    private static JObject Wrapped(string list, string item, IEnumerable<JObject> rows) =>
        new() { [list] = new JObject { [item] = new JArray(rows) } };

    private static string Token(int offset) => Convert.ToBase64String(BitConverter.GetBytes(offset)).TrimEnd('=');

    private static int Offset(string? token)
    {
        Span<byte> bytes = stackalloc byte[8];
        return token is null ? 0
            : Convert.TryFromBase64String(token + "==", bytes, out var written) && written == 4
                ? BitConverter.ToInt32(bytes)
            : throw new CloudError(400, "InvalidParameter.NextToken", "NextToken is not one that was given out.");
    }

    private static string Date(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
