using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using static LogAudit.LocalCloud.Kernel.ApiParameter;

namespace LogAudit.LocalCloud.Events;

/// <summary>Rules and targets of the default bus by API, EventBridge 2020-04-01.</summary>
/// <remarks>Parameters from the metadata; error codes other than those of limits are assumed.</remarks>
internal static class EventBridgeApi
{
    private const string Product = "eventbridge";
    private const string Version = "2020-04-01";

    public static void Register(Cloud cloud, EventBuses buses)
    {
        cloud.Api.Hosts(Product, "eventbridge-console.{region}.aliyuncs.com");
        ApiParameter bus = RequiredText("EventBusName"),
            name = RequiredText("RuleName");
        Write(
            "CreateRule",
            [bus, name, RequiredText("FilterPattern"), Text("Status"), Text("Description"), Json("EventTargets")],
            Create
        );
        Write("UpdateRule", [bus, name, RequiredText("FilterPattern"), Text("Status"), Text("Description")], Update);
        Write("DeleteRule", [bus, name], Delete);
        Write("EnableRule", [bus, name], call => Enable(call, enabled: true));
        Write("DisableRule", [bus, name], call => Enable(call, enabled: false));
        Write("PutTargets", [bus, name, Json("Targets").Needed()], PutTargets);
        Write("DeleteTargets", [bus, name, Json("TargetIds")], DeleteTargets);
        Read("GetRule", [bus, name], call => Done(Describe(Rule(call))));
        Read("ListRules", [bus, Text("RuleNamePrefix"), Text("NextToken"), Integer("Limit")], ListRules);
        Read(
            "ListTargets",
            [Text("EventBusName"), Text("RuleName"), Text("Arn"), Text("NextToken"), Integer("Limit")],
            ListTargets
        );

        void Write(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(Product, Version, action, parameters, Ram(action), isWrite: true, run);

        void Read(string action, IReadOnlyList<ApiParameter> parameters, Func<ApiCall, JObject> run) =>
            cloud.Api.Rpc(Product, Version, action, parameters, Ram(action), isWrite: false, run);

        JObject Create(ApiCall call)
        {
            Offered.Demand(call);
            var rules = buses.Rules(call.AccountId, call.Region);
            DemandBus(call);
            if (rules.Count >= EventBuses.MostRules)
            {
                throw new CloudError(
                    409,
                    "EventRuleCountExceedLimit",
                    $"A bus has at most {EventBuses.MostRules} rules."
                );
            }
            var rule = new EventRule(call.Text("RuleName"), Pattern(call), call.Text("FilterPattern"))
            {
                Enabled = call.Optional("Status") is not "DISABLE",
                Description = call.Optional("Description") ?? "",
            };
            Add(rule, call.Optional("EventTargets") ?? "[]", call);
            return rules.TryAdd(rule.Name, rule)
                ? Done(new JObject { ["EventBusName"] = "default", ["RuleARN"] = Arn(call, rule.Name) })
                : throw new CloudError(409, "EventRuleExisted", $"The event rule {rule.Name} already exists.");
        }

        JObject Update(ApiCall call)
        {
            var rule = Rule(call);
            rule.Change(Pattern(call), call.Text("FilterPattern"));
            rule.Enabled = call.Optional("Status") is not "DISABLE";
            rule.Description = call.Optional("Description") ?? rule.Description;
            return Done([]);
        }

        JObject Delete(ApiCall call)
        {
            buses.Rules(call.AccountId, call.Region).TryRemove(Rule(call).Name, out _);
            return Done([]);
        }

        JObject Enable(ApiCall call, bool enabled)
        {
            Rule(call).Enabled = enabled;
            return Done([]);
        }

        JObject PutTargets(ApiCall call)
        {
            Add(Rule(call), call.Text("Targets"), call);
            return Done(new JObject { ["ErrorEntries"] = new JArray(), ["ErrorEntriesCount"] = 0 });
        }

        JObject DeleteTargets(ApiCall call)
        {
            foreach (var id in call.List("TargetIds"))
            {
                Rule(call).Targets.Remove(id);
            }
            return Done(new JObject { ["ErrorEntries"] = new JArray(), ["ErrorEntriesCount"] = 0 });
        }

        JObject ListRules(ApiCall call)
        {
            DemandBus(call);
            var prefix = call.Optional("RuleNamePrefix") ?? "";
            var rows = buses
                .Rules(call.AccountId, call.Region)
                .Values.Where(rule => rule.Name.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(rule => rule.Name, StringComparer.Ordinal)
                .ToList();
            var from = Pages.From(call.Optional("NextToken"));
            var limit = call.Integer("Limit", 100, 1, 100);
            return Done(
                new JObject
                {
                    ["Rules"] = new JArray(rows.Skip(from).Take(limit).Select(Describe)),
                    ["NextToken"] = from + limit < rows.Count ? Pages.Token(from + limit) : "",
                    ["Total"] = rows.Count,
                }
            );
        }

        JObject ListTargets(ApiCall call) =>
            Done(
                new JObject
                {
                    ["Targets"] = new JArray(Rule(call).Targets.Values.Select(target => target.Json.DeepClone())),
                }
            );

        EventRule Rule(ApiCall call)
        {
            DemandBus(call);
            return buses.Rules(call.AccountId, call.Region).GetValueOrDefault(call.Optional("RuleName") ?? "")
                ?? throw new CloudError(
                    404,
                    "EventRuleNotExisted",
                    $"The event rule {call.Optional("RuleName")} does not exist."
                );
        }
    }

    private static RamRule Ram(string action) =>
        new(
            $"eventbridge:{action}",
            call =>
                $"acs:eventbridge:{call.Region}:{call.AccountId}:eventbus/{call.Optional("EventBusName") ?? "*"}/rule/{call.Optional("RuleName") ?? "*"}"
        );

    private static void DemandBus(ApiCall call)
    {
        if (call.Optional("EventBusName") is not "default")
        {
            throw new CloudError(
                404,
                "EventBusNotExist",
                $"The event bus {call.Optional("EventBusName")} does not exist; LocalCloud has the default bus."
            );
        }
    }

    private static EventPattern Pattern(ApiCall call)
    {
        try
        {
            return EventPattern.Parse(call.Text("FilterPattern"));
        }
        catch (EventPatternException refused)
        {
            throw new CloudError(400, "EventRuleFilterPatternInvalid", refused.Message);
        }
    }

    private static void Add(EventRule rule, string targets, ApiCall call)
    {
        foreach (var json in JArray.Parse(targets).OfType<JObject>())
        {
            var id = (string?)json["Id"];
            var type = (string?)json["Type"];
            var endpoint = (string?)json["Endpoint"];
            if (id is null || type is null || endpoint is null)
            {
                throw new CloudError(400, "InvalidArgument", "A target needs Id, Type and Endpoint.");
            }
            // Targets must be in the same region and account. Source: section 6, limits.
            var parts = endpoint.Split(':', 5);
            if (parts is ["acs", _, var region, var account, _] && (region != call.Region || account != call.AccountId))
            {
                throw new CloudError(
                    400,
                    "InvalidArgument",
                    $"The target {endpoint} is not in the account and region of the bus."
                );
            }
            rule.Targets[id] = new EventRuleTarget(
                id,
                type,
                endpoint,
                (string?)json["PushRetryStrategy"] ?? "BACKOFF_RETRY",
                json
            );
        }
        if (rule.Targets.Count > EventBuses.MostTargets)
        {
            throw new CloudError(
                409,
                "EventRuleTargetCountExceedLimit",
                $"A rule has at most {EventBuses.MostTargets} targets."
            );
        }
    }

    private static JObject Describe(EventRule rule) =>
        new()
        {
            ["EventBusName"] = "default",
            ["RuleName"] = rule.Name,
            ["Description"] = rule.Description,
            ["FilterPattern"] = rule.PatternText,
            ["Status"] = rule.Enabled ? "ENABLE" : "DISABLE",
            ["Targets"] = new JArray(rule.Targets.Values.Select(target => target.Json.DeepClone())),
        };

    private static string Arn(ApiCall call, string rule) =>
        $"acs:eventbridge:{call.Region}:{call.AccountId}:eventbus/default/rule/{rule}";

    private static JObject Done(JObject data) =>
        new()
        {
            ["Code"] = "Success",
            ["Message"] = "Operation success",
            ["Success"] = true,
            ["Data"] = data,
        };
}
