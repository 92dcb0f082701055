namespace LogAudit.Forwarding;

/// <summary>What an object of the archive is made of. The same records always give the same bytes.</summary>
internal interface IObjectContent
{
    /// <summary>How every name ends.</summary>
    string Extension { get; }

    /// <summary>MIME type of an object.</summary>
    string ContentType { get; }

    /// <summary>An object with records.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="records">Positions in it, ascending.</param>
    /// <param name="cancel">Ends it.</param>
    Task<PooledBuffer> PackAsync(EncodedBatch batch, List<int> records, CancellationToken cancel);

    /// <summary>Adds the digests of the records that an object holds; of one that is not of this kind, none.</summary>
    Task AddDigestsAsync(byte[] packed, HashSet<UInt128> digests, CancellationToken cancel);
}
