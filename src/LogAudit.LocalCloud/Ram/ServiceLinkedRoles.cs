using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Ram;

/// <summary>CreateServiceLinkedRole of ResourceManager 2020-03-31, the product that the official metadata lists it under.</summary>
internal static class ServiceLinkedRoles
{
    private const string Product = "ResourceManager";

    /// <summary>Services and the role that each gets. Assumed where the service does not print the name.</summary>
    private static readonly Dictionary<string, string> RoleNames = new(StringComparer.Ordinal)
    {
        ["audit.log.aliyuncs.com"] = "AliyunServiceRoleForSLSAudit",
        ["actiontrail.aliyuncs.com"] = "AliyunServiceRoleForActionTrail",
        ["config.aliyuncs.com"] = "AliyunServiceRoleForConfig",
        ["fc.aliyuncs.com"] = "AliyunServiceRoleForFC",
        ["source-actiontrail.eventbridge.aliyuncs.com"] = "AliyunServiceRoleForEventBridgeSourceActionTrail",
        ["sendevent-fc.eventbridge.aliyuncs.com"] = "AliyunServiceRoleForEventBridgeSendToFC",
    };

    public static void Register(Cloud cloud)
    {
        cloud.Api.Hosts(Product, "resourcemanager.aliyuncs.com");
        cloud.Ram.Declare("ram:CreateServiceLinkedRole");
        cloud.Api.Rpc(
            Product,
            "2020-03-31",
            "CreateServiceLinkedRole",
            [P.RequiredText("ServiceName"), P.Text("CustomSuffix"), P.Text("Description")],
            ram: null,
            isWrite: true,
            Create
        );
    }

    private static JObject Create(ApiCall call)
    {
        var service = call.Text("ServiceName");
        call.Demand(
            "ram:CreateServiceLinkedRole",
            $"acs:ram::{call.AccountId}:role/*",
            new KeyValuePair<string, string>("ram:ServiceName", service)
        );
        if (!RoleNames.TryGetValue(service, out var name))
        {
            throw new CloudError(
                400,
                "InvalidParameter.ServiceName",
                $"The service {service} has no service-linked role."
            );
        }
        if (call.Account.Roles.ContainsKey(name))
        {
            throw new CloudError(409, "EntityAlreadyExist.Role", $"The role already exists: {name}.");
        }
        var role = new RamRole(call.Cloud.NextId(15), name, call.Account, call.Now, call.Now)
        {
            ServiceLinked = true,
            Description = call.Optional("Description") ?? "",
            Trust = PolicyDocument.Parse(TrustPolicies.Service(service)),
        };
        call.Account.Roles.Add(name, role);
        call.Touched.Add(("ACS::RAM::Role", name));
        return new() { ["Role"] = RoleActions.Row(role, full: true) };
    }
}
