namespace LogAudit.OpenApi;

/// <summary>A call of the control plane failed.</summary>
/// <remarks>The message says what failed, on what, what the service said and its request id; it carries no parameters, bodies, signatures or credentials.</remarks>
public sealed class OpenApiException : Exception
{
    internal OpenApiException(ApiFailure failure, Exception? inner = null)
        : base(failure.Describe(), inner) => Failure = failure;

    /// <summary>The action that failed, <c>Slb:DescribeLoadBalancers</c>.</summary>
    public string Action => $"{Failure.Product}:{Failure.Action}";

    /// <summary>The account in which it acted.</summary>
    public AccountId Account => Failure.Account;

    /// <summary>The region whose endpoint was called.</summary>
    public RegionId Region => Failure.Region;

    /// <summary>The error code of the service, for example <c>Throttling.User</c>; one of <see cref="ClientErrorCodes"/> when the service said nothing readable.</summary>
    public string Code => Failure.Code;

    /// <summary>HTTP status of the answer; 0 when none came.</summary>
    public int HttpStatus => Failure.Status;

    /// <summary>Request id of the service; empty when no answer came.</summary>
    public string RequestId => Failure.RequestId;

    /// <summary>What the service said; without secrets, at most 500 characters.</summary>
    public string ServiceMessage => Failure.Message;

    /// <summary>Whether a later try may succeed without anybody changing anything.</summary>
    public bool Retryable => Failure.Retryable;

    /// <summary>Whether a write may have been carried out although no success was heard: read the state back before anything else.</summary>
    public bool AnswerUnknown => Failure.AnswerUnknown;

    /// <summary>Whether the caller may not do it, or could not be identified: "could not tell", never "is not there".</summary>
    public bool IsDenied => ErrorCodes.IsDenied(Code);

    /// <summary>Whether the service limited the rate. Decided by the code: products answer it with 400, 429 or 503.</summary>
    public bool IsThrottled => ErrorCodes.IsThrottled(Code) || HttpStatus == 429;

    /// <summary>Whether the thing named in the call does not exist.</summary>
    public bool IsNotFound => ErrorCodes.IsNotFound(Code);

    internal ApiFailure Failure { get; }

    /// <summary>The same failure, told of an account and region where it names none: who reads a row does not know where its answer came from.</summary>
    public OpenApiException In(AccountId account, RegionId region) =>
        Failure.Account == default ? new(Failure with { Account = account, Region = region }, this) : this;

    /// <summary>A failure from its parts; see <see cref="In"/> for where it happened.</summary>
    public static OpenApiException Create(
        string product,
        string action,
        string code,
        int httpStatus,
        string message = "",
        bool answerUnknown = false,
        bool retryable = false
    ) =>
        new(
            new ApiFailure
            {
                Product = product,
                Action = action,
                Account = default,
                Region = default,
                Code = code,
                Status = httpStatus,
                Message = message,
                AnswerUnknown = answerUnknown,
                Retryable = retryable,
            }
        );
}

/// <summary>Codes of failures that the client itself found.</summary>
public static class ClientErrorCodes
{
    /// <summary>No answer within the limit of one call.</summary>
    public const string Timeout = "Client.Timeout";

    /// <summary>The connection could not be made, or broke before the answer was complete.</summary>
    public const string Network = "Client.Network";

    /// <summary>An answer came that is not what the protocol says: no JSON, a body over the limit, a missing member.</summary>
    public const string UnreadableAnswer = "Client.UnreadableAnswer";

    /// <summary>No time was left before the deadline of the invocation.</summary>
    public const string Deadline = "Client.Deadline";
}
