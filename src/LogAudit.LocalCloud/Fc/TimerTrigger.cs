using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>A timer: fires asynchronously, its period scaled like the other delays.</summary>
internal static class TimerTrigger
{
    public static void Start(
        Cloud cloud,
        AsyncInvocations asynchronous,
        Func<DeployedFunction> function,
        FunctionTrigger trigger
    )
    {
        var schedule = TimerSchedule.Parse(
            (string?)trigger.Config["cronExpression"] ?? throw FcErrors.InvalidArgument("cronExpression is required")
        );
        if (trigger.Config["enable"]?.Type != JTokenType.Boolean)
        {
            throw FcErrors.InvalidArgument("enable is required and must be true or false");
        }

        if (!(bool)trigger.Config["enable"]!)
        {
            return;
        }

        cloud.Background.Start(
            $"timer {trigger.Name}",
            async stop =>
            {
                using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, trigger.Stopped);
                while (!trigger.Stopped.IsCancellationRequested)
                {
                    try
                    {
                        await Task.Delay(
                            schedule.Until(cloud.Clock.GetUtcNow()) / cloud.Delays.Scale,
                            cloud.Clock,
                            both.Token
                        );
                    }
                    catch (OperationCanceledException) when (trigger.Stopped.IsCancellationRequested)
                    {
                        return;
                    }

                    trigger.Fired++;
                    asynchronous.Accept(function(), $"timer {trigger.Name}", Event(cloud, trigger), TimeSpan.Zero);
                }
            }
        );
    }

    private static byte[] Event(Cloud cloud, FunctionTrigger trigger) =>
        Encoding.UTF8.GetBytes(
            new JObject
            {
                ["triggerTime"] = cloud
                    .Clock.GetUtcNow()
                    .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["triggerName"] = trigger.Name,
                // A text even where it holds JSON.
                ["payload"] = (string?)trigger.Config["payload"] ?? "",
            }.ToString(Formatting.None)
        );
}
