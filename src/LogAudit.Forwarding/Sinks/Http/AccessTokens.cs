using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>OAuth 2.0 access tokens of one identity: fetched when first needed, again before they expire, and again when a receiver refuses one.</summary>
/// <remarks>Source: RFC 6749, sections 4.4 and 5; RFC 7523 for grants by a signed assertion.</remarks>
/// <param name="target">The token endpoint.</param>
/// <param name="grant">Form fields of a request at a time. Hold secrets.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessTokens(
    HttpTarget target,
    Func<DateTimeOffset, IEnumerable<KeyValuePair<string, string>>> grant,
    TimeProvider time
) : IDisposable
{
    private const int MostAnswerBytes = 256 * 1024;

    // A token is renewed this long before its end, or at half of its life when that is shorter.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly HttpExchange exchange = new(target, time);
    private readonly SemaphoreSlim single = new(1, 1);
    private Secret? token;
    private DateTimeOffset renewAt;

    /// <summary>Gives a token that is not about to expire.</summary>
    /// <returns>The token, or why there is none: records wait then.</returns>
    public async Task<Exchanged<Secret>> GetAsync(CancellationToken cancel)
    {
        // Shards send at the same time: one of them fetches, the others wait for it.
        await single.WaitAsync(cancel);
        try
        {
            if (token is { } known && time.GetUtcNow() < renewAt)
            {
                return new Exchanged<Secret>(known, Failure: null);
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, target.Address)
            {
                Content = new FormUrlEncodedContent(grant(time.GetUtcNow())),
            };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            var exchanged = await exchange.SendAsync(request, ReadAsync, cancel);
            return exchanged.Failure is { } failure ? new Exchanged<Secret>(default, failure) : exchanged.Result;
        }
        finally
        {
            single.Release();
        }
    }

    /// <summary>Forgets a token that a receiver refused, unless it was renewed meanwhile.</summary>
    public void Forget(Secret refused) => Interlocked.CompareExchange(ref token, null, refused);

    /// <inheritdoc/>
    public void Dispose()
    {
        exchange.Dispose();
        single.Dispose();
    }

    private async ValueTask<Exchanged<Secret>> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        using var json = await JsonAnswer.ReadAsync(answer, MostAnswerBytes, cancel);
        if (
            answer.IsSuccessStatusCode
            && Text(json, "access_token") is { Length: > 0 } value
            && Lifetime(json!.RootElement) is { } lifetime
        )
        {
            token = new Secret(value);
            renewAt = time.GetUtcNow() + (lifetime > Margin * 2 ? lifetime - Margin : lifetime / 2);
            return new Exchanged<Secret>(token, Failure: null);
        }

        // Only the kind of error: its description may quote the request.
        var error = Text(json, "error");
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"no access token: it answered HTTP {(int)answer.StatusCode}{(IsCode(error) ? $" {error}" : "")}"
        );
        return new Exchanged<Secret>(default, exchange.Again(said, exchange.RetryAfter(answer)));
    }

    private static string? Text(JsonDocument? json, string name) =>
        json is not null
        && json.RootElement.ValueKind == JsonValueKind.Object
        && json.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static bool IsCode(string? error) =>
        error is { Length: > 0 and <= 64 } && error.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-');

    // Some endpoints write the number as a text.
    private static TimeSpan? Lifetime(JsonElement json)
    {
        var seconds =
            JsonAnswer.Whole(json, "expires_in")
            ?? (
                json.TryGetProperty("expires_in", out var text)
                && text.ValueKind == JsonValueKind.String
                && long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
                    ? parsed
                    : null
            );
        return seconds is > 0 and <= 7 * 24 * 3600 ? TimeSpan.FromSeconds(seconds.Value) : null;
    }
}
