using System.Globalization;
using System.Text.RegularExpressions;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Ram;

/// <summary>RAM 2015-05-01 for roles and custom policies. Every call works on the caller's own account.</summary>
internal sealed partial class RamService : IPart
{
    internal const string Product = "Ram";
    internal const string ApiVersion = "2015-05-01";

    public void Register(Cloud cloud)
    {
        cloud.Api.Hosts(Product, "ram.aliyuncs.com");
        RoleActions.Register(cloud);
        PolicyActions.Register(cloud);
        AttachmentActions.Register(cloud);
        ServiceLinkedRoles.Register(cloud);
    }

    internal static string RoleArn(ApiCall call) =>
        $"acs:ram::{call.AccountId}:role/{call.Optional("RoleName") ?? "*"}";

    internal static string PolicyArn(ApiCall call) =>
        $"acs:ram::{(call.Optional("PolicyType") == "System" ? "system" : call.AccountId)}:policy/{call.Optional("PolicyName") ?? "*"}";

    /// <exception cref="CloudError">404 <c>EntityNotExist.Role</c>.</exception>
    internal static RamRole Role(ApiCall call) =>
        call.Account.Roles.GetValueOrDefault(call.Text("RoleName"))
        ?? throw new CloudError(404, "EntityNotExist.Role", $"The role not exists: {call.Text("RoleName")}.");

    /// <exception cref="CloudError">404 <c>EntityNotExist.Policy</c>.</exception>
    internal static RamPolicy Policy(ApiCall call) =>
        call.Account.Policies.GetValueOrDefault(call.Text("PolicyName"))
        ?? throw new CloudError(404, "EntityNotExist.Policy", $"The policy not exists: {call.Text("PolicyName")}.");

    internal static string Date(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Cuts a list by <c>Marker</c> and <c>MaxItems</c> (1–1000, default 100).</summary>
    internal static JObject Page(ApiCall call, string list, string item, IEnumerable<JObject> rows)
    {
        var size = call.Integer("MaxItems", 100, 1, 1000);
        var from = 0;
        if (
            call.Optional("Marker") is { } marker
            && !int.TryParse(marker, NumberStyles.None, CultureInfo.InvariantCulture, out from)
        )
        {
            throw new CloudError(400, "InvalidParameter.Marker", "The parameter Marker is not one that was given out.");
        }
        var all = rows.ToList();
        var page = all.Skip(from).Take(size).ToList();
        var answer = new JObject
        {
            ["IsTruncated"] = from + page.Count < all.Count,
            [list] = new JObject { [item] = new JArray(page) },
        };
        if (from + page.Count < all.Count)
        {
            answer["Marker"] = (from + page.Count).ToString(CultureInfo.InvariantCulture);
        }
        return answer;
    }

    internal static void DemandRoleName(string name)
    {
        if (!RoleName().IsMatch(name))
        {
            throw new CloudError(
                400,
                "InvalidParameter.RoleName.InvalidChars",
                "The parameter RoleName must be 1-64 letters, digits, dots and hyphens."
            );
        }
    }

    internal static void DemandPolicyName(string name)
    {
        if (!PolicyName().IsMatch(name))
        {
            throw new CloudError(
                400,
                "InvalidParameter.PolicyName.InvalidChars",
                "The parameter PolicyName must be 1-128 letters, digits and hyphens."
            );
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9.-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RoleName();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,128}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PolicyName();
}
