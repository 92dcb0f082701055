using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Xunit;

namespace LogAudit.Testing;

/// <summary>A strict token endpoint of OAuth 2.0: form fields only, tokens that expire.</summary>
/// <remarks>Written from RFC 6749.</remarks>
public sealed class TokenSoc : IAsyncDisposable
{
    private readonly HttpSoc http;
    private readonly TimeProvider time;
    private readonly Func<IReadOnlyDictionary<string, string>, string?> check;
    private readonly ConcurrentDictionary<string, DateTimeOffset> good = new();
    private int given;

    /// <summary>Starts listening.</summary>
    /// <param name="check">Looks at the form; gives an error code, or null to give a token.</param>
    /// <param name="time">The clock by which tokens expire.</param>
    public TokenSoc(Func<IReadOnlyDictionary<string, string>, string?> check, TimeProvider time)
    {
        (this.check, this.time) = (check, time);
        http = new HttpSoc(Answer);
    }

    public Uri Address => http.Address;

    /// <summary>What every token begins with.</summary>
    public required string Prefix { get; init; }

    /// <summary>How long a token is good.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Tokens given so far.</summary>
    public int Given => given;

    /// <summary>Ends every token that was given.</summary>
    public void Revoke() => good.Clear();

    /// <summary>Whether a request shows a token that is good now.</summary>
    public bool Allows(SocRequest request) =>
        request.Headers.TryGetValue("Authorization", out var value)
        && value.StartsWith("Bearer ", StringComparison.Ordinal)
        && good.TryGetValue(value["Bearer ".Length..], out var until)
        && time.GetUtcNow() < until;

    public ValueTask DisposeAsync() => http.DisposeAsync();

    private SocAnswer Answer(SocRequest request)
    {
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
        var form = request
            .Text.Split('&')
            .Select(pair => pair.Split('='))
            .ToDictionary(
                pair => pair[0],
                pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')),
                StringComparer.Ordinal
            );
        if (check(form) is { } error)
        {
            return new SocAnswer(error.StartsWith("invalid_client", StringComparison.Ordinal) ? 401 : 400)
            {
                Body = new JsonObject
                {
                    ["error"] = error,
                    ["error_description"] = $"You sent {request.Text}",
                }.ToJsonString(),
            };
        }

        var token = $"{Prefix}-{Interlocked.Increment(ref given)}";
        good[token] = time.GetUtcNow() + Lifetime;
        return new SocAnswer(200)
        {
            Body = new JsonObject
            {
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)Lifetime.TotalSeconds,
                ["access_token"] = token,
            }.ToJsonString(),
        };
    }
}
