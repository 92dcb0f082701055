using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>A session as STS and the metadata service write it.</summary>
internal static class SessionAnswer
{
    /// <summary>Sends a request and reads the session in its answer.</summary>
    /// <param name="http">Client.</param>
    /// <param name="request">Request; disposed of.</param>
    /// <param name="member">Member of the answer that holds the session; null for the answer itself.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<Credentials> AskAsync(
        HttpClient http,
        HttpRequestMessage request,
        string? member,
        CancellationToken cancel
    )
    {
        using (request)
        {
            using var response = await http.SendAsync(request, cancel);
            var answer = Parse(await response.Content.ReadAsStringAsync(cancel));
            return response.IsSuccessStatusCode && (member is null ? answer : answer?[member] as JObject) is { } given
                ? Read(given)
                    ?? throw new InvalidOperationException(
                        $"the answer has no complete session{(given.Value<string>("Code") is { } code ? $" (Code {code})" : "")}."
                    )
                : throw new InvalidOperationException(
                    $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode} {answer?.Value<string>("Code")} {answer?.Value<string>("Message")}".TrimEnd()
                        + "."
                );
        }
    }

    /// <summary>The session in an answer; null where it is not complete.</summary>
    public static Credentials? Read(JObject given) =>
        given.Value<string>("AccessKeyId") is { Length: > 0 } id
        && given.Value<string>("AccessKeySecret") is { Length: > 0 } secret
        && given.Value<string>("SecurityToken") is { Length: > 0 } token
        && DateTimeOffset.TryParse(
            given.Value<string>("Expiration"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var expires
        )
            ? new(id, new Secret(secret), new Secret(token), expires)
            : null;

    // Dates stay texts; an answer that is no JSON object is told as its status.
    private static JObject? Parse(string text)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text))
            {
                DateParseHandling = DateParseHandling.None,
            };
            return JToken.ReadFrom(reader) as JObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
