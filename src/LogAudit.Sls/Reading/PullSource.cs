namespace LogAudit.Sls;

/// <summary>Where an answer of PullLogs comes from.</summary>
/// <param name="Project">The project.</param>
/// <param name="Logstore">The Logstore.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Cursor">The cursor that was asked for.</param>
public sealed record PullSource(ProjectName Project, LogstoreName Logstore, int Shard, Cursor Cursor)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}/{Logstore} shard {Shard} at cursor {Cursor}";
}

/// <summary>What the headers of an answer of PullLogs say.</summary>
/// <param name="Next">Where to go on (<c>x-log-cursor</c>).</param>
/// <param name="GroupCount">Log groups in the body (<c>x-log-count</c>).</param>
/// <param name="RawSize">Bytes before compression (<c>x-log-bodyrawsize</c>).</param>
/// <param name="Compression">How the body is compressed (<c>x-log-compresstype</c>).</param>
/// <param name="LastRead">Number of the cursor of the last group (<c>x-log-read-last-cursor</c>); null when not told.</param>
/// <param name="RequestId">Id of the request; may be empty.</param>
/// <remarks>Source: SLS PullLogs.</remarks>
public sealed record PullHeaders(
    Cursor Next,
    int GroupCount,
    long RawSize,
    LogCompression Compression,
    long? LastRead,
    string RequestId
);
