using System.Globalization;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Ram.RamService;
using P = LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Ram;

/// <summary>Custom policies and their versions, and the reading of system policies.</summary>
internal static class PolicyActions
{
    // Limits of custom policies. Source: RAM limits, 2025-12.
    private const int MaxLength = 6144;
    private const int MaxVersions = 5;
    private const int MaxPolicies = 1500;

    public static void Register(Cloud cloud)
    {
        Add(
            cloud,
            "CreatePolicy",
            [P.RequiredText("PolicyName"), P.RequiredText("PolicyDocument"), P.Text("Description"), P.Json("Tag")],
            isWrite: true,
            Create
        );
        Add(
            cloud,
            "GetPolicy",
            [P.RequiredText("PolicyName"), P.RequiredText("PolicyType")],
            isWrite: false,
            call => IsSystem(call) ? SystemPolicy(call) : Answer(Policy(call), withDocument: true)
        );
        Add(
            cloud,
            "CreatePolicyVersion",
            [
                P.RequiredText("PolicyName"),
                P.RequiredText("PolicyDocument"),
                P.Boolean("SetAsDefault"),
                P.Text("RotateStrategy"),
            ],
            isWrite: true,
            CreateVersion
        );
        Add(
            cloud,
            "GetPolicyVersion",
            [P.RequiredText("PolicyName"), P.RequiredText("PolicyType"), P.RequiredText("VersionId")],
            isWrite: false,
            call =>
                IsSystem(call)
                    ? new() { ["PolicyVersion"] = SystemPolicy(call)["DefaultPolicyVersion"] }
                    : new() { ["PolicyVersion"] = VersionRow(VersionOf(call, Policy(call))) }
        );
        Add(
            cloud,
            "ListPolicyVersions",
            [P.RequiredText("PolicyName"), P.RequiredText("PolicyType")],
            isWrite: false,
            call =>
                new()
                {
                    ["PolicyVersions"] = new JObject
                    {
                        ["PolicyVersion"] = IsSystem(call)
                            ? new JArray(SystemPolicy(call)["DefaultPolicyVersion"]!)
                            : new JArray(Policy(call).Versions.Select(VersionRow)),
                    },
                }
        );
        Add(
            cloud,
            "DeletePolicyVersion",
            [P.RequiredText("PolicyName"), P.RequiredText("VersionId")],
            isWrite: true,
            DeleteVersion
        );
        Add(cloud, "DeletePolicy", [P.RequiredText("PolicyName"), P.Boolean("CascadingDelete")], isWrite: true, Delete);
        Add(
            cloud,
            "ListPolicies",
            [P.Text("PolicyType"), P.Text("Marker"), P.Integer("MaxItems"), P.Json("Tag")],
            isWrite: false,
            List
        );
    }

    private static void Add(
        Cloud cloud,
        string action,
        IReadOnlyList<ApiParameter> parameters,
        bool isWrite,
        Func<ApiCall, JObject> run
    ) => cloud.Api.Rpc(Product, ApiVersion, action, parameters, new RamRule($"ram:{action}", PolicyArn), isWrite, run);

    private static JObject Create(ApiCall call)
    {
        var name = call.Text("PolicyName");
        DemandPolicyName(name);
        if (call.Account.Policies.ContainsKey(name))
        {
            throw new CloudError(409, "EntityAlreadyExists.Policy", $"The policy already exists: {name}.");
        }
        if (call.Account.Policies.Count >= MaxPolicies)
        {
            throw new CloudError(409, "LimitExceeded.Policy", $"An account has at most {MaxPolicies} custom policies.");
        }
        var policy = new RamPolicy(name, call.Now) { Description = call.Optional("Description") ?? "" };
        AddVersion(call, policy, isDefault: true);
        call.Account.Policies.Add(name, policy);
        return Answer(policy, withDocument: false);
    }

    private static JObject CreateVersion(ApiCall call)
    {
        var policy = Policy(call);
        if (policy.Versions.Count >= MaxVersions)
        {
            if (call.Optional("RotateStrategy") != "DeleteOldestNonDefaultVersionWhenLimitExceeded")
            {
                throw new CloudError(
                    409,
                    "LimitExceeded.Policy.Version",
                    $"A policy has at most {MaxVersions} versions."
                );
            }
            policy.Versions.Remove(policy.Versions.First(version => !version.IsDefault));
        }
        var added = AddVersion(call, policy, call.Boolean("SetAsDefault") ?? false);
        return new() { ["PolicyVersion"] = VersionRow(added) };
    }

