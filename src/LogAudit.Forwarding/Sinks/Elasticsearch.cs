using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>elasticsearch</c>.</summary>
public sealed record ElasticsearchOptions
{
    /// <summary>The cluster. 5,000 records, 5,000,000 bytes and 60 s at most by default, packed; a cluster refuses more than 100 MB unless configured otherwise.</summary>
    public required HttpTarget Target { get; init; }

    /// <summary>Data stream or index that takes the records. Default <c>logs-aliyun.audit-default</c>.</summary>
    /// <value>1–255 of a-z, 0-9 and <c>._-</c>, not beginning with <c>_</c>, <c>-</c> or a dot.</value>
    public string Index { get; init; } = DefaultIndex;

    /// <summary>API key in its encoded form; null for none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>User of basic authentication; empty for none.</summary>
    public string User { get; init; } = "";

    /// <summary>Password of <see cref="User"/>.</summary>
    public Secret? Password { get; init; }

    private const string DefaultIndex = "logs-aliyun.audit-default";

    /// <summary>Reads the options of a destination.</summary>
    public static ElasticsearchOptions From(OptionReader options)
    {
        var read = new ElasticsearchOptions
        {
            Target = HttpTarget.From(
                options,
                new HttpTarget(new Uri("https://elastic.example.com:9200"))
                {
                    Timeout = TimeSpan.FromSeconds(60),
                    MaxRecords = 5_000,
                    MaxBytes = 5_000_000,
                    Gzip = true,
                }
            ),
            Index = options.Text(
                "index",
                DefaultIndex,
                IsIndex,
                "1 to 255 of a-z, 0-9 and ._-, beginning with a letter or digit",
                DefaultIndex
            ),
            ApiKey = options.Secret("api-key"),
            User = options.Text("user", "", _ => true, "a user name", "logaudit"),
            Password = options.Secret("password"),
        };
        if (read.User.Length == 0 != read.Password is null)
        {
            options.Refuse(
                "user",
                "needs password, and the other way round",
                "both or neither",
                "password: env:ELASTIC"
            );
        }

        if (read.ApiKey is not null && read.User.Length > 0)
        {
            options.Refuse("api-key", "stands beside user", "one of the two", "api-key: env:ELASTIC_API_KEY");
        }

        return read;
    }

    private static bool IsIndex(string text) =>
        text.Length is >= 1 and <= 255
        && (char.IsAsciiLetterLower(text[0]) || char.IsAsciiDigit(text[0]))
        && text.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one is '.' or '_' or '-');
}

/// <summary>Sink <c>elasticsearch</c>: the <c>_bulk</c> API of Elasticsearch and OpenSearch, with the record's id as document id.</summary>
/// <remarks>
/// Operation <c>create</c>, so that a data stream takes it and a repeated record is refused by the receiver itself (409: already there, which counts as
/// accepted). That holds within one backing index. Each item of the answer is read on its own: 429 and 5xx are sent again, so is what only the cluster's owner can put right (401, 403, 404), any other failure is the
/// record's. An answer that does not say what became of every record accepts none. Source: Elasticsearch, bulk API.
/// </remarks>
public sealed class Elasticsearch : ISink, IHttpDialect, IFarEnd
{
    // Five thousand refused records with long reasons stay below it.
    private const int MostAnswerBytes = 16 * 1024 * 1024;

    private readonly ElasticsearchOptions options;
    private readonly HttpExchange exchange;
    private readonly HttpDelivery delivery;

    /// <summary>Takes checked options.</summary>
    public Elasticsearch(ElasticsearchOptions options, TimeProvider time)
    {
        this.options = options;
        var target = options.Target with
        {
            Address = new Uri($"{options.Target.Address.AbsoluteUri.TrimEnd('/')}/{options.Index}/_bulk"),
            BytesBesideRecord = RecordId.MostLength + 32,
        };
        exchange = new HttpExchange(target, time);
        delivery = new HttpDelivery(target, exchange);
    }

    /// <summary>Formats that the bulk API carries.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json"];

    /// <inheritdoc/>
    public string Name => "elasticsearch";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    string IHttpDialect.ContentType => "application/x-ndjson";

