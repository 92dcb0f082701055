using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>A record of our own that travels the road of every record, so that delay and silence are measured and not guessed.</summary>
/// <remarks>
/// It stands in a group of its own with the topic <see cref="Topic"/>, and has the fields <c>canary</c> (its number) and <c>writer</c> (who wrote it).
/// Every destination that reads its Logstore gets it, whatever its filter wants; at the SOC it has the data set <c>aliyun.logaudit</c>.
/// Its log time is when it was written.
/// </remarks>
internal static class Canary
{
    /// <summary>Topic of its group.</summary>
    public const string Topic = "logaudit_canary";

    /// <summary>How it is read: it belongs to no product.</summary>
    public static LogstoreMappings Mappings { get; } =
        new([], CompiledMapping.Unmapped("logaudit"), toldBy: [], products: []);

    /// <summary>Whether a group holds canaries.</summary>
    public static bool Marks(ReadOnlySpan<byte> topic) => topic.SequenceEqual("logaudit_canary"u8);
}

/// <summary>A canary in a batch.</summary>
/// <param name="Index">Its position in the batch.</param>
/// <param name="Id">Its id as a record.</param>
/// <param name="Written">When it was written.</param>
internal sealed record CarriedCanary(int Index, string Id, DateTimeOffset Written);
