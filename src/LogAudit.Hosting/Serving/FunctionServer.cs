using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LogAudit.Hosting;

/// <summary>Answers the requests of the platform: the custom-runtime contract.</summary>
/// <remarks>
/// Routed by <c>x-fc-control-path</c> first, by path second. Success is HTTP 200 and <c>x-fc-status: 200</c>, failure HTTP 404 and <c>x-fc-status: 404</c>,
/// so that every caller that retries sees a function error. Source: Function Compute, "Custom runtime", principles and specification details.
/// </remarks>
internal sealed partial class FunctionServer(
    Task<FunctionHandler> composition,
    CurrentInvocation current,
    JsonLines lines,
    TimeProvider time,
    RunningInvocations running,
    TimeSpan otherLimit,
    ILogger<FunctionServer> logger
)
{
    /// <summary>Largest event. Source: limits of synchronous invocations.</summary>
    public const int MaxBodyBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopLast = TimeSpan.FromSeconds(5);

    /// <summary>Answers one request.</summary>
    public Task AnswerAsync(HttpContext http)
    {
        var control = http.Request.Headers[PlatformHeaders.ControlPath].ToString();
        var path = control.Length > 0 ? control : http.Request.Path.Value ?? "";
        return (http.Request.Method, path) switch
        {
            ("POST", "/invoke") => InvokeAsync(http),
            ("POST", "/initialize") => InitializeAsync(http),
            ("GET", "/pre-stop") => PreStopAsync(http),
            _ => RefuseAsync(http, path),
        };
    }

    private async Task InvokeAsync(HttpContext http)
    {
        var requestId = PlatformHeaders.RequestId(http.Request.Headers);
        lines.WritePlain($"FC Invoke Start RequestId: {requestId}");
        var failed = true;
        try
        {
            if (!running.TryBegin())
            {
                throw new InvocationRefusedException("This instance is stopping and takes no new work; try again.");
            }

            try
            {
                var answer = await RunAsync(http);
                await WriteAsync(http, StatusCodes.Status200OK, answer);
                failed = false;
            }
            finally
            {
                running.End();
            }
        }
#pragma warning disable CA1031 // The boundary of the invocation: whatever failed is told to the platform and logged.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            using var context = current.Begin(InvocationContext.None with { RequestId = requestId });
            LogFailed(failure, requestId);
            await WriteAsync(http, StatusCodes.Status404NotFound, FunctionErrors.For(failure, requestId));
        }
        finally
        {
            lines.WritePlain(
                $"FC Invoke End RequestId: {requestId}{(failed ? ", Error: Unhandled function error" : "")}"
            );
        }
    }

    private async Task<ReadOnlyMemory<byte>> RunAsync(HttpContext http)
    {
        var came = time.GetUtcNow();
        var body = await ReadBodyAsync(http);
        var invocation = PlatformHeaders.Invocation(http.Request.Headers, body, came, otherLimit);
        var handler = await composition;

        // The work is told to end while there is still time to answer.
        var reserve = invocation.Deadline.Reserve / 2;
        var margin = reserve < TimeSpan.FromSeconds(2) ? reserve : TimeSpan.FromSeconds(2);
        var left = invocation.Deadline.At - margin - time.GetUtcNow();
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, running.Stop);
        using var context = current.Begin(
            new(invocation.RequestId, invocation.Deadline, PlatformHeaders.Credentials(http.Request.Headers))
        );
        return await handler(invocation, cancel.Token);
    }

    private async Task InitializeAsync(HttpContext http)
    {
        var requestId = PlatformHeaders.RequestId(http.Request.Headers);
        lines.WritePlain($"FC Initialize Start RequestId: {requestId}");
        var failed = true;
        try
        {
            await composition;
            await WriteAsync(http, StatusCodes.Status200OK, ReadOnlyMemory<byte>.Empty);
            failed = false;
        }
#pragma warning disable CA1031 // The boundary of the initializer: whatever failed is told to the platform and logged.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogNotComposed(failure);
            await WriteAsync(http, StatusCodes.Status404NotFound, FunctionErrors.For(failure, requestId));
        }
        finally
        {
            lines.WritePlain(
                $"FC Initialize End RequestId: {requestId}{(failed ? ", Error: Unhandled function error" : "")}"
            );
        }
    }

    private async Task PreStopAsync(HttpContext http)
    {
        var requestId = PlatformHeaders.RequestId(http.Request.Headers);
        lines.WritePlain($"FC PreStop Start RequestId: {requestId}");
        if (await running.DrainAsync(StopPatience, StopLast, CancellationToken.None))
        {
            await WriteAsync(http, StatusCodes.Status200OK, ReadOnlyMemory<byte>.Empty);
        }
        else
        {
            LogNotDrained();
            await WriteAsync(
                http,
                StatusCodes.Status404NotFound,
                FunctionErrors.Refusal("PreStop", "An invocation did not end in time.", requestId)
            );
        }

        lines.WritePlain($"FC PreStop End RequestId: {requestId}");
    }

    private static Task RefuseAsync(HttpContext http, string path) =>
        WriteAsync(
            http,
            StatusCodes.Status404NotFound,
            FunctionErrors.Refusal(
                "NotFound",
                $"{http.Request.Method} {path} is not part of this function. It answers POST /invoke, POST /initialize and GET /pre-stop; it has no HTTP trigger.",
                PlatformHeaders.RequestId(http.Request.Headers)
            )
        );

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext http)
    {
        var length = http.Request.ContentLength;
        if (length > MaxBodyBytes)
        {
            throw TooLarge();
        }

        var body = new ArrayBufferWriter<byte>((int)Math.Max(length ?? 0, 256));
        while (true)
        {
            var count = await http.Request.Body.ReadAsync(body.GetMemory(4096), http.RequestAborted);
            if (count == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(count);
            if (body.WrittenCount > MaxBodyBytes)
            {
                throw TooLarge();
            }
        }
    }

    private static InvocationRefusedException TooLarge() =>
        new(
            $"The event is larger than {MaxBodyBytes} bytes, the most that the platform sends; nothing was read from it."
        );

    private static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        if (http.Response.HasStarted)
        {
            return;
        }

        http.Response.StatusCode = status;
        http.Response.Headers[PlatformHeaders.Status] = status == StatusCodes.Status200OK ? "200" : "404";
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    [LoggerMessage(7000, LogLevel.Error, "The invocation {RequestId} failed.")]
    private partial void LogFailed(Exception failure, string requestId);

    [LoggerMessage(
        7001,
        LogLevel.Error,
        "The function could not be set up; every invocation fails until this is mended."
    )]
    private partial void LogNotComposed(Exception failure);

    [LoggerMessage(
        7002,
        LogLevel.Warning,
        "The instance stops while an invocation still runs; its work is taken up by the next one."
    )]
    private partial void LogNotDrained();
}
