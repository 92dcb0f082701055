namespace LogAudit.Sls;

/// <summary>A call that SLS refused, or that got no usable answer.</summary>
/// <remarks>Carries no payload and no credentials.</remarks>
public sealed class SlsException : Exception
{
    internal SlsException(SlsFailure failure, SlsRequest request, string said, string requestId, Exception? inner)
        : base(
            $"{request.Call} on {request.Subject} failed: {said} ({failure.Code}, HTTP {failure.HttpStatus}, request {(requestId.Length == 0 ? "unknown" : requestId)}). {Advice(failure)}",
            inner
        )
    {
        Failure = failure;
        Call = request.Call;
        RequestId = requestId;
        AnswerUnknown = failure.Outcome == FailureOutcome.Unknown;
    }

    /// <summary>The API that was called, for example <c>GetCursor</c>.</summary>
    public string Call { get; }

    /// <summary>The service's code, for example <c>LogStoreNotExist</c>; <c>NoAnswer</c> when there was none.</summary>
    public string ErrorCode => Failure.Code;

    /// <summary>HTTP status; 0 when there was no answer.</summary>
    public int HttpStatus => Failure.HttpStatus;

    /// <summary>The id to give to the service's support; empty when there was no answer.</summary>
    public string RequestId { get; }

    /// <summary>Whether trying later can help. The client has already used its tries.</summary>
    public bool Retryable => Failure.Outcome is not FailureOutcome.Refused;

    /// <summary>Whether the call may have taken effect all the same: no answer, or an inner error of the service.</summary>
    public bool AnswerUnknown { get; }

    /// <summary>Whether something named in the call does not exist.</summary>
    public bool IsNotFound => ErrorCode.EndsWith("NotExist", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the identity lacks the right, or its credentials are wrong.</summary>
    public bool IsDenied => Failure.IsDenied;

    /// <summary>Whether a quota was hit.</summary>
    public bool IsThrottled => Failure.Outcome is FailureOutcome.Throttled;

    /// <summary>Whether another consumer now holds the shard, or the group no longer knows this one.</summary>
    /// <remarks>The service misspells two of the codes; both spellings count. Source: the official Go SDK.</remarks>
    public bool IsShardLost => IsAny("ConsumerNotMatch ConsumerNotExsit ConsumerNotExist ShardNotExsit ShardNotExist");

    internal SlsFailure Failure { get; }

    /// <summary>Whether the code is one of a list separated by spaces. The service spells some codes in two ways: case does not matter.</summary>
    internal bool IsAny(string codes) => codes.Split(' ').Contains(ErrorCode, StringComparer.OrdinalIgnoreCase);

    private static string Advice(SlsFailure failure) =>
        failure switch
        {
            { HttpStatus: 0 } => "Check the network to the endpoint and its region.",
            { IsDenied: true } =>
                "Check the RAM policy of the role, and that the credentials are those of the right account.",
            { Outcome: FailureOutcome.Throttled } =>
                "A quota of the service was hit: call less often, or split the shard.",
            { Outcome: FailureOutcome.ClockSkewed } => "Check the clock of this machine.",
            { Outcome: FailureOutcome.Unknown } => "The service had an inner error: try again later.",
            _ when failure.Code.EndsWith("NotExist", StringComparison.OrdinalIgnoreCase) =>
                "Check name and region; what was just made shows after up to a minute.",
            _ => "Check the request against the service's documentation of this code.",
        };
}

/// <summary>An answer of SLS that cannot be read: wrong size, broken compression, broken protobuf or JSON.</summary>
/// <param name="message">What failed, on what, at which byte.</param>
/// <param name="inner">What the reader said.</param>
public sealed class SlsDataException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the answer got broken on its way, or is none of the service: asking again may bring a whole one. False where the stored data itself is broken.</summary>
    public bool IsAnswerBroken { get; init; }
}
