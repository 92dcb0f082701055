using System.Xml;

namespace LogAudit.OpenApi;

/// <summary>One page of ListObjectsV2.</summary>
/// <param name="Keys">Names of the objects.</param>
/// <param name="Next">Where the next page begins; empty when there is none.</param>
internal sealed record ObjectPage(IReadOnlyList<string> Keys, string Next)
{
    /// <summary>Reads <c>ListBucketResult</c>.</summary>
    /// <exception cref="OpenApiException">The answer is another document, or pages without a token.</exception>
    public static ObjectPage Read(OssExchange exchange, byte[] body)
    {
        try
        {
            return Read(body);
        }
        catch (Exception cause) when (cause is XmlException or FormatException)
        {
            throw new OpenApiException(exchange.Failure(ClientErrorCodes.UnreadableAnswer, cause.Message, status: 200));
        }
    }

    private static ObjectPage Read(byte[] body)
    {
        using var reader = Answers.OpenXml(body);
        reader.MoveToContent();
        if (!string.Equals(reader.LocalName, "ListBucketResult", StringComparison.Ordinal))
        {
            throw new FormatException($"the answer is <{reader.LocalName}>, not <ListBucketResult>");
        }

        var (keys, truncated, next) = (new List<string>(), (bool?)null, "");
        reader.Read();
        while (!reader.EOF)
        {
            switch (reader.NodeType, reader.LocalName)
            {
                case (XmlNodeType.Element, "Key"):
                    keys.Add(reader.ReadElementContentAsString());
                    continue;
                case (XmlNodeType.Element, "IsTruncated"):
                    truncated = string.Equals(reader.ReadElementContentAsString(), "true", StringComparison.Ordinal);
                    continue;
                case (XmlNodeType.Element, "NextContinuationToken"):
                    next = reader.ReadElementContentAsString();
                    continue;
            }

            reader.Read();
        }

        return truncated switch
        {
            null => throw new FormatException("the answer does not say whether it is whole"),
            true when next.Length == 0 => throw new FormatException(
                "the answer says that more follows but gives no token"
            ),
            true => new(keys, next),
            false => new(keys, ""),
        };
    }
}
