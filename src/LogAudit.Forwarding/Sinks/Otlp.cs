using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>otlp</c>.</summary>
public sealed record OtlpOptions
{
    /// <summary>The receiver; <c>/v1/logs</c> is added unless it stands there. 2,000 records, 4,000,000 bytes and 30 s at most by default, packed.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>Whether bodies are JSON instead of protobuf.</summary>
    public bool Json { get; init; }

    /// <summary>Value of <see cref="AuthorizationHeader"/>; null for none.</summary>
    public Secret? Authorization { get; init; }

    /// <summary>Header that carries <see cref="Authorization"/>. Default <c>Authorization</c>.</summary>
    public string AuthorizationHeader { get; init; } = "Authorization";

    /// <summary>Resource attribute <c>service.name</c>. Default <c>logaudit</c>.</summary>
    /// <value>1–100 printable ASCII characters.</value>
    public string ServiceName { get; init; } = "logaudit";

    /// <summary>Reads the options of a destination.</summary>
    public static OtlpOptions From(OptionReader options) =>
        new()
        {
            Target = HttpTarget.From(
                options,
                new HttpTarget(new Uri("https://otel.example.com:4318"))
                {
                    MaxRecords = 2_000,
                    MaxBytes = 4_000_000,
                    Gzip = true,
                }
            ),
            Json = options.Choice("encoding", "protobuf", "json"),
            Authorization = options.Secret("authorization"),
            AuthorizationHeader = options.Text(
                "authorization-header",
                "Authorization",
                text => text.Length <= 64 && text.All(one => char.IsAsciiLetterOrDigit(one) || one == '-'),
                "the name of a header, up to 64 letters, digits and -",
                "X-Api-Key"
            ),
            ServiceName = options.Text(
                "service-name",
                "logaudit",
                text => text.Length <= 100 && text.All(one => one is >= ' ' and <= '~'),
                "up to 100 printable ASCII characters",
                "logaudit"
            ),
        };
}

/// <summary>Sink <c>otlp</c>: OpenTelemetry logs over HTTP, in protobuf or JSON.</summary>
/// <remarks>
/// Body of a log record is the record's text; its attributes are <c>log.record.uid</c> (the record's id), <c>event.dataset</c> and <c>cloud.account.id</c>.
/// Only 429, 502, 503 and 504 are sent again, and what says something about us (401, 403, 404 and the like) waits until it is put right; any other refusal is
/// halved until the bad record is alone. A receiver that took a request in part does not say which records it left out and must not get it again: all records of
/// that request become dead letters, so that none is lost; those that it has are known to both by one id.
/// Source: OpenTelemetry protocol specification, OTLP/HTTP.
/// </remarks>
public sealed class Otlp : ISink, IHttpDialect
{
    private readonly OtlpOptions options;
    private readonly TimeProvider time;
    private readonly HttpExchange exchange;
    private readonly HttpDelivery delivery;
    private readonly OtlpProtobuf protobuf;
    private readonly OtlpJson json;

    /// <summary>Takes checked options.</summary>
    public Otlp(OtlpOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        (protobuf, json) = (new OtlpProtobuf(options.ServiceName), new OtlpJson(options.ServiceName));
        var address = options.Target.Address.AbsoluteUri.TrimEnd('/');
        var target = options.Target with
        {
            Address = new Uri(address.EndsWith("/v1/logs", StringComparison.Ordinal) ? address : $"{address}/v1/logs"),
            BytesBesideRecords = 512,
            BytesBesideRecord = RecordId.MostLength + (options.Json ? 384 : 160),
        };
        exchange = new HttpExchange(target, time);
        delivery = new HttpDelivery(target, exchange);
    }

    /// <summary>Formats that stand as the text of a log record.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. FormatCatalogue.Names];

    /// <inheritdoc/>
    public string Name => "otlp";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    string IHttpDialect.ContentType => options.Json ? "application/json" : "application/x-protobuf";

    /// <inheritdoc/>
    public Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel) =>
        delivery.SendAsync(batch, this, cancel);

    /// <inheritdoc/>
    public void Dispose() => exchange.Dispose();

    void IHttpDialect.WriteBody(BatchRun run, PooledBuffer body)
    {
        var observed = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        if (options.Json)
        {
            json.Write(run, observed, body);
        }
        else
        {
            protobuf.Write(run, observed, body);
        }
    }

    void IHttpDialect.AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers)
    {
        if (options.Authorization is { } authorization)
        {
            headers.TryAddWithoutValidation(options.AuthorizationHeader, authorization.Reveal());
        }
    }

    async ValueTask<RunOutcome> IHttpDialect.ReadAsync(
        BatchRun run,
        HttpResponseMessage answer,
        CancellationToken cancel
    )
    {
        var status = (int)answer.StatusCode;
        if (status is >= 500 and not (502 or 503 or 504))
        {
            return new RunOutcome.Whole(exchange.Refused(run.Count, $"HTTP {status}"));
        }

        if (!answer.IsSuccessStatusCode)
        {
            return new RunOutcome.Whole(exchange.ByStatus(answer, run.Count));
        }

        if (await OtlpAnswer.RejectedAsync(answer, options.Json, cancel) is not { } rejected)
        {
            return new RunOutcome.Whole(exchange.Again("its answer is none of OTLP", after: null));
        }

        if (rejected == 0)
        {
            return new RunOutcome.Whole(RecordOutcome.Accepted.Value);
        }

        var refused = new RecordOutcome[run.Count];
        Array.Fill(
            refused,
            exchange.Refused(
                run.Count,
                rejected > 0 && rejected < run.Count
                    ? $"a partial success: it left out {rejected} of them and does not say which; the others it has, under their ids"
                    : "a partial success that left out all"
            )
        );
        return new RunOutcome.Each(refused);
    }
}
