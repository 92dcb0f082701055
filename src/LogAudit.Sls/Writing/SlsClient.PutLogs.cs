using System.Buffers;

namespace LogAudit.Sls;

public sealed partial class SlsClient
{
    /// <summary>Writes logs to a Logstore, in as many requests as the limits of the service need, in order.</summary>
    /// <param name="project">The project.</param>
    /// <param name="logstore">The Logstore.</param>
    /// <param name="logs">The logs; left as they are, so that the call can be repeated.</param>
    /// <param name="compression">Compression on the wire.</param>
    /// <param name="cancel">Gives up.</param>
    /// <remarks>
    /// At least once: a request is sent again after an unknown answer, so logs may stand twice, and a failure may leave the first requests written.
    /// Each request is taken or refused as a whole. No log at all makes no request.
    /// </remarks>
    public async Task PutLogsAsync(
        ProjectName project,
        LogstoreName logstore,
        LogGroupWriter logs,
        LogCompression compression,
        CancellationToken cancel
    )
    {
        for (var index = 0; index < logs.GroupCount; index++)
        {
            var (raw, rawSize) = logs.Group(index);
            var packed = raw;
            try
            {
                int size;
                (packed, size) = Compression.Pack(compression, raw, rawSize);
                using var answer = await CallAsync(
                    new("PutLogs", HttpMethod.Post, project, $"/logstores/{logstore}/shards/lb")
                    {
                        Body = packed.AsMemory(0, size),
                        RawSize = rawSize,
                        Compression = compression,
                        ContentType = "application/x-protobuf",
                        Repeat = Repeat.Always,
                    },
                    cancel
                );
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(raw);
                if (!ReferenceEquals(packed, raw))
                {
                    ArrayPool<byte>.Shared.Return(packed);
                }
            }
        }
    }
}
