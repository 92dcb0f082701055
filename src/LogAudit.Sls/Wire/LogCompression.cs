namespace LogAudit.Sls;

/// <summary>Compression of a body (<c>x-log-compresstype</c>).</summary>
public enum LogCompression
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>A raw LZ4 block: no frame, no size in front.</summary>
    Lz4,

    /// <summary>A Zstandard frame.</summary>
    Zstd,

    /// <summary>zlib (RFC 1950), which the service calls <c>deflate</c>.</summary>
    Deflate,
}
