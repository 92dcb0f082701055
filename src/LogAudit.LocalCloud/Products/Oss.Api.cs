using System.Globalization;
using System.Xml.Linq;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.LocalCloud.Products;

internal sealed partial class Oss
{
    /// <summary>Answers an operation; called inside the gate, after RAM was asked.</summary>
    public CloudResponse Serve(string action, OssCall call) =>
        action switch
        {
            "ListBuckets" => ListBuckets(call),
            "PutBucket" => PutBucket(call),
            "DeleteBucket" => DeleteBucket(call),
            "GetBucketInfo" => GetBucketInfo(call),
            "GetBucketLogging" => GetLogging(call),
            "PutBucketLogging" => PutLogging(call),
            "DeleteBucketLogging" => DeleteLogging(call),
            "GetBucketTagging" => GetTagging(call),
            "PutBucketTagging" => PutTagging(call),
            "PutObject" => PutObject(call),
            "GetObject" => GetObject(call),
            "ListObjects" => ListObjects(call),
            _ => DeleteTagging(call),
        };

    /// <summary>Lists the buckets of all regions, whichever endpoint is asked.</summary>
    private CloudResponse ListBuckets(OssCall call)
    {
        var prefix = call.Request.QueryValue("prefix") ?? "";
        var marker = call.Request.QueryValue("marker") ?? "";
        var most = 100;
        if (
            call.Request.QueryValue("max-keys") is { Length: > 0 } text
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out most) || most is < 1 or > 1000)
        )
        {
            throw new CloudError(400, "InvalidArgument", "max-keys must be between 1 and 1000.");
        }
        var (tagKey, tagValue) = (call.Request.QueryValue("tag-key"), call.Request.QueryValue("tag-value"));
        var rows = _buckets
            .Values.Where(b =>
                b.Account == call.Caller.Account.Id && b.Name.StartsWith(prefix, StringComparison.Ordinal)
            )
            .Where(b => string.CompareOrdinal(b.Name, marker) > 0)
            .Where(b =>
                tagKey is null || (b.Tags.TryGetValue(tagKey, out var value) && (tagValue is null || value == tagValue))
            )
            .ToList();
        var page = rows.Take(most).ToList();
        var truncated = rows.Count > page.Count;
        return Xml(
            new XElement(
                "ListAllMyBucketsResult",
                new XElement("Prefix", prefix),
                new XElement("Marker", marker),
                new XElement("MaxKeys", most),
                new XElement("IsTruncated", truncated ? "true" : "false"),
                truncated ? new XElement("NextMarker", page[^1].Name) : null,
                Owner(call),
                new XElement("Buckets", page.Select(Row))
            )
        );
    }

    private static XElement Row(Bucket bucket) =>
        new(
            "Bucket",
            new XElement("Name", bucket.Name),
            new XElement("Location", $"oss-{bucket.Region}"),
            new XElement("Region", bucket.Region),
            new XElement("CreationDate", OssXml.Iso(bucket.CreatedAt)),
            new XElement("StorageClass", bucket.StorageClass),
            new XElement("ExtranetEndpoint", $"oss-{bucket.Region}.aliyuncs.com"),
            new XElement("IntranetEndpoint", $"oss-{bucket.Region}-internal.aliyuncs.com"),
            new XElement("ResourceGroupId", "rg-default")
        );

    private CloudResponse PutBucket(OssCall call)
    {
        if (_buckets.TryGetValue(call.Bucket, out var there))
        {
            return there.Account == call.Caller.Account.Id
                ? CloudResponse.Empty()
                : throw new CloudError(409, "BucketAlreadyExists", "The requested bucket name is not available.");
        }
        if (
            call.Bucket.Length is < 3 or > 63
            || call.Bucket.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not '-')
        )
        {
            throw new CloudError(400, "InvalidBucketName", "The specified bucket is not valid.");
        }
        Seed(
            new ScenarioResource
            {
                Product = "oss",
                Account = call.Caller.Account.Id,
                Region = call.Region,
                Id = call.Bucket,
                Name = call.Bucket,
                Tags = new Dictionary<string, string>(StringComparer.Ordinal),
                Properties = new Dictionary<string, string>(StringComparer.Ordinal),
            }
        );
        return CloudResponse.Empty();
    }

    private CloudResponse DeleteBucket(OssCall call)
    {
        _buckets.Remove(Own(call).Name);
        return CloudResponse.Empty(204);
    }

    private CloudResponse GetBucketInfo(OssCall call)
    {
        var row = Row(Own(call));
        row.Add(Owner(call));
        return Xml(new XElement("BucketInfo", row));
    }

    private CloudResponse GetLogging(OssCall call)
    {
        var status = new XElement("BucketLoggingStatus");
        if (Own(call).Logging is { } logging)
        {
            status.Add(
                new XElement(
                    "LoggingEnabled",
                    new XElement("TargetBucket", logging.Bucket),
                    new XElement("TargetPrefix", logging.Prefix),
                    logging.Role.Length > 0 ? new XElement("LoggingRole", logging.Role) : null
                )
            );
        }
        return Xml(status);
    }

    private CloudResponse PutLogging(OssCall call)
    {
        var bucket = Own(call);
        var body = OssXml.Read(call.Request);
        if (body.Name.LocalName is not "BucketLoggingStatus")
        {
            throw new CloudError(400, "MalformedXML", "The root must be BucketLoggingStatus.");
        }
        if (body.Element("LoggingEnabled") is not { } enabled)
        {
            bucket.Logging = null;
            return CloudResponse.Empty();
        }
        var target = (string?)enabled.Element("TargetBucket") ?? "";
        var role = (string?)enabled.Element("LoggingRole") ?? "";
        // Same account and region; a role is named, not given by ARN. Source: protocol page, section 9.
        if (role.Contains(':', StringComparison.Ordinal))
        {
            throw Refused("InvalidArgument", "LoggingRole must be the name of a role.", "0032-00000014");
        }
        if (!_buckets.TryGetValue(target, out var there) || there.Account != bucket.Account)
        {
            throw Refused(
                "InvalidTargetBucketForLogging",
                "The target bucket must belong to the owner of the source bucket.",
                "0032-00000009"
            );
        }
        if (there.Region != bucket.Region)
        {
            throw Refused(
                "InvalidTargetBucketForLogging",
                "The target bucket must be in the region of the source bucket.",
                "0032-00000010"
            );
        }
        bucket.Logging = (target, (string?)enabled.Element("TargetPrefix") ?? "", role);
        return CloudResponse.Empty();
    }

    private CloudResponse DeleteLogging(OssCall call)
    {
        Own(call).Logging = null;
        return CloudResponse.Empty(204);
    }

    private CloudResponse GetTagging(OssCall call) =>
        Xml(
            new XElement(
                "Tagging",
                new XElement(
                    "TagSet",
                    Own(call)
                        .Tags.Select(tag => new XElement(
                            "Tag",
                            new XElement("Key", tag.Key),
                            new XElement("Value", tag.Value)
                        ))
                )
            )
        );

    private CloudResponse PutTagging(OssCall call)
    {
        var bucket = Own(call);
        var tags = OssXml.Read(call.Request).Descendants("Tag").ToList();
        if (tags.Count > ResourceTags.Most)
        {
            throw new CloudError(400, "InvalidTag", $"A bucket has at most {ResourceTags.Most} tags.");
        }
        bucket.Tags.Clear();
        foreach (var tag in tags)
        {
            bucket.Tags[(string?)tag.Element("Key") ?? ""] = (string?)tag.Element("Value") ?? "";
        }
        return CloudResponse.Empty();
    }

    private CloudResponse DeleteTagging(OssCall call)
    {
        Own(call).Tags.Clear();
        return CloudResponse.Empty(204);
    }

    private Bucket Own(OssCall call)
    {
        var bucket =
            _buckets.GetValueOrDefault(call.Bucket)
            ?? throw new CloudError(404, "NoSuchBucket", "The specified bucket does not exist.");
        return bucket.Account != call.Caller.Account.Id
                ? throw new CloudError(
                    403,
                    "AccessDenied",
                    "You have no right to access this object because of bucket acl."
                )
            : bucket.Region != call.Region
                ? throw new CloudError(
                    403,
                    "AccessDenied",
                    $"The bucket you are attempting to access must be addressed using the specified endpoint: oss-{bucket.Region}.aliyuncs.com."
                )
            : bucket;
    }

    private static XElement Owner(OssCall call) =>
        new("Owner", new XElement("ID", call.Caller.Account.Id), new XElement("DisplayName", call.Caller.Account.Id));

    private static CloudError Refused(string code, string message, string ec) =>
        new(400, code, message) { Headers = [new("x-oss-ec", ec)] };

    private static CloudResponse Xml(XElement root) => CloudResponse.Xml(OssXml.Text(root));
}
