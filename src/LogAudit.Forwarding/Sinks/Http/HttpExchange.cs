using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>What became of a request: what its answer said, or why there was none.</summary>
/// <param name="Result">What the reader made of the answer; default where there was none.</param>
/// <param name="Failure">Why there was none; null where there was one.</param>
internal readonly record struct Exchanged<T>(T? Result, RecordOutcome.Retry? Failure);

/// <summary>Requests to one receiver: connections, time limits, and words for what went wrong.</summary>
internal sealed class HttpExchange : IDisposable
{
    private readonly HttpTarget target;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    /// <summary>Opens nothing yet.</summary>
    public HttpExchange(HttpTarget target, TimeProvider time)
    {
        (this.target, this.time) = (target, time);
        // Redirects are not followed: they would carry secrets and records elsewhere.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = target.Cookies,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = target.Trust.Options(target.Address.Host),
        };
        http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request and reads its answer, both within the time limit.</summary>
    /// <exception cref="OperationCanceledException">Only by <paramref name="cancel"/>.</exception>
    public async Task<Exchanged<T>> SendAsync<T>(
        HttpRequestMessage request,
        Func<HttpResponseMessage, CancellationToken, ValueTask<T>> read,
        CancellationToken cancel
    )
    {
        using var limit = new CancellationTokenSource(target.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new Exchanged<T>(await read(answer, either.Token), Failure: null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            var said = $"{fault.Message} {fault.InnerException?.Message}".TrimEnd();
            return new Exchanged<T>(default, Again(said, after: null));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var said = string.Create(
                CultureInfo.InvariantCulture,
                $"no answer within {target.Timeout.TotalSeconds:0} s"
            );
            return new Exchanged<T>(default, Again(said, after: null));
        }
    }

    /// <summary>What a status means that says nothing of single records.</summary>
    /// <remarks>
    /// <list type="table">
    /// <item><term>2xx</term><description>accepted</description></item>
    /// <item><term>401, 403, 404, 405, 407, 408, 410, 415, 421, 425, 426, 429</term><description>about us or the moment, not about the record: sent again</description></item>
    /// <item><term>another 4xx</term><description>refused</description></item>
    /// <item><term>3xx, 5xx</term><description>sent again, Retry-After honoured</description></item>
    /// </list>
    /// </remarks>
    public RecordOutcome ByStatus(HttpResponseMessage answer, int count)
    {
        var status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
        {
            return RecordOutcome.Accepted.Value;
        }

        if (status is < 400 or >= 500 || IsAboutUs(answer.StatusCode))
        {
            return Again(string.Create(CultureInfo.InvariantCulture, $"it answered HTTP {status}"), RetryAfter(answer));
        }

        return Refused(count, string.Create(CultureInfo.InvariantCulture, $"HTTP {status}"));
    }

    /// <summary>An outcome for records that the receiver will not take.</summary>
    /// <param name="count">Records.</param>
    /// <param name="said">What it answered. No payload, no secret.</param>
    public RecordOutcome.Reject Refused(int count, string said) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The receiver {target.Address.Host} refused {count} record(s) with {said}."
            )
        );

    /// <summary>An outcome for a record that is larger than the receiver takes.</summary>
    public RecordOutcome.Reject Oversize(int bytes, int mostBytes) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The record has {bytes} bytes; {target.Address.Host} keeps at most {mostBytes} of one."
            )
        );

    /// <summary>An outcome for records that are sent again.</summary>
    public RecordOutcome.Retry Again(string said, TimeSpan? after) =>
        new(
            $"Posting to {target.Address.Host}:{target.Address.Port} failed: {said}. Check the address, the secret and the receiver.",
            after
        );

    /// <summary>The pause that a receiver asks for; null when it does not.</summary>
    public TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var header = answer.Headers.RetryAfter;
        var after = header?.Delta ?? header?.Date - time.GetUtcNow();
        return after < TimeSpan.Zero ? TimeSpan.Zero : after;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static bool IsAboutUs(HttpStatusCode status) =>
        status
            is HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.NotFound
                or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.ProxyAuthenticationRequired
                or HttpStatusCode.RequestTimeout
                or HttpStatusCode.Gone
                or HttpStatusCode.UnsupportedMediaType
                or HttpStatusCode.MisdirectedRequest
                or (HttpStatusCode)425
                or HttpStatusCode.UpgradeRequired
                or HttpStatusCode.TooManyRequests;
}
