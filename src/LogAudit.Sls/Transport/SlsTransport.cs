using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace LogAudit.Sls;

/// <summary>Signs, sends, tries again and reads, for every call.</summary>
internal sealed partial class SlsTransport(
    IAccountCredentials credentials,
    EndpointOverride endpoint,
    HttpMessageInvoker invoker,
    TimeProvider time,
    SlsOptions options,
    ILogger logger
)
{
    private const int MaxErrorBytes = 64 * 1024;
    private static readonly TimeSpan MaxClockCorrection = TimeSpan.FromDays(2);

    private long clockCorrectionTicks;

    public SlsOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>Sends until it succeeds, is refused, or no try or time is left.</summary>
    public async Task<SlsAnswer> SendAsync(
        AccountId account,
        RegionId region,
        SlsRequest request,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var source = credentials.For(account);
        for (var attempt = 1; ; attempt++)
        {
            var identity = await source.GetAsync(cancel);
            SlsException failure;
            try
            {
                return await TryAsync(identity, region, request, cancel);
            }
            catch (SlsException fault)
            {
                failure = fault;
            }

            var decision = SlsRetry.For(
                failure.Failure,
                request.Repeat,
                options.Backoff,
                attempt,
                Random.Shared.NextDouble(),
                deadline.Remaining(time.GetUtcNow())
            );
            if (decision is not RetryDecision.Again again)
            {
                throw failure;
            }

            LogRetry(
                request.Call,
                request.Subject,
                failure.ErrorCode,
                failure.HttpStatus,
                attempt,
                again.After.TotalMilliseconds
            );
            await Task.Delay(again.After, time, cancel);
        }
    }

    private async Task<SlsAnswer> TryAsync(
        Credentials identity,
        RegionId region,
        SlsRequest request,
        CancellationToken cancel
    )
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        using var message = Message(identity, region, request);
        HttpResponseMessage? response = null;
        try
        {
            response = await invoker.SendAsync(message, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await RefusedAsync(identity, request, response, either.Token);
            }

            var most = request.MaxAnswerBytes == 0 ? options.MaxAnswerBytes : request.MaxAnswerBytes;
            var (buffer, length) = await BodyAsync(request, response.Content, most, either.Token);
            var answer = new SlsAnswer(response, buffer, length);
            response = null;
            return answer;
        }
        catch (OperationCanceledException fault) when (!cancel.IsCancellationRequested)
        {
            throw new SlsException(
                SlsFailure.NoAnswer,
                request,
                $"no answer within {options.RequestTimeout.TotalSeconds:0.#} s",
                "",
                fault
            );
        }
        catch (HttpRequestException fault)
        {
            var sent =
                fault.HttpRequestError
                is not (
                    HttpRequestError.ConnectionError
                    or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError
                );
            throw new SlsException(
                sent ? SlsFailure.NoAnswer : SlsFailure.NotSent,
                request,
                $"no answer ({fault.HttpRequestError}: {fault.Message})",
                "",
                fault
            );
        }
        catch (IOException fault)
        {
            throw new SlsException(SlsFailure.NoAnswer, request, $"the answer broke off ({fault.Message})", "", fault);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private HttpRequestMessage Message(Credentials identity, RegionId region, SlsRequest request)
    {
        var host = SlsHosts.Host(request.Project, region, options.Network);
        var headers = Headers(identity, host, request);
        var signed = new SignedRequest(request.Method.Method, request.Path, request.Query, headers);
        headers["authorization"] =
            options.Signature == SlsSignature.V4
                ? SignatureV4.Authorization(identity, region, signed)
                : SignatureV1.Authorization(identity, signed);
        headers["user-agent"] = "LogAudit";
        headers["accept"] = request.Accept ?? "application/json";
        if (request.AcceptEncoding is { Length: > 0 } encoding)
        {
            headers["accept-encoding"] = encoding;
        }

        var message = new HttpRequestMessage(request.Method, endpoint.For(host, request.Path + request.QueryText()));
        if (request.ContentType is not null)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
        }

        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("content-", StringComparison.Ordinal))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private Dictionary<string, string> Headers(Credentials identity, string host, SlsRequest request)
    {
        var now = time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref clockCorrectionTicks));
        Dictionary<string, string> headers = new(StringComparer.Ordinal)
        {
            ["host"] = host,
            ["x-log-apiversion"] = "0.6.0",
            ["x-log-bodyrawsize"] = Numbers.Text(request.RawSize),
        };
        if (request.ContentType is not null)
        {
            headers["content-type"] = request.ContentType;
        }

        if (request.Compression != LogCompression.None)
        {
            headers["x-log-compresstype"] = Compression.Name(request.Compression);
        }

        if (identity.SecurityToken is not null)
        {
            headers["x-acs-security-token"] = identity.SecurityToken.Reveal();
        }

        if (options.Signature == SlsSignature.V4)
        {
            headers["x-log-date"] = SignatureV4.Date(now);
            headers["x-log-content-sha256"] = request.Body.IsEmpty
                ? SignatureV4.EmptyBodyHash
                : Convert.ToHexStringLower(SHA256.HashData(request.Body.Span));
            return headers;
        }

        headers["date"] = SignatureV1.Date(now);
        headers["x-log-signaturemethod"] = options.Signature == SlsSignature.V1Sha1 ? "hmac-sha1" : "hmac-sha256";
        if (!request.Body.IsEmpty)
        {
            headers["content-md5"] = SignatureV1.ContentMd5(request.Body.Span);
        }

        return headers;
    }

    private async Task<SlsException> RefusedAsync(
        Credentials identity,
        SlsRequest request,
        HttpResponseMessage response,
        CancellationToken cancel
    )
    {
        var status = (int)response.StatusCode;
        var (buffer, length) = await BodyAsync(request, response.Content, MaxErrorBytes, cancel);
        var (code, said) = ErrorOf(buffer.AsSpan(0, length), status);
        ArrayPool<byte>.Shared.Return(buffer);
        var failure = SlsFailure.Of(code, status, RetryAfter(response));
        if (failure.Outcome == FailureOutcome.ClockSkewed && response.Headers.Date is { } date)
        {
            var correction = date - time.GetUtcNow();
            if (correction.Duration() < MaxClockCorrection)
            {
                Interlocked.Exchange(ref clockCorrectionTicks, correction.Ticks);
                LogClock(correction.TotalSeconds);
            }
        }

        var id = response.Headers.TryGetValues("x-log-requestid", out var ids) ? string.Join(',', ids) : "";
        return new SlsException(failure, request, Masked(identity, said), id, null);
    }

    private static (string Code, string Said) ErrorOf(ReadOnlySpan<byte> body, int status)
    {
        try
        {
            if (
                JsonNode.Parse(body) is JsonObject json
                && (json["errorCode"] as JsonValue)?.TryGetValue<string>(out var code) == true
                && code.Length > 0
            )
            {
                return (code, json.TextOr("errorMessage", ""));
            }
        }
        catch (JsonException)
        {
            // A gateway answers HTML: the status alone tells.
        }

        return ($"Http{status.ToString(CultureInfo.InvariantCulture)}", "the answer is not one of the service");
    }

    /// <summary>What the service said, short and without a secret that it may have quoted.</summary>
    private static string Masked(Credentials identity, string said)
    {
        said = said.Replace(identity.AccessKeySecret.Reveal(), "***", StringComparison.Ordinal);
        if (identity.SecurityToken?.Reveal() is { Length: > 0 } token)
        {
            said = said.Replace(token, "***", StringComparison.Ordinal);
        }

        return said.Length > 400 ? said[..400] + "…" : said;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
            _ => null,
        };

    private static async Task<(byte[] Buffer, int Length)> BodyAsync(
        SlsRequest request,
        HttpContent content,
        int most,
        CancellationToken cancel
    )
    {
        var claimed = content.Headers.ContentLength;
        if (claimed > most)
        {
            throw TooLong(request, most);
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)(claimed ?? 8 * 1024) + 1);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancel);
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancel) is var read and > 0)
            {
                length += read;
                if (length > most)
                {
                    throw TooLong(request, most);
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return (buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static SlsDataException TooLong(SlsRequest request, int most) =>
        new($"{request.Call} on {request.Subject} answered more than {most} bytes, which is the most that is taken.");

    [LoggerMessage(
        3000,
        LogLevel.Debug,
        "SLS call {Call} on {Subject} failed with {Code} (HTTP {Status}) at try {Attempt}; again in {PauseMs} ms"
    )]
    private partial void LogRetry(string call, string subject, string code, int status, int attempt, double pauseMs);

    [LoggerMessage(
        3001,
        LogLevel.Warning,
        "The clock differs from the SLS service's; requests are dated {Seconds} s later"
    )]
    private partial void LogClock(double seconds);
}
