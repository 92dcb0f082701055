using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Policies;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Sls.Http;

/// <summary>Collection policies. Source: collection policy API.</summary>
internal static class PolicyCalls
{
    private const string LinkedRole = "AliyunServiceRoleForSLSAudit";

    private static readonly string[] Regions = ["cn-shanghai", "ap-southeast-1"];

    public static readonly SlsOperation[] Operations =
    [
        new(
            "UpsertCollectionPolicy",
            "POST",
            "/collectionpolicy",
            "log:UpsertCollectionPolicy",
            "collectionpolicy/{body:policyName}",
            Upsert
        )
        {
            Scope = SlsScope.Service,
            IsWrite = true,
        },
        new(
            "ListCollectionPolicies",
            "GET",
            "/collectionpolicy",
            "log:ListCollectionPolicies",
            "collectionpolicy/*",
            List
        )
        {
            Scope = SlsScope.Service,
            Parameters = ["offset", "size", "policyName", "productCode", "dataCode", "instanceId", "centralProject"],
        },
        new(
            "GetCollectionPolicy",
            "GET",
            "/collectionpolicy/{policy}",
            "log:GetCollectionPolicy",
            "collectionpolicy/{policy}",
            Get
        )
        {
            Scope = SlsScope.Service,
            Parameters = ["productCode", "dataCode"],
        },
        new(
            "DeleteCollectionPolicy",
            "DELETE",
            "/collectionpolicy/{policy}",
            "log:DeleteCollectionPolicy",
            "collectionpolicy/{policy}",
            Delete
        )
        {
            Scope = SlsScope.Service,
            IsWrite = true,
            Parameters = ["productCode", "dataCode"],
        },
    ];

    private static CloudResponse Upsert(SlsCall call)
    {
        NeedEndpoint(call);
        var account = call.Caller.Account.Id;
        var old = call.Service.Policies.Newest(account, call.Body.Text("policyName") ?? "");
        var policy = CollectionPolicy.Read(account, old?.Uid ?? call.Service.Cloud.NextHex(8), call.Body);
        if (policy.Internal)
            throw SlsRefusal.Parameter($"collection policy {policy.Name} is internal and cannot be changed");
        if (old is not null && old.Product != policy.Product)
            throw SlsRefusal.Parameter("productCode and dataCode of a collection policy cannot be changed");
        if (old is not null && old.DataRegion != policy.DataRegion)
            throw SlsRefusal.Parameter("dataConfig.dataRegion of a collection policy cannot be changed");
        CheckTarget(call, policy);
        CheckDirectory(call, policy);
        NeedLinkedRole(call);
        call.Service.Policies.Write(account, policy.Name, policy);
        return CloudResponse.Empty();
    }

    private static CloudResponse Get(SlsCall call)
    {
        NeedEndpoint(call);
        var found = call
            .Service.Policies.Readable(call.Caller.Account.Id)
            .FirstOrDefault(policy => policy.Name == call.Path("policy") && IsOf(call, policy));
        return found is null
            ? throw SlsRefusal.NoPolicy(call.Path("policy"))
            : CloudResponse.Json(new JObject { ["collectionPolicy"] = found.ToJson() });
    }

    private static CloudResponse List(SlsCall call)
    {
        NeedEndpoint(call);
        var (name, central, instance) = (
            call.Query("policyName"),
            call.Query("centralProject"),
            call.Query("instanceId")
        );
        if (instance is not null && (call.Query("productCode") is null || call.Query("dataCode") is null))
            throw SlsRefusal.Parameter("instanceId needs productCode and dataCode");
        var subject = instance is null ? null : Subject(call, instance);
        CollectionPolicy[] all =
        [
            .. call
                .Service.Policies.Readable(call.Caller.Account.Id)
                .Where(policy =>
                    IsOf(call, policy)
                    && (name is null || policy.Name == name)
                    && (central is null || policy.DestProject == central)
                    && (subject is null || policy.Hits(subject))
                ),
        ];
        var (page, total) = call.Page(all, usual: 50, most: 100);
        return CloudResponse.Json(
            new JObject
            {
                ["totalCount"] = total,
                ["currentCount"] = page.Count,
                ["data"] = new JArray(page.Select(policy => policy.ToJson())),
                ["statistics"] = Statistics(all),
            }
        );
    }

