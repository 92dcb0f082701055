using System.Runtime.CompilerServices;
using System.Xml;
using Microsoft.Extensions.Logging;

namespace LogAudit.OpenApi;

/// <summary>A bucket as the list of buckets shows it.</summary>
/// <param name="Name">Bucket name.</param>
/// <param name="Region">Its region, without the prefix <c>oss-</c>.</param>
/// <param name="StorageClass">For example <c>Standard</c>; empty when not told.</param>
/// <param name="CreationDate">As the service writes it; empty when not told.</param>
public sealed record OssBucket(string Name, RegionId Region, string StorageClass, string CreationDate);

/// <summary>Calls Object Storage Service, which has a signature and a format (XML) of its own.</summary>
public sealed class OssClient
{
    private const int PageSize = 1000;
    private readonly IAccountCredentials credentials;
    private readonly Exchanger exchanger;
    private readonly OpenApiOptions options;
    private readonly EndpointTable endpoints;

    /// <summary>A client over one message handler, which is shared and not disposed.</summary>
    public OssClient(
        IAccountCredentials credentials,
        HttpMessageHandler handler,
        EndpointOverride endpoint,
        TimeProvider time,
        CurrentInvocation invocation,
        OpenApiOptions options,
        ILogger<OssClient> logger
    )
        : this(credentials, new Exchanger(handler, endpoint, time, invocation, options, logger), options) { }

    internal OssClient(IAccountCredentials credentials, Exchanger exchanger, OpenApiOptions options)
    {
        this.credentials = credentials;
        this.exchanger = exchanger;
        this.options = options;
        endpoints = new EndpointTable(options);
    }

    /// <summary>The buckets of an account in all regions, read over the endpoint of any one region. Assumed: that one endpoint lists all regions.</summary>
    /// <exception cref="OpenApiException">A page failed or could not be read.</exception>
    public async IAsyncEnumerable<OssBucket> ListBucketsAsync(
        AccountId account,
        RegionId region,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var marker = "";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 1; ; page++)
        {
            var exchange = new OssExchange(
                "ListBuckets",
                account,
                region,
                endpoints.HostFor(ApiProducts.Oss, region),
                bucket: null,
                marker.Length == 0
                    ? [new("max-keys", $"{PageSize}")]
                    : [new("marker", marker), new("max-keys", $"{PageSize}")]
            );
            var body = await exchanger.SendAsync(exchange, credentials.For(account), cancel);
            var read = ReadOrThrow(exchange, body, BucketPage.Read);
            foreach (var bucket in read.Buckets)
            {
                yield return bucket;
            }

            if (!read.Truncated)
            {
                yield break;
            }

            marker = read.NextMarker;
            if (!seen.Add(marker) || page >= options.MaxPages)
            {
                throw Unreadable(exchange, "the answer repeats a marker that was given before");
            }
        }
    }

    /// <summary>The tags of a bucket; empty when it has none.</summary>
    /// <exception cref="OpenApiException">The call failed or could not be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>> GetBucketTagsAsync(
        AccountId account,
        RegionId region,
        string bucket,
        CancellationToken cancel
    )
    {
        var host = $"{bucket}.{endpoints.HostFor(ApiProducts.Oss, region)}";
        var exchange = new OssExchange("GetBucketTags", account, region, host, bucket, [new("tagging", "")]);
        try
        {
            var body = await exchanger.SendAsync(exchange, credentials.For(account), cancel);
            return ReadOrThrow(exchange, body, ReadTags);
        }
        catch (OpenApiException failure) when (string.Equals(failure.Code, "NoSuchTagSet", StringComparison.Ordinal))
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }
    }

    private static Dictionary<string, string> ReadTags(byte[] body)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = Answers.OpenXml(body);
        reader.MoveToContent();
        while (reader.ReadToFollowing("Tag"))
        {
            var tag = Answers.ReadLeaves(reader);
            tags[tag.GetValueOrDefault("Key", "")] = tag.GetValueOrDefault("Value", "");
        }

        return tags;
    }

    private static T ReadOrThrow<T>(OssExchange exchange, byte[] body, Func<byte[], T> read)
    {
        try
        {
            return read(body);
        }
        catch (Exception cause) when (cause is XmlException or FormatException)
        {
            throw Unreadable(exchange, cause.Message);
        }
    }

    private static OpenApiException Unreadable(OssExchange exchange, string problem) =>
        new(exchange.Failure(ClientErrorCodes.UnreadableAnswer, problem, status: 200));
}
