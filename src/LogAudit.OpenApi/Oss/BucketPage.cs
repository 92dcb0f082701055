using System.Xml;

namespace LogAudit.OpenApi;

/// <summary>One page of ListBuckets.</summary>
internal sealed record BucketPage(IReadOnlyList<OssBucket> Buckets, bool Truncated, string NextMarker)
{
    /// <summary>Reads <c>ListAllMyBucketsResult</c>.</summary>
    /// <exception cref="FormatException">The answer is another document, or a bucket lacks its name or region.</exception>
    /// <exception cref="XmlException">The answer is not XML.</exception>
    public static BucketPage Read(byte[] body)
    {
        using var reader = Answers.OpenXml(body);
        reader.MoveToContent();
        if (!string.Equals(reader.LocalName, "ListAllMyBucketsResult", StringComparison.Ordinal))
        {
            throw new FormatException($"the answer is <{reader.LocalName}>, not <ListAllMyBucketsResult>");
        }

        var buckets = new List<OssBucket>();
        var (truncated, marker, listed) = (false, "", false);
        reader.Read();
        while (!reader.EOF)
        {
            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "IsTruncated"):
                    truncated = string.Equals(reader.ReadElementContentAsString(), "true", StringComparison.Ordinal);
                    continue;
                case (XmlNodeType.Element, "NextMarker"):
                    marker = reader.ReadElementContentAsString();
                    continue;
                case (XmlNodeType.Element, "Buckets"):
                    listed = true;
                    break;
                case (XmlNodeType.Element, "Bucket"):
                    buckets.Add(ReadBucket(Answers.ReadLeaves(reader)));
                    break;
            }

            reader.Read();
        }

        return !listed ? throw new FormatException("the answer has no <Buckets>")
            : truncated && marker.Length == 0
                ? throw new FormatException("the answer says that more follows but gives no marker")
            : new(buckets, truncated, marker);
    }

    private static OssBucket ReadBucket(Dictionary<string, string> members)
    {
        var name = members.GetValueOrDefault("Name", "");
        var region = members.GetValueOrDefault("Region", "");
        if (region.Length == 0)
        {
            region = members.GetValueOrDefault("Location", "");
            region = region.StartsWith("oss-", StringComparison.Ordinal) ? region[4..] : region;
        }

        return name.Length > 0 && RegionId.IsValid(region)
            ? new(
                name,
                new RegionId(region),
                members.GetValueOrDefault("StorageClass", ""),
                members.GetValueOrDefault("CreationDate", "")
            )
            : throw new FormatException("a bucket in the answer has no name or no region");
    }
}