    private static CloudResponse Delete(SlsCall call)
    {
        NeedEndpoint(call);
        var account = call.Caller.Account.Id;
        var old = call.Service.Policies.Newest(account, call.Path("policy"));
        if (old is null || !IsOf(call, old))
            throw SlsRefusal.NoPolicy(call.Path("policy"));
        if (old.Internal)
            throw SlsRefusal.Parameter($"collection policy {old.Name} is internal and cannot be changed");
        call.Service.Policies.Write(account, old.Name, null);
        return CloudResponse.Json(new JObject());
    }

    /// <summary>These calls answer in two regions only. The code of the refusal is assumed.</summary>
    private static void NeedEndpoint(SlsCall call)
    {
        if (!Regions.Contains(call.Region, StringComparer.Ordinal))
            throw new CloudError(
                400,
                "NotSupported",
                $"collection policies are served by {string.Join(" and ", Regions)} only, not by {call.Region}"
            );
    }

    /// <summary>The central project must be there, in its region and in the caller's account; the Logstore is made when it is missing.</summary>
    private static void CheckTarget(SlsCall call, CollectionPolicy policy)
    {
        if (!policy.Centralize)
            return;
        if (call.Service.Store.Project(policy.DestProject) is not { } project || project.Region != policy.DestRegion)
            throw SlsRefusal.NoProject(policy.DestProject);
        if (project.Account != policy.Account)
            throw new CloudError(401, "Unauthorized", "The project does not belong to you.");
    }

    private static void CheckDirectory(SlsCall call, CollectionPolicy policy)
    {
        if (policy.AccountGroup.Length == 0)
            return;
        var organisation = call.Service.Cloud.Services.Find<IOrganisation>();
        if (organisation is null || !organisation.MayManage(policy.Account, CollectionPolicy.TrustedService))
        {
            throw new CloudError(
                401,
                "Unauthorized",
                $"account {policy.Account} is neither the management account of a resource directory nor a delegated administrator of {CollectionPolicy.TrustedService}"
            );
        }
        var strangers = policy
            .Members.Except(organisation.AccountsAround(policy.Account), StringComparer.Ordinal)
            .ToArray();
        if (strangers.Length > 0)
            throw SlsRefusal.Parameter(
                "resourceDirectory.members are not members of the directory: " + string.Join(", ", strangers)
            );
    }

    /// <summary>SLS collects with a service-linked role; who writes the first policy must be allowed to make it.</summary>
    private static void NeedLinkedRole(SlsCall call)
    {
        var account = call.Caller.Account;
        lock (call.Service.Cloud.Gate)
        {
            if (account.Roles.ContainsKey(LinkedRole))
                return;
        }
        call.Service.Cloud.Ram.Declare("ram:CreateServiceLinkedRole");
        call.Demand(
            "ram:CreateServiceLinkedRole",
            $"acs:ram::{account.Id}:role/*",
            new KeyValuePair<string, string>("ram:ServiceName", CollectionPolicy.TrustedService)
        );
        lock (call.Service.Cloud.Gate)
            account.AddServiceLinkedRole(LinkedRole, CollectionPolicy.TrustedService);
    }

    private static bool IsOf(SlsCall call, CollectionPolicy policy) =>
        (call.Query("productCode") ?? policy.Product.ProductCode) == policy.Product.ProductCode
        && (call.Query("dataCode") ?? policy.Product.DataCode) == policy.Product.DataCode;

    private static PolicySubject Subject(SlsCall call, string instance)
    {
        var (account, product, data) = (
            call.Caller.Account.Id,
            call.NeedQuery("productCode"),
            call.NeedQuery("dataCode")
        );
        return call.Service.Cloud.Services.Find<IInstanceAttributes>()?.Find(account, product, data, instance)
            ?? new PolicySubject(
                account,
                product,
                data,
                instance,
                "",
                new Dictionary<string, string>(StringComparer.Ordinal)
            );
    }

    private static JArray Statistics(IEnumerable<CollectionPolicy> policies) =>
        new(
            policies
                .GroupBy(policy => policy.Product.ProductCode, StringComparer.Ordinal)
                .Select(group => new JObject
                {
                    ["productCode"] = group.Key,
                    ["policySourceList"] = new JArray(
                        group.Select(policy => new JObject { ["policyName"] = policy.Name, ["policyUid"] = policy.Uid })
                    ),
                })
        );
}
