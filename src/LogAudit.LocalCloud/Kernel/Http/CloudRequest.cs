using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>One parameter of a query string or form: decoded, and whether the wire had an equals sign.</summary>
internal readonly record struct WireParameter(string Name, string Value, bool HasEquals);

/// <summary>A request as it came over the wire, wholly read: what signatures are checked against.</summary>
internal sealed class CloudRequest
{
    public required Cloud Cloud { get; init; }

    /// <summary>Id of this request: 24 upper-case hex digits on SLS and OSS, a UUID elsewhere; made by the gateway's host.</summary>
    public required string RequestId { get; init; }

    /// <summary>When its head had arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Upper-case HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Host header as sent, with its port if there was one: what signatures cover.</summary>
    public required string HostHeader { get; init; }

    /// <summary>Host in lower case without port: what routing uses.</summary>
    public required string Host { get; init; }

    /// <summary>Path as sent, still percent-encoded, without query.</summary>
    public required string RawPath { get; init; }

    /// <summary>Query as sent, without the question mark; empty if none.</summary>
    public required string RawQuery { get; init; }

    /// <summary>Decoded query parameters in the order of the wire.</summary>
    public required IReadOnlyList<WireParameter> Query { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    /// <summary>Body bytes as sent (compressed bodies stay compressed).</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    public required string SourceIp { get; init; }

    /// <summary>Came over HTTPS.</summary>
    public required bool Secure { get; init; }

    /// <summary>What the request log will say about this request; filled while it is served.</summary>
    public RequestTrace Trace { get; } = new();

    /// <summary>Fault that strikes once the work is done: the answer is lost.</summary>
    internal FaultKind? FaultAfterWork { get; private set; }

    /// <summary>Decoded path.</summary>
    public string Path => Uri.UnescapeDataString(RawPath);

    /// <summary>Header value, trimmed; null when absent. Values of a repeated header are joined with a comma.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString().Trim() : null;

    /// <summary>First value of a query parameter; null when absent.</summary>
    public string? QueryValue(string name)
    {
        foreach (var parameter in Query)
        {
            if (string.Equals(parameter.Name, name, StringComparison.Ordinal))
            {
                return parameter.Value;
            }
        }
        return null;
    }

    /// <summary>Body as a JSON object; an empty body is an empty object.</summary>
    /// <exception cref="JsonException">The body is not a JSON object.</exception>
    public JObject JsonBody()
    {
        if (Body.IsEmpty)
        {
            return [];
        }
        return WireJson.Object(System.Text.Encoding.UTF8.GetString(Body.Span));
    }

    /// <summary>
    /// Says who calls what, and lets the faults of the scenario strike. Every gateway calls it once, after
    /// authentication and before the work.
    /// </summary>
    /// <exception cref="CloudError">A throttling or server error was switched on for this call.</exception>
    public async Task EnterAsync(Caller? caller, string product, string action, bool isWrite, CancellationToken cancel)
    {
        Trace.Caller = caller;
        Trace.Product = product;
        Trace.Action = action;
        Trace.IsWrite = isWrite;
        FaultAfterWork = await Cloud.Faults.StrikeAsync(this, cancel);
    }
}
