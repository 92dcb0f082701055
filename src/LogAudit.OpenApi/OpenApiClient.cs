using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace LogAudit.OpenApi;

/// <summary>Calls the control-plane APIs of the cloud.</summary>
/// <remarks>Waits for the rate limit of (API, account), signs with the account's credentials, retries by one decision, never past the deadline of the current invocation. Put no second retry around it.</remarks>
public sealed class OpenApiClient
{
    private readonly IAccountCredentials credentials;
    private readonly OpenApiOptions options;
    private readonly Exchanger exchanger;
    private readonly EndpointTable endpoints;

    /// <summary>A client over one message handler, which is shared and not disposed.</summary>
    public OpenApiClient(
        IAccountCredentials credentials,
        HttpMessageHandler handler,
        EndpointOverride endpoint,
        TimeProvider time,
        CurrentInvocation invocation,
        OpenApiOptions options,
        ILogger<OpenApiClient> logger
    )
        : this(credentials, new Exchanger(handler, endpoint, time, invocation, options, logger), options) { }

    internal OpenApiClient(IAccountCredentials credentials, Exchanger exchanger, OpenApiOptions options)
    {
        this.credentials = credentials;
        this.options = options;
        this.exchanger = exchanger;
        endpoints = new EndpointTable(options);
    }

    /// <summary>Makes a call.</summary>
    /// <returns>The answer; an empty object where the service answers without a body.</returns>
    /// <exception cref="OpenApiException">The call failed.</exception>
    public async Task<JObject> CallAsync(ApiCall call, CancellationToken cancel)
    {
        var exchange = new OpenApiExchange(call, endpoints.HostFor(call.Product, call.Region));
        var body = await exchanger.SendAsync(exchange, credentials.For(call.Account), cancel);
        return Answers.ReadObject(body) ?? new JObject();
    }

    /// <summary>Reads a list page by page and gives its rows.</summary>
    /// <exception cref="OpenApiException">A page failed, an answer has no rows path, or the service pages in circles.</exception>
    public async IAsyncEnumerable<JObject> RowsAsync(
        ApiCall call,
        Paging paging,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var place = PagePlace.Start;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 1; place is not null; page++)
        {
            if (page > options.MaxPages)
            {
                throw Unreadable(call, $"the list has more than {options.MaxPages} pages");
            }

            var answer = await CallAsync(PageOf(call, paging, place), cancel);
            var rows = RowsOf(call, paging, answer);
            foreach (var row in rows)
            {
                yield return row as JObject ?? throw Unreadable(call, $"a row at {paging.RowsPath} is not an object");
            }

            place = Next(paging, place, answer, rows.Count);
            if (place?.Token is { } token && !seen.Add(token))
            {
                throw Unreadable(call, "the answer repeats a page token that was given before");
            }
        }
    }

    private static ApiCall PageOf(ApiCall call, Paging paging, PagePlace place) =>
        paging switch
        {
            Paging.Numbered by => call with
            {
                Parameters = call.Parameters.With(by.NumberName, place.Number).With(by.SizeName, by.PageSize),
            },
            Paging.Tokened by => call with
            {
                Parameters = call.Parameters.With(by.MaxName, by.Most).With(by.TokenName, place.Token),
            },
            _ => call,
        };

    // "Zones.Zone[*].Vpcs.Vpc[*]" gathers rows from several lists; the outermost one must be there. Of "..ItemList[*]" one must be.
    private static JArray RowsOf(ApiCall call, Paging paging, JObject answer)
    {
        var outer = paging.RowsPath.Split("[*]", 2);
        var list =
            answer.SelectTokens(outer[0]).OfType<JArray>().FirstOrDefault()
            ?? throw Unreadable(call, $"the answer has no list at {outer[0]}");
        return outer.Length == 1 ? list : new JArray(answer.SelectTokens(paging.RowsPath));
    }

    private static PagePlace? Next(Paging paging, PagePlace place, JObject answer, int count)
    {
        switch (paging)
        {
            case Paging.Numbered by:
                var total = Number(answer.SelectToken(by.TotalPath));
                var read = place.Read + count;
                return count < by.PageSize && (total is null || count == 0 || read >= total) || read >= total
                    ? null
                    : new PagePlace(place.Number + 1, read, Token: null);
            case Paging.Tokened by:
                var token = (answer.SelectToken(by.TokenPath) as JValue)?.Value as string;
                var more = by.TruncatedPath is null || IsTrue(answer.SelectToken(by.TruncatedPath));
                return more && !string.IsNullOrEmpty(token)
                    ? new PagePlace(place.Number + 1, place.Read + count, token)
                    : null;
            default:
                return null;
        }
    }

    // Some products write their numbers and booleans as texts.
    private static long? Number(JToken? token) =>
        long.TryParse(
            Convert.ToString((token as JValue)?.Value, CultureInfo.InvariantCulture),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    private static bool IsTrue(JToken? token) =>
        string.Equals(
            Convert.ToString((token as JValue)?.Value, CultureInfo.InvariantCulture),
            "true",
            StringComparison.OrdinalIgnoreCase
        );

    private static OpenApiException Unreadable(ApiCall call, string problem) =>
        new(
            new ApiFailure
            {
                Product = call.Product.Code,
                Action = call.Action,
                Account = call.Account,
                Region = call.Region,
                Code = ClientErrorCodes.UnreadableAnswer,
                Status = 200,
                Message = problem,
            }
        );

    private sealed record PagePlace(int Number, long Read, string? Token)
    {
        public static PagePlace Start { get; } = new(1, 0, Token: null);
    }
}
