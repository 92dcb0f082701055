using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>What the properties of a protected object or domain say about its log, and the changes that mend it.</summary>
internal static class WafLog
{
    public const string Service = "waf.log-service";
    public const string OfObject = "waf.object-log";
    public const string OfDomain = "waf.domain-log";

    public static SettingState State(bool on) => SettingState.Of(("status", on ? "on" : "off"));

    /// <summary>The switch of an object or domain.</summary>
    public static SettingRef SwitchOf(ResourceRef one) =>
        new(
            one.Properties["generation"] is "2.0" ? OfDomain : OfObject,
            one.Account,
            one.Region,
            $"{one.Properties["instance.id"]}/{one.Id}"
        );

    /// <summary>Instance and, of an object's switch, its id.</summary>
    public static (string Instance, string Id) Parts(SettingRef setting) =>
        setting.Id.Split('/', 2) is [var instance, var id] ? (instance, id) : (setting.Id, "");

    /// <summary>DescribeUserWafLogStatus as we say it: on, off, or the service's own word for what lies between.</summary>
    public static string StatusOf(JObject service) =>
        service.TextOf("LogStatus") switch
        {
            "normal" => "on",
            "" => "off",
            var between => between,
        };

    /// <summary>Whether the log service of its instance is open, so that objects can be switched.</summary>
    public static bool IsOpen(ResourceRef one) => one.Properties["logs"] is "on";

    /// <summary>Why nothing can be switched now; null when everything can.</summary>
    public static Observation? NotReady(ResourceRef one) =>
        (one.Properties["status"], one.Properties["logs"]) switch
        {
            ("initializing", _) => new Observation.Unknown($"{one.Id} is being brought in", LookAgain: true),
            ("init_failed", _) => new Observation.Disabled($"{one.Id} could not be brought in by WAF")
            {
                Todo = "look at the protected object in the WAF console, remove it and add it again",
            },
            (_, "initializing" or "releasing") => new Observation.Unknown(
                $"the log service of {one.Properties["instance.id"]} is {one.Properties["logs"]}",
                LookAgain: true
            ),
            (_, "on" or "off") => null,
            (_, var failed) => new Observation.Disabled(
                $"the log service of {one.Properties["instance.id"]} is in the state {failed}"
            )
            {
                Todo = "open Log Service in the WAF console again; if it fails again, open a support ticket",
            },
        };

    /// <summary>What opens the log service and switches the log on.</summary>
    public static IEnumerable<SettingChange> Fixes(ResourceRef one, bool on)
    {
        if (!IsOpen(one))
        {
            var instance = one.Properties["instance.id"];
            yield return new SettingChange(
                new SettingRef(Service, one.Account, one.Region, instance),
                State(on: false),
                State(on: true),
                $"the log service of {instance} is not open"
            )
            {
                Reversal = Reversal.Cannot,
            };
        }

        if (!on)
        {
            yield return new SettingChange(SwitchOf(one), State(on: false), State(on: true), $"log of {one.Id} is off");
        }
    }

    /// <summary>Off in part, when only a share of the requests is logged; null when all are.</summary>
    public static Observation? Sampled(ResourceRef one) =>
        one.Properties["sampled"] is { Length: > 0 } sampled
            ? new Observation.Disabled($"WAF logs only a share of the requests: {sampled}")
            {
                Todo = "WAF console > Log Service > Log Settings: set every log type to 100 %",
            }
            : null;

    /// <summary>The log types of DescribeUserLogFieldConfig that are logged in part, with their rates; empty when none is.</summary>
    public static string SampledTypes(JObject config)
    {
        var strategy = config.TextOf("LogDeliveryStrategy");
        try
        {
            return string.Join(
                ", ",
                JArray
                    .Parse(strategy.Length == 0 ? "[]" : strategy)
                    .Where(row => row.TextOf("rate") is { Length: > 0 } rate and not "100")
                    .Select(row => $"{row.TextOf("logType")} {row.TextOf("rate")} %")
            );
        }
        catch (JsonException)
        {
            throw Rows.Unreadable("waf-openapi", "DescribeUserLogFieldConfig", "LogDeliveryStrategy is no JSON list");
        }
    }
}
