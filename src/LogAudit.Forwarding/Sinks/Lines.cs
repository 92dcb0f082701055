namespace LogAudit.Forwarding;

/// <summary>Records one per line.</summary>
internal static class Lines
{
    /// <summary>Appends every record of a batch and a line feed behind each.</summary>
    public static void Write(EncodedBatch batch, PooledBuffer to)
    {
        for (var index = 0; index < batch.Count; index++)
        {
            to.Append(batch.Body(index).Span);
            to.Append((byte)'\n');
        }
    }
}
