using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>An EventBridge trigger on the default bus: a rule named <c>{function}-{trigger}</c>, one event an invocation.</summary>
/// <remarks>Source: FC, EventBridge triggers; <c>asyncInvocationType: true</c> means asynchronous by the older text and the name (the newer text says the opposite).</remarks>
internal static class EventTrigger
{
    public static void Start(
        Cloud cloud,
        AsyncInvocations asynchronous,
        Func<DeployedFunction> function,
        FunctionTrigger trigger
    )
    {
        var config = trigger.Config;
        if ((string?)config.SelectToken("eventSourceConfig.eventSourceType") is not "Default")
        {
            throw FcErrors.InvalidArgument("LocalCloud has only the event source Default");
        }

        var buses = cloud.Services.Get<IEventBuses>();
        var (account, region) = (function().Definition.Account, function().Definition.Region);
        var rule = $"{function().Definition.Name}-{trigger.Name}";
        if (config["triggerEnable"]?.Type == JTokenType.Boolean && !(bool)config["triggerEnable"]!)
        {
            return;
        }

        JObject pattern;
        try
        {
            pattern = JObject.Parse((string?)config["eventRuleFilterPattern"] ?? "");
        }
        catch (JsonException error)
        {
            throw FcErrors.InvalidArgument($"eventRuleFilterPattern is not a JSON text: {error.Message}");
        }

        buses.PutRule(
            account,
            region,
            rule,
            pattern,
            (string?)config.SelectToken("runOptions.retryStrategy.PushRetryStrategy") ?? "BACKOFF_RETRY",
            DeliverAsync
        );
        trigger.Stopped.Register(() => buses.RemoveRule(account, region, rule));

        async Task<bool> DeliverAsync(JObject happened, CancellationToken cancel)
        {
            trigger.Fired++;
            var body = Encoding.UTF8.GetBytes(happened.ToString(Formatting.None));
            if ((bool?)config["asyncInvocationType"] ?? false)
            {
                asynchronous.Accept(function(), $"event {trigger.Name}", body, TimeSpan.Zero);
                return true;
            }

            try
            {
                var requestId = Guid.NewGuid().ToString();
                return (await function().InvokeAsync($"event {trigger.Name}", requestId, body, cancel)).Ok;
            }
            catch (CloudError)
            {
                return false;
            }
        }
    }
}
