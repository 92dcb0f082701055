using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Ram.RamService;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Ram;

/// <summary>AttachPolicyToRole, DetachPolicyFromRole, ListPoliciesForRole.</summary>
internal static class AttachmentActions
{
    // Policies of one role. Source: RAM limits, 2025-12.
    private const int MaxCustom = 10;
    private const int MaxSystem = 20;

    public static void Register(Cloud cloud)
    {
        var propagation = cloud.Delays.Declare(
            "ram.policy.propagation",
            TimeSpan.FromSeconds(5),
            "Assumed: the service says only that a new permission needs some seconds."
        );
        IReadOnlyList<ApiParameter> parameters =
        [
            P.RequiredText("PolicyType"),
            P.RequiredText("PolicyName"),
            P.RequiredText("RoleName"),
            P.Text("ResourceGroupId"),
        ];
        cloud.Api.Rpc(
            Product,
            ApiVersion,
            "AttachPolicyToRole",
            parameters,
            new RamRule("ram:AttachPolicyToRole", RoleArn),
            isWrite: true,
            call => Attach(call, propagation)
        );
        cloud.Api.Rpc(
            Product,
            ApiVersion,
            "DetachPolicyFromRole",
            parameters,
            new RamRule("ram:DetachPolicyFromRole", RoleArn),
            isWrite: true,
            Detach
        );
        cloud.Api.Rpc(
            Product,
            ApiVersion,
            "ListPoliciesForRole",
            [P.RequiredText("RoleName")],
            new RamRule("ram:ListPoliciesForRole", RoleArn),
            isWrite: false,
            List
        );
    }

    private static JObject Attach(ApiCall call, NamedDelay propagation)
    {
        var role = Role(call);
        var (type, name) = (call.Text("PolicyType"), call.Text("PolicyName"));
        var exists = type switch
        {
            "System" => SystemPolicies.Find(name) is not null,
            "Custom" => call.Account.Policies.ContainsKey(name),
            _ => throw new CloudError(400, "InvalidParameter.PolicyType", "PolicyType is System or Custom."),
        };
        if (!exists)
        {
            throw new CloudError(404, "EntityNotExist.Policy", $"The policy not exists: {name}.");
        }
        if (role.Attached.Exists(attached => attached.Type == type && attached.Name == name))
        {
            throw new CloudError(
                409,
                "EntityAlreadyExists.Role.Policy",
                $"The policy {name} is already attached to the role."
            );
        }
        var limit = type == "System" ? MaxSystem : MaxCustom;
        if (role.Attached.Count(attached => attached.Type == type) >= limit)
        {
            throw new CloudError(409, "LimitExceeded.Role.Policy", $"A role has at most {limit} {type} policies.");
        }
        role.Attached.Add(new(type, name, call.Now) { EffectiveAt = call.Now + call.Cloud.Delays.Of(propagation) });
        call.Touched.Add(("ACS::RAM::Role", role.Name));
        return [];
    }

    private static JObject Detach(ApiCall call)
    {
        var role = Role(call);
        var (type, name) = (call.Text("PolicyType"), call.Text("PolicyName"));
        if (role.Attached.RemoveAll(attached => attached.Type == type && attached.Name == name) == 0)
        {
            throw new CloudError(
                404,
                "EntityNotExist.Role.Policy",
                $"The policy {name} is not attached to the role {role.Name}."
            );
        }
        call.Touched.Add(("ACS::RAM::Role", role.Name));
        return [];
    }

    private static JObject List(ApiCall call) =>
        new()
        {
            ["Policies"] = new JObject
            {
                ["Policy"] = new JArray(
                    Role(call)
                        .Attached.Where(attached => attached.Own is null)
                        .Select(attached => new JObject
                        {
                            ["PolicyType"] = attached.Type,
                            ["PolicyName"] = attached.Name,
                            ["AttachDate"] = Date(attached.AttachedAt),
                            ["DefaultVersion"] =
                                attached.Type == "Custom"
                                    ? call.Account.Policies.GetValueOrDefault(attached.Name)?.Default.Id ?? "v1"
                                    : "v1",
                        })
                ),
            },
        };
}
