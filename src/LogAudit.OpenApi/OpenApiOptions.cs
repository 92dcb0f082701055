namespace LogAudit.OpenApi;

/// <summary>Settings of the control-plane clients.</summary>
public sealed record OpenApiOptions
{
    /// <summary>Site on which the account is registered; some hosts differ. Default <see cref="Site.China"/>.</summary>
    public Site Site { get; init; } = Site.China;

    /// <summary>Hosts by product code, compared without case, that replace the table: <c>Slb</c> → <c>slb-vpc.cn-hangzhou.aliyuncs.com</c>. <c>{region}</c> in a host is replaced by the region of the call.</summary>
    public IReadOnlyDictionary<string, string> Hosts { get; init; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Calls per second of one API in one account. Default 5. Assumed: most products do not print their limit.</summary>
    public double CallsPerSecond { get; init; } = 5;

    /// <summary>Calls of one API in one account that may start at once. Default 10.</summary>
    public int Burst { get; init; } = 10;

    /// <summary>Time limit of one try. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries and pauses. Default <see cref="Backoff.Default"/>.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>Largest answer that is read. Default 16 MiB.</summary>
    public int MaxAnswerBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most pages that one list call reads; more is an error, because the service then pages in circles. Default 10,000.</summary>
    public int MaxPages { get; init; } = 10_000;
}

/// <summary>Site on which an account is registered.</summary>
public enum Site
{
    /// <summary>aliyun.com.</summary>
    China,

    /// <summary>alibabacloud.com.</summary>
    International,
}
