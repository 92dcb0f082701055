namespace LogAudit.Forwarding;

/// <summary>How much a destination gets at a time; options of every destination, whatever its sink.</summary>
public sealed record DestinationLimits
{
    /// <summary>No limits of its own.</summary>
    public static DestinationLimits None { get; } = new();

    /// <summary>Records per second, on average over all shards of this process; 0 for no limit. Option <c>max-records-per-second</c>.</summary>
    /// <value>0–10,000,000. Default 0.</value>
    public long RecordsPerSecond { get; init; }

    /// <summary>Bytes per second, as the format wrote them; 0 for no limit. Option <c>max-bytes-per-second</c>.</summary>
    /// <value>0–10,000,000,000. Default 0.</value>
    public long BytesPerSecond { get; init; }

    /// <summary>Records after which a batch is sent; null for <see cref="SyncOptions.MaxBatchRecords"/>. Option <c>max-batch-records</c>.</summary>
    /// <value>1–100,000.</value>
    public int? BatchRecords { get; init; }

    /// <summary>Encoded bytes after which a batch is sent; null for <see cref="SyncOptions.MaxBatchBytes"/>. Option <c>max-batch-bytes</c>.</summary>
    /// <value>64 KiB–64 MiB.</value>
    public int? BatchBytes { get; init; }

    /// <summary>Age after which a batch is sent; null for <see cref="SyncOptions.MaxBatchAge"/>. Option <c>max-batch-age-seconds</c>.</summary>
    /// <value>1–300 s.</value>
    public TimeSpan? BatchAge { get; init; }

    /// <summary>Reads them.</summary>
    internal static DestinationLimits Read(OptionReader options)
    {
        var age = Optional(options.Whole("max-batch-age-seconds", 0, 1, 300));
        return new DestinationLimits
        {
            RecordsPerSecond = options.Whole("max-records-per-second", 0, 0, 10_000_000),
            BytesPerSecond = options.Whole("max-bytes-per-second", 0, 0, 10_000_000_000),
            BatchRecords = Optional(options.Whole("max-batch-records", 0, 1, 100_000)),
            BatchBytes = Optional(options.Whole("max-batch-bytes", 0, 64 * 1024, 64 * 1024 * 1024)),
            BatchAge = age is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    /// <summary>Records after which a batch is sent: never more than a second's worth, so that a paced destination gets no bursts.</summary>
    internal int MostBatchRecords(SyncOptions options) =>
        (int)Math.Min(BatchRecords ?? options.MaxBatchRecords, RecordsPerSecond > 0 ? RecordsPerSecond : int.MaxValue);

    /// <summary>Bytes after which a batch is sent; never more than a second's worth.</summary>
    internal int MostBatchBytes(SyncOptions options) =>
        (int)Math.Min(BatchBytes ?? options.MaxBatchBytes, BytesPerSecond > 0 ? BytesPerSecond : int.MaxValue);

    private static int? Optional(long value) => value == 0 ? null : (int)value;
}
