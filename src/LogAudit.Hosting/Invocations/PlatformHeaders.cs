using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LogAudit.Hosting;

/// <summary>What the platform says in the headers of a request.</summary>
/// <remarks>Source: Function Compute, "Context and log format" of custom runtimes; <c>x-fc-function-timeout</c> and <c>x-fc-retry-count</c> are known from the official Go library only, so they may be absent. Numbers are read leniently.</remarks>
internal static class PlatformHeaders
{
    public const string ControlPath = "x-fc-control-path";
    public const string Status = "x-fc-status";

    /// <summary>The request id; empty when absent.</summary>
    public static string RequestId(IHeaderDictionary headers) => Text(headers, "x-fc-request-id");

    /// <summary>The credentials of the function's role that came with the request; null when they are not complete.</summary>
    public static Credentials? Credentials(IHeaderDictionary headers)
    {
        var id = Text(headers, "x-fc-access-key-id");
        var secret = Text(headers, "x-fc-access-key-secret");
        var token = Text(headers, "x-fc-security-token");
        return id.Length == 0 || secret.Length == 0
            ? null
            : new(id, new Secret(secret), token.Length == 0 ? null : new Secret(token), Expires: null);
    }

    /// <summary>The invocation that a request asks for.</summary>
    /// <param name="headers">Headers of the request.</param>
    /// <param name="body">Its body.</param>
    /// <param name="now">When it came.</param>
    /// <param name="otherLimit">Time limit when the platform does not say one.</param>
    public static Invocation Invocation(
        IHeaderDictionary headers,
        ReadOnlyMemory<byte> body,
        DateTimeOffset now,
        TimeSpan otherLimit
    )
    {
        var seconds = Number(headers, "x-fc-function-timeout");
        var account = Text(headers, "x-fc-account-id");
        var region = Text(headers, "x-fc-region");
        return new()
        {
            RequestId = RequestId(headers),
            Function = Text(headers, "x-fc-function-name"),
            Account = AccountId.IsValid(account) ? new AccountId(account) : null,
            Region = RegionId.IsValid(region) ? new RegionId(region) : null,
            MemoryMb = Number(headers, "x-fc-function-memory"),
            RetryCount = Number(headers, "x-fc-retry-count"),
            Deadline = Deadline.After(now, seconds > 0 ? TimeSpan.FromSeconds(seconds) : otherLimit),
            Body = body,
        };
    }

    private static string Text(IHeaderDictionary headers, string name) => headers[name].ToString().Trim();

    private static int Number(IHeaderDictionary headers, string name) =>
        int.TryParse(Text(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