    private static RamPolicyVersion AddVersion(ApiCall call, RamPolicy policy, bool isDefault)
    {
        var text = call.Text("PolicyDocument");
        if (text.Length > MaxLength)
        {
            throw new CloudError(
                400,
                "InvalidParameter.PolicyDocument.Length",
                $"The policy document has {text.Length} characters; {MaxLength} are allowed."
            );
        }
        var document = PolicyDocument.Parse(text);
        var id = "v" + policy.NextVersion.ToString(CultureInfo.InvariantCulture);
        policy.NextVersion++;
        var version = new RamPolicyVersion(id, document, call.Now) { IsDefault = isDefault };
        if (isDefault)
        {
            policy.Versions.ForEach(other => other.IsDefault = false);
        }
        policy.Versions.Add(version);
        policy.UpdatedAt = call.Now;
        call.Touched.Add(("ACS::RAM::Policy", policy.Name));
        return version;
    }

    private static JObject DeleteVersion(ApiCall call)
    {
        var policy = Policy(call);
        var version = VersionOf(call, policy);
        if (version.IsDefault)
        {
            throw new CloudError(
                409,
                "DeleteConflict.PolicyVersion.Default",
                "The default version can not be deleted."
            );
        }
        policy.Versions.Remove(version);
        return [];
    }

    private static JObject Delete(ApiCall call)
    {
        var policy = Policy(call);
        if (call.Boolean("CascadingDelete") is true)
        {
            foreach (var role in call.Account.Roles.Values)
            {
                role.Attached.RemoveAll(attached => Is(attached, policy));
            }
        }
        if (call.Account.Roles.Values.Any(role => role.Attached.Exists(attached => Is(attached, policy))))
        {
            throw new CloudError(
                409,
                "DeleteConflict.Policy.Role",
                "The policy can not be deleted while it is attached to a role."
            );
        }
        if (policy.Versions.Count > 1 && call.Boolean("CascadingDelete") is not true)
        {
            throw new CloudError(
                409,
                "DeleteConflict.Policy.Version",
                "The policy can not be deleted while it has versions besides the default one."
            );
        }
        call.Account.Policies.Remove(policy.Name);
        call.Touched.Add(("ACS::RAM::Policy", policy.Name));
        return [];
    }

    private static JObject List(ApiCall call)
    {
        var custom = call
            .Account.Policies.Values.OrderBy(policy => policy.Name, StringComparer.Ordinal)
            .Select(policy => Row(policy.Name, "Custom", policy.Default.Id, policy.Description));
        var system = SystemPolicies
            .Names.Order(StringComparer.Ordinal)
            .Select(name => Row(name, "System", "v1", "System policy of LocalCloud"));
        return Page(
            call,
            "Policies",
            "Policy",
            call.Optional("PolicyType") switch
            {
                "Custom" => custom,
                "System" => system,
                _ => system.Concat(custom),
            }
        );
    }

    private static bool Is(PolicyAttachment attached, RamPolicy policy) =>
        attached.Type == "Custom" && attached.Name == policy.Name;

    private static bool IsSystem(ApiCall call) =>
        call.Text("PolicyType") switch
        {
            "System" => true,
            "Custom" => false,
            _ => throw new CloudError(400, "InvalidParameter.PolicyType", "PolicyType is System or Custom."),
        };

    private static JObject SystemPolicy(ApiCall call)
    {
        var name = call.Text("PolicyName");
        var document =
            SystemPolicies.Find(name)
            ?? throw new CloudError(404, "EntityNotExist.Policy", $"The policy not exists: {name}.");
        return new()
        {
            ["Policy"] = Row(name, "System", "v1", "System policy of LocalCloud"),
            ["DefaultPolicyVersion"] = new JObject
            {
                ["VersionId"] = "v1",
                ["IsDefaultVersion"] = true,
                ["PolicyDocument"] = document.Text,
            },
        };
    }

    private static RamPolicyVersion VersionOf(ApiCall call, RamPolicy policy) =>
        policy.Versions.Find(version => version.Id == call.Text("VersionId"))
        ?? throw new CloudError(
            404,
            "EntityNotExist.Policy.Version",
            $"The policy version not exists: {call.Text("VersionId")}."
        );

    private static JObject Answer(RamPolicy policy, bool withDocument)
    {
        var answer = new JObject { ["Policy"] = Row(policy.Name, "Custom", policy.Default.Id, policy.Description) };
        if (withDocument)
        {
            answer["DefaultPolicyVersion"] = VersionRow(policy.Default);
        }
        return answer;
    }

    private static JObject Row(string name, string type, string version, string description) =>
        new()
        {
            ["PolicyName"] = name,
            ["PolicyType"] = type,
            ["DefaultVersion"] = version,
            ["Description"] = description,
        };

    private static JObject VersionRow(RamPolicyVersion version) =>
        new()
        {
            ["VersionId"] = version.Id,
            ["IsDefaultVersion"] = version.IsDefault,
            ["PolicyDocument"] = version.Document.Text,
            ["CreateDate"] = Date(version.CreatedAt),
        };
}
