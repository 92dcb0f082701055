using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace LogAudit.Sls;

/// <summary>Speaks to Simple Log Service (SLS) as one account in one region.</summary>
/// <remarks>
/// Made by <see cref="SlsClients.For"/>; holds no state of its own and may be used by many tasks at once.
/// <c>Get…</c> answers null for what does not exist, <c>Delete…</c> of what does not exist is success, <c>Create…</c> of a named thing reads after an
/// unknown answer and sends again only what is absent; every other failure throws <see cref="SlsException"/>.
/// </remarks>
public sealed partial class SlsClient
{
    private const int PageSize = 100;

    private readonly SlsTransport transport;
    private readonly SlsOptions options;
    private readonly TimeProvider time;
    private readonly Deadline deadline;

    internal SlsClient(AccountId account, RegionId region, SlsTransport transport, Deadline deadline)
    {
        Account = account;
        Region = region;
        this.transport = transport;
        this.deadline = deadline;
        options = transport.Options;
        time = transport.Time;
    }

    /// <summary>The account whose credentials sign.</summary>
    public AccountId Account { get; }

    /// <summary>The region whose endpoint is called (but for collection policies).</summary>
    public RegionId Region { get; }

    private TimeSpan TimeLeft() => deadline.Remaining(time.GetUtcNow());

    private Task<SlsAnswer> CallAsync(SlsRequest request, CancellationToken cancel) =>
        transport.SendAsync(Account, request.Region ?? Region, request, deadline, cancel);

    private async Task<JsonNode?> SendAsync(SlsRequest request, CancellationToken cancel)
    {
        using var answer = await CallAsync(request, cancel);
        return answer.Json(request.Call, options.MaxAnswerBytes);
    }

    private async Task<T> ReadAsync<T>(SlsRequest request, Func<JsonObject, T> read, CancellationToken cancel) =>
        await SendAsync(request, cancel) is JsonObject json
            ? Read(request.Call, json, read)
            : throw new SlsDataException($"{request.Call} on {request.Subject} answered no JSON object.");

    private async Task<T?> GetAsync<T>(
        SlsRequest request,
        string gone,
        Func<JsonObject, T> read,
        CancellationToken cancel
    )
        where T : class
    {
        try
        {
            return await ReadAsync(request, read, cancel);
        }
        catch (SlsException failure) when (failure.IsAny(gone))
        {
            return null;
        }
    }

    private async Task DeleteAsync(SlsRequest request, string gone, CancellationToken cancel)
    {
        try
        {
            await SendAsync(request, cancel);
        }
        catch (SlsException failure) when (failure.IsAny(gone))
        {
            // Already so is success.
        }
    }

    private async Task CreateAsync(
        SlsRequest request,
        Func<CancellationToken, Task<bool>> existsAsync,
        CancellationToken cancel
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await SendAsync(request, cancel);
                return;
            }
            catch (SlsException failure) when (failure.AnswerUnknown)
            {
                if (await existsAsync(cancel))
                {
                    return;
                }

                if (
                    options.Backoff.Next(attempt, Random.Shared.NextDouble(), null, TimeLeft())
                    is not RetryDecision.Again again
                )
                {
                    throw;
                }

                await Task.Delay(again.After, time, cancel);
            }
        }
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(
        Func<string, string, SlsRequest> page,
        string rowsName,
        string totalName,
        Func<JsonNode, T> read,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        for (var offset = 0; ; )
        {
            var request = page(Numbers.Text(offset), Numbers.Text(PageSize));
            var (rows, total) = await ReadAsync(
                request,
                json => (json[rowsName].Rows(request.Call), json.Whole(totalName)),
                cancel
            );
            foreach (var row in rows)
            {
                yield return Read(request.Call, row, read);
            }

            offset += rows.Count;
            if (rows.Count == 0 || offset >= total)
            {
                yield break;
            }
        }
    }

    private static T Read<TJson, T>(string call, TJson json, Func<TJson, T> read)
    {
        try
        {
            return read(json);
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            throw new SlsDataException($"{call} answered what is not understood: {fault.Message}", fault);
        }
    }
}
