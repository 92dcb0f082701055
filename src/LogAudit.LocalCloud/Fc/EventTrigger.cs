using System.Text;
using LogAudit.LocalCloud.Events;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>An EventBridge trigger on the default bus: a rule named <c>{function}-{trigger}</c>, one event an invocation.</summary>
/// <remarks>Source: FC, EventBridge triggers; <c>asyncInvocationType: true</c> means asynchronous by the older text and the name (the newer text says the opposite).</remarks>
internal static class EventTrigger
{
    public static void Start(Cloud cloud, FunctionDefinition function, FunctionTrigger trigger)
    {
        var config = trigger.Config;
        if ((string?)config.SelectToken("eventSourceConfig.eventSourceType") is not "Default")
        {
            throw FcErrors.InvalidArgument("LocalCloud has only the event source Default");
        }

        var pattern = (string?)config["eventRuleFilterPattern"] ?? "";
        var name = $"{function.Name}-{trigger.Name}";
        var rules = cloud.Services.Get<EventBuses>().Rules(function.Account, function.Region);
        if (rules.Count >= EventBuses.MostRules)
        {
            throw FcErrors.InvalidArgument($"the default bus has {EventBuses.MostRules} rules already");
        }

        var retry = (string?)config.SelectToken("runOptions.retryStrategy.PushRetryStrategy") ?? "BACKOFF_RETRY";
        var rule = new EventRule(name, EventPattern.Parse(pattern), pattern)
        {
            Enabled = (bool?)config["triggerEnable"] ?? true,
        };
        rule.Targets["fc"] = new EventRuleTarget(
            "fc",
            FunctionTarget.TypeName,
            $"{function.Arn}#{trigger.Name}",
            retry,
            config
        );
        rules[name] = rule;
        trigger.Stopped.Register(() => rules.TryRemove(name, out _));
    }
}

/// <summary>Takes events for functions.</summary>
internal sealed class FunctionTarget(FunctionService functions, AsyncInvocations asynchronous) : IEventTarget
{
    public const string TypeName = "acs.fc.function";

    public string Type => TypeName;

    public async Task<bool> DeliverAsync(EventDelivery delivery, CancellationToken cancel)
    {
        if (functions.Find(delivery.Target.Endpoint.Split('#')[0]) is not { } function)
        {
            return false;
        }

        var body = Encoding.UTF8.GetBytes(delivery.Event.ToString(Formatting.None));
        if ((bool?)delivery.Target.Json["asyncInvocationType"] ?? false)
        {
            asynchronous.Accept(function, $"event {delivery.Rule}", body, TimeSpan.Zero);
            return true;
        }

        try
        {
            var requestId = Guid.NewGuid().ToString();
            return (await function.InvokeAsync($"event {delivery.Rule}", requestId, body, cancel)).Ok;
        }
        catch (CloudError)
        {
            return false;
        }
    }
}