    /// <inheritdoc/>
    public Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel) =>
        delivery.SendAsync(batch, this, cancel);

    /// <inheritdoc/>
    /// <remarks>Source: search API with an <c>ids</c> query, which a data stream answers too. The identity needs the privilege <c>read</c> on the index.</remarks>
    public async Task<FarEndAnswer> AskAsync(string id, CancellationToken cancel)
    {
        var search = new Uri($"{options.Target.Address.AbsoluteUri.TrimEnd('/')}/{options.Index}/_search");
        using var request = new HttpRequestMessage(HttpMethod.Post, search)
        {
            // Ids hold no character that JSON escapes: RecordId.IsUsable.
            Content = new StringContent(
                $$$$"""{"size":0,"query":{"ids":{"values":["{{{{id}}}}"]}}}""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        Authorize(request.Headers);
        var exchanged = await exchange.SendAsync(request, ReadSearchAsync, cancel);
        return exchanged.Result ?? new FarEndAnswer.CannotTell(exchanged.Failure!.Why);
    }

    /// <inheritdoc/>
    public void Dispose() => exchange.Dispose();

    private static async ValueTask<FarEndAnswer> ReadSearchAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return new FarEndAnswer.CannotTell(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the search answered HTTP {(int)answer.StatusCode}; the identity needs the privilege read on the index."
                )
            );
        }

        try
        {
            await answer.Content.LoadIntoBufferAsync(MostAnswerBytes, cancel);
            using var json = await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(cancel),
                cancellationToken: cancel
            );
            var hits = json.RootElement.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64();
            return hits > 0 ? FarEndAnswer.Found.There : FarEndAnswer.NotYet.There;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new FarEndAnswer.CannotTell("the answer of the search cannot be read.");
        }
    }

    void IHttpDialect.WriteBody(BatchRun run, PooledBuffer body)
    {
        for (var index = run.Start; index < run.Start + run.Count; index++)
        {
            // Ids hold no character that JSON escapes: RecordId.IsUsable.
            body.Append("{\"create\":{\"_id\":\""u8);
            body.Append(run.Batch.Id(index));
            body.Append("\"}}\n"u8);
            body.Append(run.Batch.Body(index).Span);
            body.Append((byte)'\n');
        }
    }

    void IHttpDialect.AddHeaders(BatchRun run, ReadOnlySpan<byte> body, HttpRequestHeaders headers) =>
        Authorize(headers);

    private void Authorize(HttpRequestHeaders headers)
    {
        if (options.ApiKey is { } key)
        {
            headers.Authorization = new AuthenticationHeaderValue("ApiKey", key.Reveal());
        }
        else if (options.Password is { } password)
        {
            headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{password.Reveal()}"))
            );
        }
    }

    async ValueTask<RunOutcome> IHttpDialect.ReadAsync(
        BatchRun run,
        HttpResponseMessage answer,
        CancellationToken cancel
    )
    {
        if (!answer.IsSuccessStatusCode)
        {
            return new RunOutcome.Whole(exchange.ByStatus(answer, run.Count));
        }

        try
        {
            await answer.Content.LoadIntoBufferAsync(MostAnswerBytes, cancel);
            using var json = await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(cancel),
                cancellationToken: cancel
            );
            var items = json.RootElement.GetProperty("items");
            return items.GetArrayLength() == run.Count
                ? new RunOutcome.Each([.. items.EnumerateArray().Select(Item)])
                : Unreadable($"of {run.Count} record(s) it answered for {items.GetArrayLength()}");
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Unreadable("its answer cannot be read");
        }
    }

    private RecordOutcome Item(JsonElement item)
    {
        var result = item.EnumerateObject().First().Value;
        var status = result.GetProperty("status").GetInt32();
        return status switch
        {
            >= 200 and < 300 or 409 => RecordOutcome.Accepted.Value,
            // No right to write, or no index and none may be made: true of every record until somebody puts it right.
            401 or 403 or 404 or 429 or >= 500 => exchange.Again(
                string.Create(CultureInfo.InvariantCulture, $"an item was answered with {status} {Reason(result)}"),
                after: null
            ),
            _ => new RecordOutcome.Reject(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{options.Target.Address.Host} refused the record with {status} {Reason(result)}; check the mapping of {options.Index}."
                )
            ),
        };
    }

    // Only the kind of error: its reason quotes the record.
    private static string Reason(JsonElement result) =>
        result.TryGetProperty("error", out var error)
        && error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("type", out var type)
            ? type.GetString() ?? ""
            : "";

    private RunOutcome.Whole Unreadable(string why) => new(exchange.Again(why, after: null));
}
