using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products;

/// <summary>Objects in buckets: put, get, list.</summary>
internal sealed partial class Oss
{
    /// <summary>Largest object of one PutObject. Source: OSS, PutObject: 5 GB; a loopback cloud in memory keeps less.</summary>
    private const int LargestObject = 64 * 1024 * 1024;

    private readonly SortedDictionary<(string Bucket, string Key), StoredObject> _objects = new(
        Comparer<(string Bucket, string Key)>.Create(
            (one, other) =>
                string.CompareOrdinal(one.Bucket, other.Bucket) is not 0 and var order
                    ? order
                    : string.CompareOrdinal(one.Key, other.Key)
        )
    );

    /// <summary>Query parameters that ListObjects and ListObjectsV2 know.</summary>
    public static HashSet<string> ListParameters { get; } =
        new(
            [
                "list-type",
                "prefix",
                "marker",
                "start-after",
                "continuation-token",
                "max-keys",
                "delimiter",
                "encoding-type",
                "fetch-owner",
            ],
            StringComparer.Ordinal
        );

    /// <summary>The objects of a bucket, by name.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ObjectsOf(string bucket)
    {
        lock (_cloud.Gate)
        {
            return _objects
                .Where(one => one.Key.Bucket == bucket)
                .ToDictionary(one => one.Key.Key, one => one.Value.Body, StringComparer.Ordinal);
        }
    }

    /// <summary>Whether an operation is about objects.</summary>
    public static bool IsAboutObjects(string action) => action is "PutObject" or "GetObject" or "ListObjects";

    private CloudResponse PutObject(OssCall call)
    {
        var place = (Own(call).Name, KeyOf(call));
        var body = call.Request.Body;
        if (body.Length > LargestObject)
        {
            throw new CloudError(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.");
        }
#pragma warning disable CA5351 // What OSS checks a body by.
        var md5 = MD5.HashData(body.Span);
#pragma warning restore CA5351
        if (call.Request.Header("Content-MD5") is { Length: > 0 } told && told != Convert.ToBase64String(md5))
        {
            throw new CloudError(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
        }
        if (call.Request.Header("x-oss-forbid-overwrite") is "true" && _objects.ContainsKey(place))
        {
            throw new CloudError(
                409,
                "FileAlreadyExists",
                "The object you specified already exists and can not be overwritten."
            );
        }
        var stored = new StoredObject(
            body.ToArray(),
            call.Request.Header("Content-Type") ?? "application/octet-stream",
            Convert.ToHexString(md5),
            _cloud.Clock.GetUtcNow()
        );
        _objects[place] = stored;
        return CloudResponse.Empty().With("ETag", stored.ETag).With("Content-MD5", Convert.ToBase64String(md5));
    }

    private CloudResponse GetObject(OssCall call)
    {
        var stored =
            _objects.GetValueOrDefault((Own(call).Name, KeyOf(call)))
            ?? throw new CloudError(404, "NoSuchKey", "The specified key does not exist.");
        return CloudResponse
            .Bytes(stored.Body, stored.ContentType)
            .With("ETag", stored.ETag)
            .With("x-oss-object-type", "Normal")
            .With("Last-Modified", stored.At.ToString("r", CultureInfo.InvariantCulture));
    }

    // Both versions: the second pages by continuation-token and counts its keys.
    private CloudResponse ListObjects(OssCall call)
    {
        string Asked(string name) => call.Request.QueryValue(name) ?? "";
        var bucket = Own(call).Name;
        if (Asked("delimiter").Length > 0)
        {
            throw new CloudError(501, "NotImplemented", "LocalCloud lists objects without delimiter only.");
        }
        var most = 100;
        if (
            Asked("max-keys") is { Length: > 0 } text
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out most) || most is < 1 or > 1000)
        )
        {
            throw new CloudError(400, "InvalidArgument", "max-keys must be between 1 and 1000.");
        }
        var second = Asked("list-type") is "2";
        var after =
            !second ? Asked("marker")
            : Asked("continuation-token") is { Length: > 0 } token ? token
            : Asked("start-after");
        var rows = _objects
            .Where(one => one.Key.Bucket == bucket && one.Key.Key.StartsWith(Asked("prefix"), StringComparison.Ordinal))
            .Where(one => string.CompareOrdinal(one.Key.Key, after) > 0)
            .Take(most + 1)
            .ToList();
        var page = rows.Take(most).ToList();
        var truncated = rows.Count > page.Count;
        string Written(string key) => Asked("encoding-type") is "url" ? WireEncoding.Strict(key) : key;
        return Xml(
            new XElement(
                "ListBucketResult",
                new XElement("Name", bucket),
                new XElement("Prefix", Written(Asked("prefix"))),
                new XElement("MaxKeys", most),
                new XElement("Delimiter"),
                new XElement("IsTruncated", truncated ? "true" : "false"),
                Asked("encoding-type") is "url" ? new XElement("EncodingType", "url") : null,
                truncated ? new XElement(second ? "NextContinuationToken" : "NextMarker", page[^1].Key.Key) : null,
                second ? new XElement("KeyCount", page.Count) : null,
                page.Select(one => new XElement(
                    "Contents",
                    new XElement("Key", Written(one.Key.Key)),
                    new XElement("LastModified", OssXml.Iso(one.Value.At)),
                    new XElement("ETag", one.Value.ETag),
                    new XElement("Type", "Normal"),
                    new XElement("Size", one.Value.Body.Length),
                    new XElement("StorageClass", "Standard"),
                    Owner(call)
                ))
            )
        );
    }

    private static string KeyOf(OssCall call) => call.Request.Path[1..];

    /// <summary>An object as it was put.</summary>
    private sealed record StoredObject(ReadOnlyMemory<byte> Body, string ContentType, string Md5, DateTimeOffset At)
    {
        public string ETag => $"\"{Md5}\"";
    }
}
