using System.Globalization;
using System.Security.Cryptography;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>oss</c>.</summary>
public sealed record OssOptions
{
    /// <summary>Region of the bucket, without the prefix <c>oss-</c>.</summary>
    public required RegionId Region { get; init; }

    /// <summary>Bucket. It must exist; a retention policy (WORM) on it is welcome, since nothing is ever overwritten.</summary>
    /// <value>3–63 of a-z, 0-9 and <c>-</c>.</value>
    public required string Bucket { get; init; }

    /// <summary>Folder in the bucket. Default <c>logaudit</c>.</summary>
    public string Prefix { get; init; } = DefaultPrefix;

    /// <summary>Key of another account that owns the bucket; null for the function's own identity.</summary>
    public Credentials? Owner { get; init; }

    /// <summary>Whether the objects are Parquet instead of gzip over JSON lines.</summary>
    public bool Parquet { get; init; }

    internal const string DefaultPrefix = "logaudit";

    /// <summary>Reads the options of a destination.</summary>
    public static OssOptions From(OptionReader options)
    {
        var region = options.Text("region", "", RegionId.IsValid, "a region id", "cn-hangzhou");
        var bucket = options.Text("bucket", "", IsBucket, "3 to 63 of a-z, 0-9 and -", "company-audit-archive");
        foreach (
            var (name, text, example) in new[]
            {
                ("region", region, "cn-hangzhou"),
                ("bucket", bucket, "company-audit-archive"),
            }
        )
        {
            if (
                text.Length == 0
                && !options.Errors.Any(error => error.Key.EndsWith($".{name}", StringComparison.Ordinal))
            )
            {
                options.Refuse(name, "is missing", $"the {name} of the archive", example);
            }
        }

        return new OssOptions
        {
            Region = new RegionId(region.Length > 0 ? region : "cn-hangzhou"),
            Bucket = bucket,
            Prefix = options.Text(
                "prefix",
                DefaultPrefix,
                IsPrefix,
                "1 to 200 of A-Z, a-z, 0-9 and ._-/, not beginning or ending with /",
                DefaultPrefix
            ),
            Parquet = options.Choice("content", "ndjson", "parquet"),
            Owner = OwnerFrom(options),
        };
    }

    private static Credentials? OwnerFrom(OptionReader options)
    {
        var (id, secret) = (options.Secret("access-key-id"), options.Secret("access-key-secret"));
        if (id is null != secret is null)
        {
            options.Refuse(
                "access-key-id",
                "needs access-key-secret, and the other way round",
                "both, for a bucket of another account, or neither",
                "access-key-id: env:ARCHIVE_KEY_ID and access-key-secret: env:ARCHIVE_KEY_SECRET"
            );
        }

        return id is null || secret is null ? null : new Credentials(id.Reveal(), secret, null, null);
    }

    private static bool IsBucket(string text) =>
        text.Length is >= 3 and <= 63
        && text.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one == '-');

    private static bool IsPrefix(string text) =>
        text.Length is >= 1 and <= 200
        && !text.StartsWith('/')
        && !text.EndsWith('/')
        && text.All(one => char.IsAsciiLetterOrDigit(one) || one is '.' or '_' or '-' or '/');
}

/// <summary>Sink <c>oss</c>: an archive of objects, gzip over JSON lines or Parquet, in partitions <c>dt=/hour=/product=/account=</c> by the records' own time (UTC).</summary>
/// <remarks>
/// An object is named after the Logstore, the shard, and the cursors of its first and last record; it is written only where there is none and is
/// never changed. Before a batch is written, the objects whose cursors it meets are read, and what they hold is left out: however
/// often and in whatever batches a span is sent, each record stands in one object. In the ordinary course there are none: a list per
/// partition and batch is what this costs. Two workers on one shard at the same moment may still write a record twice, under the same id.
/// <para>The service checks the body by its MD5.</para>
/// </remarks>
public sealed class Oss(OssOptions options, IObjectStore? objects) : ISink
{
    private const int PartsAtATime = 8;

    private readonly IObjectContent content = options.Parquet ? new ParquetContent() : new NdjsonContent();

    /// <summary>Formats that an archive holds: one line of JSON a record.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["json", "ocsf", "raw"];

    /// <inheritdoc/>
    public string Name => "oss";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        var report = new DeliveryReport(batch.Count);
        await Parallel.ForEachAsync(
            OssPartition.Of(batch),
            new ParallelOptions { MaxDegreeOfParallelism = PartsAtATime, CancellationToken = cancel },
            async (partition, stop) =>
            {
                var outcome = await StoreAsync(batch, partition, stop);
                partition.Records.ForEach(index => report[index] = outcome);
            }
        );
        return report;
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private async Task<RecordOutcome> StoreAsync(EncodedBatch batch, OssPartition partition, CancellationToken cancel)
    {
        try
        {
            var store = objects ?? throw new InvalidOperationException("there is no client of OSS here.");
            var beginning = OssPart.Beginning($"{options.Prefix}/{partition.Folder}", partition.Source);
            var held = await HeldAsync(store, beginning, OssPart.Span(batch, partition.Records), cancel);
            var records = held.Count == 0 ? partition.Records : OssPart.Missing(batch, partition.Records, held);
            if (records.Count > 0)
            {
                await WriteAsync(store, beginning, batch, records, cancel);
            }

            return RecordOutcome.Accepted.Value;
        }
        // The boundary of a destination: whatever keeps it from writing leaves the records open, and says why.
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return new RecordOutcome.Retry(
                $"Writing to bucket {options.Bucket} in {options.Region} failed: {fault.Message} Check the bucket, its region and the rights oss:PutObject, oss:GetObject and oss:ListObjects."
            );
        }
    }

    // Digests of the records that objects hold whose cursors a span meets.
    private async Task<HashSet<UInt128>> HeldAsync(
        IObjectStore store,
        string beginning,
        (long First, long Last) span,
        CancellationToken cancel
    )
    {
        var held = new HashSet<UInt128>();
        foreach (var name in await store.ListAsync(Place(beginning), options.Owner, cancel))
        {
            if (
                OssPart.TrySpan(name, beginning, content.Extension, out var other)
                && other.First <= span.Last
                && other.Last >= span.First
            )
            {
                await content.AddDigestsAsync(await store.GetAsync(Place(name), options.Owner, cancel), held, cancel);
            }
        }

        return held;
    }

    private async Task WriteAsync(
        IObjectStore store,
        string beginning,
        EncodedBatch batch,
        List<int> records,
        CancellationToken cancel
    )
    {
        using var body = await content.PackAsync(batch, records, cancel);
        var (first, last) = OssPart.Span(batch, records);
        var name = string.Create(CultureInfo.InvariantCulture, $"{beginning}{first}-{last}");
        if (
            !await store.PutNewAsync(
                Place(name + content.Extension),
                body.Memory,
                content.ContentType,
                options.Owner,
                cancel
            )
        )
        {
            // The same cursors with other records, of another filter or format: both stay, and the content tells the names apart.
            var digest = Convert.ToHexStringLower(SHA256.HashData(body.Written).AsSpan(0, 8));
            await store.PutNewAsync(
                Place($"{name}-{digest}{content.Extension}"),
                body.Memory,
                content.ContentType,
                options.Owner,
                cancel
            );
        }
    }

    private ObjectPlace Place(string key) => new(options.Region, options.Bucket, key);
}
