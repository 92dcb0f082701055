namespace LogAudit.OpenApi;

/// <summary>One request to a service of the cloud, before it is signed; knows nothing of retries.</summary>
internal abstract class Exchange
{
    public required string Product { get; init; }
    public required string Action { get; init; }
    public required AccountId Account { get; init; }
    public required RegionId Region { get; init; }

    /// <summary>Whether the request changes something.</summary>
    public required bool Writes { get; init; }

    /// <summary>A fresh signed request: every try has its own date and nonce.</summary>
    public abstract SignedRequest Sign(Credentials key, DateTimeOffset now);

    /// <summary>The error in an answer; null for a success.</summary>
    public abstract ServiceError? ReadError(int status, byte[] body);

    /// <summary>A failure of this exchange.</summary>
    public ApiFailure Failure(string code, string message = "", int status = 0) =>
        new()
        {
            Product = Product,
            Action = Action,
            Account = Account,
            Region = Region,
            Code = code,
            Message = message,
            Status = status,
        };
}

/// <summary>A request ready to be sent.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Host">Real host: the one that is signed and sent as <c>Host</c>.</param>
/// <param name="PathAndQuery">Percent-encoded.</param>
/// <param name="Headers">Headers apart from <c>Host</c>.</param>
/// <param name="Body">Body; null for none.</param>
internal sealed record SignedRequest(
    string Method,
    string Host,
    string PathAndQuery,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[]? Body
)
{
    /// <summary>The message, directed to the real host or to the address that stands in for it.</summary>
    public HttpRequestMessage ToMessage(EndpointOverride endpoint)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), endpoint.For(Host, PathAndQuery))
        {
            Version = System.Net.HttpVersion.Version11,
        };
        message.Headers.Host = Host;
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
        }

        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                (message.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }
}

/// <summary>What a service says about a failure.</summary>
/// <param name="Code">Its error code; one of <see cref="ClientErrorCodes"/> when it said nothing readable.</param>
/// <param name="Message">Its message.</param>
/// <param name="RequestId">Its request id; empty when it gave none.</param>
internal sealed record ServiceError(string Code, string Message, string RequestId);
