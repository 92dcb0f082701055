using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Fc;

/// <summary>Asynchronous invocations: accepted at once, tried again after a failure, handed to the failure destination at the end.</summary>
/// <remarks>Source: FC, "error handling" (2026-04): function errors are retried up to the configured number, throttled events with a back-off of 0.5, 1, 2, 4 … s.</remarks>
internal sealed class AsyncInvocations(Cloud cloud, FunctionService service)
{
    private readonly NamedDelay retryPause = cloud.Delays.Declare(
        "fc async retry",
        TimeSpan.FromSeconds(10),
        "assumed: the pause between retries of a function error is not documented"
    );

    /// <summary>Accepts an event.</summary>
    public string Accept(DeployedFunction function, string cause, byte[] body, TimeSpan delay)
    {
        if (body.Length > 128 * 1024)
        {
            throw FcErrors.InvalidArgument($"an asynchronous body may have 128 KB, this one has {body.Length} bytes");
        }

        var requestId = Guid.NewGuid().ToString();
        cloud.Background.Start(
            $"async {function.Definition.Name}",
            async stop =>
            {
                await Task.Delay(delay, cloud.Clock, stop);
                await DeliverAsync(function, cause, requestId, body, stop);
            }
        );
        return requestId;
    }

    private async Task DeliverAsync(
        DeployedFunction function,
        string cause,
        string requestId,
        byte[] body,
        CancellationToken stop
    )
    {
        var accepted = cloud.Clock.GetUtcNow();
        var pause = TimeSpan.FromMilliseconds(500);
        var failures = 0;
        while (true)
        {
            try
            {
                var result = await function.InvokeAsync(cause, requestId, body, stop);
                if (result.Ok)
                {
                    return;
                }

                failures++;
                if (failures > function.Async.MaxRetries)
                {
                    GiveUp(function, requestId, body, "UnhandledInvocationError", failures, result);
                    return;
                }

                await Task.Delay(cloud.Delays.Of(retryPause), cloud.Clock, stop);
            }
            catch (CloudError error) when (error.Status == 429)
            {
                await Task.Delay(pause, cloud.Clock, stop);
                pause *= 2;
            }

            if (cloud.Clock.GetUtcNow() - accepted > function.Async.MaxAge)
            {
                GiveUp(function, requestId, body, "EventAgeExceeded", failures, result: null);
                return;
            }
        }
    }

    private void GiveUp(
        DeployedFunction function,
        string requestId,
        byte[] body,
        string condition,
        int count,
        InvocationResult? result
    )
    {
        if (service.Find(function.Async.OnFailure) is not { } destination)
        {
            return;
        }

        var payload = new JObject
        {
            ["timestamp"] = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            ["requestContext"] = new JObject
            {
                ["requestId"] = requestId,
                ["functionArn"] = function.Definition.Arn,
                ["condition"] = condition,
                ["approximateInvokeCount"] = count,
            },
            ["requestPayload"] = Encoding.UTF8.GetString(body),
            ["responseContext"] = new JObject { ["statusCode"] = 200, ["functionError"] = "UnhandledInvocationError" },
            ["responsePayload"] = result is null ? "" : Encoding.UTF8.GetString(result.Body),
        };
        Accept(destination, "destination", Encoding.UTF8.GetBytes(payload.ToString(Formatting.None)), TimeSpan.Zero);
    }
}
