using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>Writes trust policies.</summary>
internal static class TrustPolicies
{
    /// <summary>Trusts RAM principals: <c>acs:ram::{uid}:root</c>, a role, a user.</summary>
    public static string Ram(params IEnumerable<string> arns) => Text("RAM", arns);

    /// <summary>Trusts services: <c>fc.aliyuncs.com</c>, <c>{uid}@log.aliyuncs.com</c>.</summary>
    public static string Service(params IEnumerable<string> services) => Text("Service", services);

    private static string Text(string kind, IEnumerable<string> principals) =>
        new JObject
        {
            ["Version"] = "1",
            ["Statement"] = new JArray(
                new JObject
                {
                    ["Action"] = "sts:AssumeRole",
                    ["Effect"] = "Allow",
                    ["Principal"] = new JObject { [kind] = new JArray(principals) },
                }
            ),
        }.ToString(Formatting.None);
}
