namespace LogAudit.OpenApi;

/// <summary>How a try ended without success.</summary>
internal enum TryEnd
{
    /// <summary>The service answered with an error.</summary>
    Answered,

    /// <summary>No connection was made: the service never saw the call.</summary>
    NotSent,

    /// <summary>The call was sent and the answer did not come whole: what the service did is not known.</summary>
    AnswerLost,
}

/// <summary>What follows from a failed try.</summary>
/// <param name="Decision">Again or not.</param>
/// <param name="Retryable">Whether a later try may succeed without anybody changing anything.</param>
/// <param name="AnswerUnknown">Whether a write may have been carried out.</param>
internal readonly record struct RetryVerdict(RetryDecision Decision, bool Retryable, bool AnswerUnknown);

/// <summary>The one retry decision of the control plane. Pure; there is no second retry around it.</summary>
internal static class OpenApiRetry
{
    /// <summary>Decides what follows from a failed try.</summary>
    /// <param name="end">How the try ended.</param>
    /// <param name="code">Error code of the service; empty when none came.</param>
    /// <param name="status">HTTP status; 0 when none came.</param>
    /// <param name="writes">Whether the call changes something.</param>
    /// <param name="attempt">Tries made so far, from 1.</param>
    /// <param name="draw">A random number in [0, 1).</param>
    /// <param name="retryAfter">Pause that the service asked for.</param>
    /// <param name="left">Time left until new work is no longer allowed.</param>
    /// <param name="backoff">Tries and pauses.</param>
    public static RetryVerdict For(
        TryEnd end,
        string code,
        int status,
        bool writes,
        int attempt,
        double draw,
        TimeSpan? retryAfter,
        TimeSpan left,
        Backoff backoff
    )
    {
        var unknown = writes && IsUnknown(end, code, status);
        var retryable = IsPassing(end, code, status);
        return unknown || !retryable
            ? new(RetryDecision.Stop.Now, retryable, unknown)
            : new(backoff.Next(attempt, draw, retryAfter, left), Retryable: true, AnswerUnknown: false);
    }

    // A throttled or unavailable service took nothing in; any other 5xx may stand for half-done work.
    private static bool IsUnknown(TryEnd end, string code, int status) =>
        end == TryEnd.AnswerLost
        || (
            end == TryEnd.Answered
            && (
                ErrorCodes.IsRepeated(code)
                || (status >= 500 && !ErrorCodes.IsThrottled(code) && !ErrorCodes.IsUnavailable(code))
            )
        );

    private static bool IsPassing(TryEnd end, string code, int status) =>
        end != TryEnd.Answered
        || ErrorCodes.IsThrottled(code)
        || ErrorCodes.IsUnavailable(code)
        || ErrorCodes.IsRepeated(code)
        || status is 408 or 429 or >= 500;
}
