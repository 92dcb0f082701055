using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Ram.RamService;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Ram;

/// <summary>CreateRole, GetRole, UpdateRole, DeleteRole, ListRoles.</summary>
internal static class RoleActions
{
    /// <summary>Roles of one account. Source: RAM limits, 2025-12.</summary>
    private const int MaxRoles = 1000;

    public static void Register(Cloud cloud)
    {
        var propagation = cloud.Delays.Declare(
            "ram.role.propagation",
            TimeSpan.FromSeconds(10),
            "Assumed: the service says only that a new role needs some seconds before it can be assumed."
        );
        Add(
            cloud,
            "CreateRole",
            [
                P.RequiredText("RoleName"),
                P.RequiredText("AssumeRolePolicyDocument"),
                P.Text("Description"),
                P.Long("MaxSessionDuration"),
                P.Json("Tag"),
            ],
            isWrite: true,
            call => Create(call, propagation)
        );
        Add(cloud, "GetRole", [P.RequiredText("RoleName")], isWrite: false, call => Answer(Role(call), full: true));
        Add(
            cloud,
            "UpdateRole",
            [
                P.RequiredText("RoleName"),
                P.Text("NewAssumeRolePolicyDocument"),
                P.Text("NewDescription"),
                P.Long("NewMaxSessionDuration"),
            ],
            isWrite: true,
            Update
        );
        Add(cloud, "DeleteRole", [P.RequiredText("RoleName")], isWrite: true, Delete);
        Add(
            cloud,
            "ListRoles",
            [P.Text("Marker"), P.Integer("MaxItems"), P.Json("Tag")],
            isWrite: false,
            call =>
                Page(
                    call,
                    "Roles",
                    "Role",
                    call.Account.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
                        .Select(role => Row(role, full: false))
                )
        );
    }

    private static void Add(
        Cloud cloud,
        string action,
        IReadOnlyList<ApiParameter> parameters,
        bool isWrite,
        Func<ApiCall, JObject> run
    ) => cloud.Api.Rpc(Product, ApiVersion, action, parameters, new RamRule($"ram:{action}", RoleArn), isWrite, run);

    private static JObject Create(ApiCall call, NamedDelay propagation)
    {
        var name = call.Text("RoleName");
        DemandRoleName(name);
        if (call.Account.Roles.ContainsKey(name))
        {
            throw new CloudError(409, "EntityAlreadyExists.Role", $"The role already exists: {name}.");
        }
        if (call.Account.Roles.Count >= MaxRoles)
        {
            throw new CloudError(409, "LimitExceeded.Role", $"An account has at most {MaxRoles} roles.");
        }
        var trust = TrustDocument(call, call.Text("AssumeRolePolicyDocument"));
        var role = new RamRole(
            call.Cloud.NextId(15),
            name,
            call.Account,
            call.Now,
            call.Now + call.Cloud.Delays.Of(propagation)
        )
        {
            Trust = trust,
            Description = call.Optional("Description") ?? "",
            MaxSessionSeconds = SessionSeconds(call.Long("MaxSessionDuration") ?? 3600),
        };
        call.Account.Roles.Add(name, role);
        call.Touched.Add(("ACS::RAM::Role", name));
        return Answer(role, full: true);
    }

    private static JObject Update(ApiCall call)
    {
        var role = Role(call);
        DemandOrdinary(role);
        if (call.Optional("NewAssumeRolePolicyDocument") is { } trust)
        {
            role.Trust = TrustDocument(call, trust);
        }
        if (call.Parameters.TryGetValue("NewDescription", out var description))
        {
            role.Description = description;
        }
        if (call.Long("NewMaxSessionDuration") is { } seconds)
        {
            role.MaxSessionSeconds = SessionSeconds(seconds);
        }
        role.UpdatedAt = call.Now;
        call.Touched.Add(("ACS::RAM::Role", role.Name));
        return Answer(role, full: true);
    }

    private static JObject Delete(ApiCall call)
    {
        var role = Role(call);
        DemandOrdinary(role);
        if (role.Attached.Count > 0)
        {
            throw new CloudError(
                409,
                "DeleteConflict.Role.Policy",
                "The role can not be deleted while policies are attached to it."
            );
        }
        call.Account.Roles.Remove(role.Name);
        call.Touched.Add(("ACS::RAM::Role", role.Name));
        return [];
    }

    /// <summary>A trust policy whose named roles and users exist.</summary>
    private static PolicyDocument TrustDocument(ApiCall call, string text)
    {
        var trust = PolicyDocument.Parse(text);
        foreach (
            var principal in trust.Statements.SelectMany(s => s.Principals.TryGetValue("RAM", out var arns) ? arns : [])
        )
        {
            if (!Exists(call.Cloud, principal))
            {
                throw PolicyDocument.Malformed($"the principal {principal} does not exist.");
            }
        }
        if (trust.Statements.Any(statement => statement.Principals.Count == 0))
        {
            throw PolicyDocument.Malformed("Principal is missing.");
        }
        return trust;
    }

    private static bool Exists(Cloud cloud, string principal)
    {
        if (principal == "*")
        {
            return true;
        }
        var parts = principal.Split(':', 5);
        if (parts is not ["acs", "ram", _, var uid, var rest] || cloud.FindAccount(uid) is not { } account)
        {
            return false;
        }
        return rest == "root"
            || (rest.StartsWith("role/", StringComparison.Ordinal) && account.Roles.ContainsKey(rest[5..]))
            || (rest.StartsWith("user/", StringComparison.Ordinal) && account.Users.ContainsKey(rest[5..]));
    }

    private static int SessionSeconds(long seconds) =>
        seconds is >= 3600 and <= 43200
            ? (int)seconds
            : throw new CloudError(400, "InvalidParameter.MaxSessionDuration", "MaxSessionDuration is 3600-43200.");

    private static void DemandOrdinary(RamRole role)
    {
        if (role.ServiceLinked)
        {
            throw new CloudError(
                403,
                "NotSupported.Operation.ServiceLinkedRole",
                $"The role {role.Name} belongs to a service and can not be changed by hand."
            );
        }
    }

    private static JObject Answer(RamRole role, bool full) => new() { ["Role"] = Row(role, full) };

    internal static JObject Row(RamRole role, bool full)
    {
        var row = new JObject
        {
            ["RoleId"] = role.Id,
            ["RoleName"] = role.Name,
            ["Arn"] = role.Arn,
            ["Description"] = role.Description,
            ["CreateDate"] = Date(role.CreatedAt),
            ["UpdateDate"] = Date(role.UpdatedAt),
            ["MaxSessionDuration"] = role.MaxSessionSeconds,
        };
        if (full)
        {
            row["AssumeRolePolicyDocument"] = role.Trust.Text;
        }
        return row;
    }
}
