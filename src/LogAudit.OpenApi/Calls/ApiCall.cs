using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>One call of a control-plane API, as a value.</summary>
public sealed record ApiCall
{
    /// <summary>The API.</summary>
    public required ApiProduct Product { get; init; }

    /// <summary>The action, for example <c>DescribeLoadBalancers</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The account in which the call acts; chooses the credentials.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The region whose endpoint is called. An API that wants a <c>RegionId</c> parameter gets it only from <see cref="Parameters"/>.</summary>
    public required RegionId Region { get; init; }

    /// <summary>Parameters in the query (metadata position <c>Query</c>).</summary>
    public ApiParameters Parameters { get; init; } = ApiParameters.None;

    /// <summary>Parameters in the form body (metadata positions <c>Body</c> and <c>FormData</c> of RPC actions). Not together with <see cref="Body"/>.</summary>
    public ApiParameters Form { get; init; } = ApiParameters.None;

    /// <summary>JSON body of a ROA call; null for none.</summary>
    public JToken? Body { get; init; }

    /// <summary>HTTP method. Default POST; a few RPC actions accept only GET (ActionTrail StopLogging).</summary>
    public string Method { get; init; } = "POST";

    /// <summary>Path, not percent-encoded. <c>/</c> for RPC.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Whether the call changes something. A write with an unknown answer is not sent again; it throws with <see cref="OpenApiException.AnswerUnknown"/>.</summary>
    public bool Writes { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Product.Code}:{Action} in account {Account}, region {Region}";
}
