using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>secops</c>.</summary>
public sealed record SecOpsOptions
{
    /// <summary>Scope of the access token.</summary>
    /// <remarks>Source: Chronicle API, logs.import, authorization scopes.</remarks>
    public const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    /// <summary>The Chronicle API. 1,000 records, 1,000,000 bytes and 30 s at most by default, packed.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>Resource under which logs are imported: <c>projects/P/locations/L/instances/I/logTypes/T</c>.</summary>
    public required string Parent { get; init; }

    /// <summary>Version of the API. Default <c>v1alpha</c>.</summary>
    /// <value><c>v1</c>, <c>v1beta</c> or <c>v1alpha</c>.</value>
    public string ApiVersion { get; init; } = "v1alpha";

    /// <summary>Resource name of a forwarder that logs are counted under; empty for none.</summary>
    public string Forwarder { get; init; } = "";

    /// <summary>Who sends. The sink disposes it; null only where a mistake in the options was noted.</summary>
    public required ServiceAccount? Account { get; init; }

    /// <summary>Reads the options of a destination.</summary>
    public static SecOpsOptions From(OptionReader options)
    {
        string Name(string name, string allowed, string example) => options.Required(name, IsName, allowed, example);
        var project = Name("project", "id or number of the Google Cloud project", "soc-project-1");
        var location = Name("location", "region of the instance", "asia-southeast1");
        var instance = Name("instance", "customer id of the instance", "00000000-0000-0000-0000-000000000000");
        var type = Name("log-type", "a log type of the instance", "ALIYUN_AUDIT_CUSTOM");
        var forwarder = options.Text(
            "forwarder",
            "",
            IsName,
            "id of a forwarder",
            "00000000-0000-0000-0000-000000000000"
        );
        var parent = $"projects/{project}/locations/{location}/instances/{instance}";
        var key = options.RequiredSecret("service-account");
        var account = key.Reveal().Length > 0 ? ServiceAccount.TryRead(key) : null;
        if (key.Reveal().Length > 0 && account is null)
        {
            options.Refuse(
                "service-account",
                "names no readable key file",
                "a reference to the JSON key file of a service account with client_email, private_key and token_uri",
                "file:/code/secops-key.json"
            );
        }

        var defaults = new HttpTarget(
            new Uri($"https://chronicle.{(location.Length > 0 ? location : "us")}.rep.googleapis.com")
        );
        return new SecOpsOptions
        {
            Target = HttpTarget.LimitsFrom(
                options,
                defaults with
                {
                    Address = options.Address(
                        "address",
                        defaults.Address,
                        HttpTarget.IsAllowed,
                        HttpTarget.AllowedAddress
                    ),
                    MaxRecords = 1_000,
                    Gzip = true,
                }
            ),
            Parent = $"{parent}/logTypes/{type}",
            ApiVersion = options.Text(
                "api-version",
                "v1alpha",
                text => text is "v1" or "v1beta" or "v1alpha",
                "v1, v1beta or v1alpha",
                "v1alpha"
            ),
            Forwarder = forwarder.Length == 0 ? "" : $"{parent}/forwarders/{forwarder}",
            Account = account,
        };
    }

    // What stands in a host name or a path without escaping.
    private static bool IsName(string text) =>
        text.Length <= 128 && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_');
}

/// <summary>Sink <c>secops</c>: Google SecOps (Chronicle) through <c>logs.import</c> of the Chronicle API.</summary>
/// <remarks>
/// A record is the raw log, Base64, with the time at which it happened and the time of sending. A 200 accepts; nothing is said of duplicates, so a search goes by
/// the record's id. Source: Chronicle API, projects.locations.instances.logTypes.logs.import.
/// </remarks>
public sealed class SecOps : ISink, IHttpDialect
{
    private readonly SecOpsOptions options;
    private readonly TimeProvider time;
    private readonly HttpExchange exchange;
    private readonly AccessTokens tokens;
    private readonly HttpDelivery delivery;

    /// <summary>Takes checked options.</summary>
    public SecOps(SecOpsOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        var root = options.Target.Address.AbsoluteUri.TrimEnd('/');
        var target = options.Target with
        {
            Address = new Uri($"{root}/{options.ApiVersion}/{options.Parent}/logs:import"),
            BytesBesideRecords = 512,
            BytesBesideRecord = 128,
            SizeOf = Base64.GetMaxEncodedToUtf8Length,
        };
        exchange = new HttpExchange(target, time);
        tokens = new AccessTokens(
            options.Target with
            {
                Address = options.Account?.TokenAddress ?? target.Address,
                Gzip = false,
            },
            now => options.Account?.Grant(SecOpsOptions.Scope, now) ?? [],
            time
        );
        delivery = new HttpDelivery(target, exchange, tokens);
    }

    /// <summary>Formats that a raw log may have.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. FormatCatalogue.Names];

    /// <inheritdoc/>
    public string Name => "secops";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    string IHttpDialect.ContentType => "application/json";

    /// <inheritdoc/>
    public Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel) =>
        delivery.SendAsync(batch, this, cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        exchange.Dispose();
        tokens.Dispose();
        options.Account?.Dispose();
    }

    void IHttpDialect.WriteBody(BatchRun run, PooledBuffer body)
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        body.Append("{\"inlineSource\":{\"logs\":["u8);
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            body.Append(index == run.Start ? "{\"data\":\""u8 : ",{\"data\":\""u8);
            var record = run.Batch.Body(index).Span;
            Base64.EncodeToUtf8(
                record,
                body.GetSpan(Base64.GetMaxEncodedToUtf8Length(record.Length)),
                out _,
                out var written
            );
            body.Advance(written);
            var happened = run.Batch.Facts(index).TimeNanos;
            body.Append("\",\"logEntryTime\":\""u8);
            WriteTime(happened, body);
            // The service wants it behind the time of the log, also where a clock of the source runs fast.
            body.Append("\",\"collectionTime\":\""u8);
            WriteTime(Math.Max(now, happened + 1_000_000), body);
            body.Append("\"}"u8);
        }

        body.Append("]"u8);
        if (options.Forwarder.Length > 0)
        {
            body.Append(",\"forwarder\":\""u8);
            body.AppendEscaped(options.Forwarder);
            body.Append((byte)'"');
        }

        body.Append("}}"u8);
    }

    void IHttpDialect.AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers) { }

    ValueTask<RunOutcome> IHttpDialect.ReadAsync(BatchRun run, HttpResponseMessage answer, CancellationToken cancel) =>
        ValueTask.FromResult<RunOutcome>(
            new RunOutcome.Whole(
                answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.OK
                    ? exchange.Again("it answered 2xx but not 200, which is how the API accepts", after: null)
                    : exchange.ByStatus(answer, run.Count)
            )
        );

    private static void WriteTime(long nanos, PooledBuffer body) =>
        body.Advance(Timestamps.Write(nanos, body.GetSpan(Timestamps.MostLength)));
}
