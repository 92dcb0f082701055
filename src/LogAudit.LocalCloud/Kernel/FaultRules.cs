using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// Fault rules as JSON: <c>{"name":"slow slb","kind":"Throttle","product":"Slb","action":"Describe*","account":"…","writes":false,
/// "probability":0.05,"count":3,"seconds":1.5,"status":429,"code":"Throttling.Api"}</c>; name and kind are required.
/// </summary>
internal static class FaultRules
{
    public static FaultRule Parse(JObject json) =>
        new(
            (string?)json["name"] ?? throw Bad("name is missing"),
            Enum.TryParse<FaultKind>((string?)json["kind"], ignoreCase: true, out var kind)
                ? kind
                : throw Bad($"kind must be one of {string.Join(", ", Enum.GetNames<FaultKind>())}")
        )
        {
            Product = (string?)json["product"],
            Action = (string?)json["action"],
            AccountId = (string?)json["account"],
            Writes = (bool?)json["writes"],
            Probability = (double?)json["probability"] ?? 1,
            Count = (int?)json["count"],
            Length = TimeSpan.FromSeconds((double?)json["seconds"] ?? 1),
            Status = (int?)json["status"],
            Code = (string?)json["code"],
        };

    internal static JObject Add(Cloud cloud, JObject json)
    {
        var rule = Parse(json);
        cloud.Faults.Add(rule);
        return new() { ["added"] = rule.Name };
    }

    internal static JObject Remove(Cloud cloud, string? name)
    {
        if (name is not null)
        {
            return new() { ["removed"] = cloud.Faults.Remove(name) };
        }
        cloud.Faults.Clear();
        return new() { ["removed"] = true };
    }

    private static CloudError Bad(string why) => new(400, "InvalidFault", $"The fault rule is not usable: {why}.");
}
