namespace LogAudit.Sls;

/// <summary>Whether a request may be sent again after an answer that does not tell if it took effect.</summary>
internal enum Repeat
{
    /// <summary>Only when it surely did not take effect.</summary>
    OnlyIfRefused,

    /// <summary>Always: sending twice does what sending once does, or the caller takes duplicates.</summary>
    Always,
}

/// <summary>What a failed try says about the request.</summary>
internal enum FailureOutcome
{
    /// <summary>Refused for good: it took no effect and will not.</summary>
    Refused,

    /// <summary>Refused by a quota: it took no effect, later it may.</summary>
    Throttled,

    /// <summary>Refused because the clocks differ: it took no effect, with a corrected clock it may.</summary>
    ClockSkewed,

    /// <summary>It never reached the service.</summary>
    NotSent,

    /// <summary>No answer, or an inner error: it may have taken effect.</summary>
    Unknown,
}

/// <summary>A failed try, classified.</summary>
/// <param name="Code">Code of the service; <c>NoAnswer</c> or <c>NotSent</c> without one.</param>
/// <param name="HttpStatus">Status; 0 without an answer.</param>
/// <param name="Outcome">What it says about the request.</param>
/// <param name="RetryAfter">The pause that the service asked for.</param>
internal sealed record SlsFailure(string Code, int HttpStatus, FailureOutcome Outcome, TimeSpan? RetryAfter = null)
{
    private static readonly HashSet<string> Quotas = new(StringComparer.OrdinalIgnoreCase)
    {
        "WriteQuotaExceed",
        "ReadQuotaExceed",
        "ShardWriteQuotaExceed",
        "ShardReadQuotaExceed",
        "MetaOperationQpsLimitExceeded",
    };

    private static readonly HashSet<string> Denials = new(StringComparer.OrdinalIgnoreCase)
    {
        "Unauthorized",
        "SignatureNotMatch",
        "InvalidAccessKeyId",
        "MissAccessKeyId",
        "ProjectForbidden",
        "SecurityTokenExpired",
    };

    /// <summary>No connection was made, so nothing was sent.</summary>
    public static SlsFailure NotSent { get; } = new("NotSent", 0, FailureOutcome.NotSent);

    /// <summary>Sent, or in part, and no whole answer came back.</summary>
    public static SlsFailure NoAnswer { get; } = new("NoAnswer", 0, FailureOutcome.Unknown);

    /// <summary>Classifies an answer that is not 200.</summary>
    public static SlsFailure Of(string code, int status, TimeSpan? retryAfter) =>
        new(
            code,
            status,
            code switch
            {
                "RequestTimeExpired" or "RequestTimeTooSkewed" => FailureOutcome.ClockSkewed,
                _ when status == 429 || Quotas.Contains(code) => FailureOutcome.Throttled,
                "InternalServerError" or "RequestTimeout" or "ServerBusy" => FailureOutcome.Unknown,
                "NotImplemented" => FailureOutcome.Refused,
                _ when status >= 500 => FailureOutcome.Unknown,
                _ => FailureOutcome.Refused,
            },
            retryAfter
        );

    /// <summary>Whether the identity lacks the right, or its credentials are wrong.</summary>
    public bool IsDenied =>
        HttpStatus == 401
        || Denials.Contains(Code)
        || (
            HttpStatus == 403 && Outcome is FailureOutcome.Refused && !Code.EndsWith("Exceed", StringComparison.Ordinal)
        );
}

/// <summary>The one decision on trying again.</summary>
internal static class SlsRetry
{
    /// <summary>Decides whether and when a failed request is sent again.</summary>
    /// <param name="failure">The failed try.</param>
    /// <param name="repeat">Whether the request may be sent after an unknown answer.</param>
    /// <param name="backoff">Pauses and tries.</param>
    /// <param name="attempt">Tries made so far, from 1.</param>
    /// <param name="draw">A random number in [0, 1).</param>
    /// <param name="left">Time left until the deadline.</param>
    public static RetryDecision For(
        SlsFailure failure,
        Repeat repeat,
        Backoff backoff,
        int attempt,
        double draw,
        TimeSpan left
    ) =>
        failure.Outcome switch
        {
            // Once: the clock is corrected from the answer's Date, a second time would say the same.
            FailureOutcome.ClockSkewed when attempt == 1 => new RetryDecision.Again(TimeSpan.Zero),
            FailureOutcome.Throttled or FailureOutcome.NotSent => backoff.Next(attempt, draw, failure.RetryAfter, left),
            FailureOutcome.Unknown when repeat == Repeat.Always => backoff.Next(
                attempt,
                draw,
                failure.RetryAfter,
                left
            ),
            _ => RetryDecision.Stop.Now,
        };
}
