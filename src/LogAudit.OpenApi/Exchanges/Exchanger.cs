using Microsoft.Extensions.Logging;

namespace LogAudit.OpenApi;

/// <summary>Sends exchanges: rate limit, signature, time limit, size limit, and the one retry decision.</summary>
#pragma warning disable CA1001 // The invoker leaves the handler to its owner, so it holds nothing to dispose of.
internal sealed partial class Exchanger(
    HttpMessageHandler handler,
    EndpointOverride endpoint,
    TimeProvider time,
    CurrentInvocation invocation,
    OpenApiOptions options,
    ILogger logger
)
#pragma warning restore CA1001
{
    private readonly HttpMessageInvoker http = new(handler, disposeHandler: false);
    private readonly RateLimits limits = new(options, time);

    /// <summary>Sends until a success, or until the retry decision says stop.</summary>
    /// <returns>The body of the successful answer.</returns>
    public async Task<byte[]> SendAsync(Exchange what, ICredentialSource credentials, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await PaceAsync(what, cancel);
            var key = await credentials.GetAsync(cancel);
            var outcome = await TryAsync(what, key, cancel);
            if (outcome.Error is null)
            {
                limits.For(what.Product, what.Action, what.Account).Tell(throttled: false);
                return outcome.Body;
            }

            var verdict = OpenApiRetry.For(
                outcome.End,
                outcome.Error.Code,
                outcome.Status,
                what.Writes,
                attempt,
                Draw(),
                outcome.RetryAfter,
                invocation.Deadline.Remaining(time.GetUtcNow()),
                options.Backoff
            );
            if (ErrorCodes.IsThrottled(outcome.Error.Code) || outcome.Status == 429)
            {
                limits.For(what.Product, what.Action, what.Account).Tell(throttled: true);
            }

            if (verdict.Decision is not RetryDecision.Again again)
            {
                throw new OpenApiException(
                    what.Failure(
                        outcome.Error.Code,
                        ServiceMessage.Clean(outcome.Error.Message, key),
                        outcome.Status
                    ) with
                    {
                        RequestId = outcome.Error.RequestId,
                        Retryable = verdict.Retryable,
                        AnswerUnknown = verdict.AnswerUnknown,
                    },
                    outcome.Cause
                );
            }

            LogRetry(
                what.Product,
                what.Action,
                what.Account,
                what.Region,
                outcome.Error.Code,
                outcome.Status,
                attempt,
                (long)again.After.TotalMilliseconds
            );
            await Task.Delay(again.After, time, cancel);
        }
    }

    private async Task PaceAsync(Exchange what, CancellationToken cancel)
    {
        var left = invocation.Deadline.Remaining(time.GetUtcNow());
        var pause = left > TimeSpan.Zero ? limits.For(what.Product, what.Action, what.Account).Take() : TimeSpan.Zero;
        if (left <= pause)
        {
            throw new OpenApiException(
                what.Failure(ClientErrorCodes.Deadline, "no time is left for new work; the next run goes on") with
                {
                    Retryable = true,
                }
            );
        }

        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, cancel);
        }
    }

    private async Task<TryOutcome> TryAsync(Exchange what, Credentials key, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(TimeLimit(), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var request = what.Sign(key, time.GetUtcNow()).ToMessage(endpoint);
            using var response = await http.SendAsync(request, both.Token);
            var status = (int)response.StatusCode;
            var body = await ReadAsync(response.Content, both.Token);
            var error = body is null
                ? new ServiceError(
                    ClientErrorCodes.UnreadableAnswer,
                    $"the answer is larger than {options.MaxAnswerBytes} bytes",
                    ""
                )
                : what.ReadError(status, body);
            return new(TryEnd.Answered, error, status, body ?? [], RetryAfter(response), Cause: null);
        }
        catch (OperationCanceledException cause) when (!cancel.IsCancellationRequested)
        {
            return Lost(TryEnd.AnswerLost, ClientErrorCodes.Timeout, "no answer in time", cause);
        }
        catch (HttpRequestException cause)
        {
            var end = cause.HttpRequestError
                is HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
                ? TryEnd.NotSent
                : TryEnd.AnswerLost;
            return Lost(end, ClientErrorCodes.Network, $"{cause.HttpRequestError}", cause);
        }
        catch (IOException cause)
        {
            return Lost(TryEnd.AnswerLost, ClientErrorCodes.Network, "the answer broke off", cause);
        }
    }

    private static TryOutcome Lost(TryEnd end, string code, string message, Exception cause) =>
        new(end, new ServiceError(code, message, ""), Status: 0, [], RetryAfter: null, cause);

    private TimeSpan TimeLimit()
    {
        var deadline = invocation.Deadline;
        var left = deadline.At == DateTimeOffset.MaxValue ? options.CallTimeout : deadline.At - time.GetUtcNow();
        return left < options.CallTimeout
            ? (left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1))
            : options.CallTimeout;
    }

    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancel)
    {
        if (content.Headers.ContentLength > options.MaxAnswerBytes)
        {
            return null;
        }

        using var stream = await content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await stream.ReadAsync(piece, cancel) is > 0 and var count)
        {
            if (body.Length + count > options.MaxAnswerBytes)
            {
                return null;
            }

            body.Write(piece, 0, count);
        }

        return body.ToArray();
    }

    // Milliseconds, at most two minutes: so the official client reads it.
    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-acs-retry-after", out var values)
        && long.TryParse(
            values.FirstOrDefault(),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var milliseconds
        )
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, 120_000))
            : null;

#pragma warning disable CA5394 // Spreads retries over time; nothing depends on its secrecy.
    private static double Draw() => Random.Shared.NextDouble();
#pragma warning restore CA5394

    private sealed record TryOutcome(
        TryEnd End,
        ServiceError? Error,
        int Status,
        byte[] Body,
        TimeSpan? RetryAfter,
        Exception? Cause
    );

    [LoggerMessage(
        2000,
        LogLevel.Debug,
        "{Product}:{Action} in account {Account}, region {Region} failed with {Code} (HTTP {Status}) at try {Attempt}; next try in {PauseMs} ms."
    )]
    private partial void LogRetry(
        string product,
        string action,
        AccountId account,
        RegionId region,
        string code,
        int status,
        int attempt,
        long pauseMs
    );
}
