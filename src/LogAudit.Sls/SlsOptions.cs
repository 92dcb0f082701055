namespace LogAudit.Sls;

/// <summary>How the SLS client reaches the service and what it bounds.</summary>
public sealed record SlsOptions
{
    /// <summary>Which of the region's hosts to use. Default public.</summary>
    public SlsNetwork Network { get; init; } = SlsNetwork.Public;

    /// <summary>How requests are signed. Default version 4.</summary>
    public SlsSignature Signature { get; init; } = SlsSignature.V4;

    /// <summary>Compression that pulls ask for; an answer in another one is read as well. Default LZ4.</summary>
    /// <remarks>Source: the API metadata names LZ4 only; older pages name deflate too, the SDKs zstd.</remarks>
    public LogCompression PullCompression { get; init; } = LogCompression.Lz4;

    /// <summary>Region whose endpoint answers for collection policies. Default <c>cn-shanghai</c>.</summary>
    /// <value><c>cn-shanghai</c> or <c>ap-southeast-1</c>: no other endpoint answers. Keep one per deployment.</value>
    /// <remarks>Source: SLS UpsertCollectionPolicy. Assumed: policies written through one of the two are not promised to show through the other.</remarks>
    public RegionId PolicyRegion { get; init; } = new("cn-shanghai");

    /// <summary>Time that one try of a request may take, its body included. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes, before compression, that one PullLogs answer may claim; a larger claim is refused before memory is taken. Default 64 MiB.</summary>
    /// <remarks>Assumed: the service answers at most about 10 MB.</remarks>
    public int MaxPullBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes that any other answer may have. Default 32 MiB.</summary>
    public int MaxAnswerBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Pauses between tries.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>Refuses values that cannot work, all at once.</summary>
    /// <exception cref="ArgumentException">At least one value is out of range.</exception>
    internal SlsOptions Checked()
    {
        List<string> faults = [];
        if (PolicyRegion.Value is not ("cn-shanghai" or "ap-southeast-1" or "cn-heyuan-acdr-1"))
        {
            faults.Add(
                $"PolicyRegion is '{PolicyRegion}': cn-shanghai or ap-southeast-1 answer for collection policies."
            );
        }

        if (RequestTimeout <= TimeSpan.Zero)
        {
            faults.Add($"RequestTimeout is {RequestTimeout}: a positive time is needed, for example 00:00:30.");
        }

        if (MaxPullBytes < 1024 || MaxAnswerBytes < 1024)
        {
            faults.Add($"MaxPullBytes is {MaxPullBytes} and MaxAnswerBytes {MaxAnswerBytes}: at least 1024 is needed.");
        }

        return faults.Count == 0 ? this : throw new ArgumentException(string.Join(' ', faults));
    }
}

/// <summary>Which host of a region is used.</summary>
public enum SlsNetwork
{
    /// <summary><c>{region}.log.aliyuncs.com</c>.</summary>
    Public,

    /// <summary><c>{region}-intranet.log.aliyuncs.com</c>, reachable from inside the region only.</summary>
    Intranet,
}

/// <summary>How a request is signed.</summary>
public enum SlsSignature
{
    /// <summary><c>SLS4-HMAC-SHA256</c>.</summary>
    V4,

    /// <summary><c>LOG</c> with HMAC-SHA256, for endpoints that do not know version 4.</summary>
    V1Sha256,

    /// <summary><c>LOG</c> with HMAC-SHA1, the oldest, for endpoints that know nothing else.</summary>
    V1Sha1,
}
