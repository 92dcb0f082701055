using System.Globalization;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Collection;

/// <summary>Calls the API of a log for a stretch of time, page by page.</summary>
internal sealed class PollPages(OpenApiClient api, PollQuota quota, CurrentInvocation invocation)
{
    // A page of 30 rows and 5,000 rows in the smallest window make 167 pages; more than this is a service that pages in circles.
    private const int MostPages = 2000;

    private static readonly Dictionary<string, ApiProduct> Apis = ApiProducts.All.ToDictionary(
        product => product.Code,
        StringComparer.Ordinal
    );

    /// <summary>One call.</summary>
    /// <param name="target">The log.</param>
    /// <param name="span">The stretch.</param>
    /// <param name="keys">Keys of metrics, joined by commas; null for records.</param>
    /// <param name="page">Number of the page, from 1.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="PollQuotaException">The quota is used up and does not fill before the deadline.</exception>
    public async Task<PollPage> ReadAsync(
        PollTarget target,
        PollSpan span,
        string? keys,
        int page,
        CancellationToken cancel
    )
    {
        var poll = target.Poll;
        if (!await quota.TakeAsync(target.Api, poll.CallsPerMinute, invocation.Deadline, cancel))
        {
            throw new PollQuotaException(target.Api);
        }

        var call = CallOf(target, span, keys, page);
        var answer = await api.CallAsync(call, cancel);
        var rows =
            answer.SelectToken(poll.Rows) as JArray ?? throw Unreadable(call, $"the answer has no list at {poll.Rows}");
        long? total =
            poll.TotalPath.Length > 0
            && long.TryParse(
                PollValues.At(answer, poll.TotalPath),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : null;
        var read = ((page - 1L) * poll.PageSize) + rows.Count;
        var isLast =
            poll.PageSize == 0 || rows.Count == 0 || (total is { } all ? read >= all : rows.Count < poll.PageSize);
        return page < MostPages || isLast
            ? new([.. rows.OfType<JObject>()], total ?? read, isLast)
            : throw Unreadable(call, $"the window has more than {MostPages} pages");
    }

    /// <summary>The call of a page.</summary>
    internal static ApiCall CallOf(PollTarget target, PollSpan span, string? keys, int page)
    {
        var (poll, resource) = (target.Poll, target.Resource);
        var parameters = poll.With.Aggregate(
            ApiParameters.None,
            (all, fixedOne) => all.With(fixedOne.Key, fixedOne.Value)
        );
        foreach (
            var (name, value) in (ReadOnlySpan<(string, string?)>)
                [
                    (poll.RegionParameter, resource.Region.Value),
                    (poll.ResourceParameter, resource.Id),
                    (poll.Metrics?.KeyParameter ?? "", keys),
                    (poll.Window.StartParameter, PollTimes.Write(poll.Window.Format, span.Ask)),
                    (poll.Window.EndParameter, PollTimes.Write(poll.Window.Format, span.To)),
                ]
        )
        {
            parameters = name.Length == 0 ? parameters : parameters.With(name, value);
        }

        if (poll.PageSize > 0)
        {
            parameters = parameters.With("PageNumber", page).With("PageSize", poll.PageSize);
        }

        return new ApiCall
        {
            Product = Apis[poll.Api],
            Action = poll.Action,
            Account = resource.Account,
            Region = resource.Region,
            Parameters = poll.InBody ? ApiParameters.None : parameters,
            Form = poll.InBody ? parameters : ApiParameters.None,
        };
    }

    private static OpenApiException Unreadable(ApiCall call, string problem) =>
        OpenApiException
            .Create(call.Product.Code, call.Action, ClientErrorCodes.UnreadableAnswer, 200, problem)
            .In(call.Account, call.Region);
}

/// <summary>A page of rows.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Total">Rows of the window, as far as they are known.</param>
/// <param name="IsLast">Whether no page follows.</param>
internal sealed record PollPage(IReadOnlyList<JObject> Rows, long Total, bool IsLast);

/// <summary>The quota of an API is used up for this run; what is left is read in the next one.</summary>
internal sealed class PollQuotaException(PollApi api)
    : Exception($"The quota of {api.Product}:{api.Action} in account {api.Account} is used up; the next run goes on.");
