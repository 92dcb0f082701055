using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>Buckets. Their access logs are collected by collection policies alone; file logging is a switch of its own.</summary>
/// <remarks>Written from the oss reference and section 9 of the protocol page.</remarks>
internal sealed partial class Oss : IPart, ILocalProduct
{
    private const string BucketType = "ACS::OSS::Bucket";

    private readonly SortedDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private Cloud _cloud = null!;

    public string Product => "oss";

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Ram.Declare(OssGateway.RamActions);
        cloud.Gateways.Add(new OssGateway(cloud, this));
        cloud.Services.Get<LocalProducts>().Add(this);
    }

    public void Seed(ScenarioResource resource)
    {
        var bucket = new Bucket(resource.Account, resource.Region, resource.Id, _cloud.Clock.GetUtcNow())
        {
            StorageClass = resource.Properties.GetValueOrDefault("storageClass", "Standard"),
        };
        foreach (var (key, value) in resource.Tags)
        {
            bucket.Tags[key] = value;
        }
        if (!_buckets.TryAdd(resource.Id, bucket))
        {
            throw new InvalidOperationException($"There is a bucket {resource.Id} already.");
        }
    }

    public void SwitchOn(ScenarioResource resource, LogPlace place) =>
        throw new InvalidOperationException("A bucket is collected by a collection policy, not by a switch.");

    public IReadOnlyList<Deed> Do(ScenarioChange change)
    {
        var resource = change.Resource;
        switch (change.Do)
        {
            case "create":
                Seed(resource);
                return [Deed("PutBucket", resource)];
            case "delete":
                _ = Find(resource);
                _buckets.Remove(resource.Id);
                return [Deed("DeleteBucket", resource)];
            case "tag" or "untag":
                foreach (var (key, value) in resource.Tags)
                {
                    if (change.Do is "tag")
                    {
                        Find(resource).Tags[key] = value;
                    }
                    else
                    {
                        Find(resource).Tags.Remove(key);
                    }
                }
                return [Deed("PutBucketTagging", resource)];
            default:
                throw new InvalidOperationException($"'{change.Do}' cannot be done to a bucket.");
        }
    }

    public IEnumerable<LoggingState> Logging() =>
        from bucket in _buckets.Values
        from kind in (string[])["access", "metering"]
        select new LoggingState(
            bucket.Key,
            kind,
            Offered.IsLocal(bucket.Region) ? $"{kind} logs are not offered in {bucket.Region}" : null,
            PolicyPlaces.Of(_cloud, Subject(bucket, $"{kind}_log"))
        );

    public IEnumerable<LogSource> Sources() =>
        from bucket in _buckets.Values
        from kind in (string[])["access", "metering"]
        let subject = Subject(bucket, $"{kind}_log")
        let places = PolicyPlaces.Of(_cloud, subject)
        where places.Count > 0
        select new LogSource(bucket.Key, kind, places[0], (at, marker, dice) => Line(bucket, subject, at, marker, dice))
        {
            Policy = subject,
        };

    private static LogRecord Line(Bucket bucket, PolicySubject subject, DateTimeOffset at, string marker, Dice dice) =>
        subject.DataCode is "metering_log"
            ? OssRecords.Metering(bucket.Account, bucket.Region, bucket.Name, bucket.StorageClass, at, marker, dice)
        : dice.Once(12) ? OssRecords.BatchDelete(bucket.Account, bucket.Region, bucket.Name, at, marker, dice)
        : OssRecords.Access(bucket.Account, bucket.Region, bucket.Name, at, marker, dice);

    private static PolicySubject Subject(Bucket bucket, string dataCode) =>
        new(bucket.Account, "oss", dataCode, bucket.Name, bucket.Region, bucket.Tags);

    private Bucket Find(ScenarioResource resource) =>
        _buckets.GetValueOrDefault(resource.Id)
        ?? throw new InvalidOperationException($"There is no bucket {resource.Id}.");

    // The documented sample of PutBucket has neither requestParameters nor responseElements.
    private static Deed Deed(string name, ScenarioResource resource) =>
        new("Oss", name, Request: null, Response: null, (BucketType, resource.Id));

    internal sealed class Bucket(string account, string region, string name, DateTimeOffset createdAt)
    {
        public string Account => account;
        public string Region => region;
        public string Name => name;
        public ResourceKey Key => new("oss", account, region, name);
        public DateTimeOffset CreatedAt => createdAt;
        public string StorageClass { get; init; } = "Standard";
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        /// <summary>File logging: target bucket and prefix; null when off.</summary>
        public (string Bucket, string Prefix, string Role)? Logging { get; set; }
    }
}
