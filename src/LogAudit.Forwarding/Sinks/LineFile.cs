using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>Options of sink <c>file</c>.</summary>
public sealed record LineFileOptions
{
    /// <summary>The file; made when it is not there. Its folder must be.</summary>
    public required string Path { get; init; }

    /// <summary>How long another writer of the file is waited for. Default 10 s.</summary>
    /// <value>1–600 s.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Reads the options of a destination.</summary>
    public static LineFileOptions From(OptionReader options) =>
        new()
        {
            Path = options.Required(
                "path",
                text => Directory.Exists(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(text))),
                "the path of a file in a folder that exists",
                "/tmp/audit.ndjson"
            ),
            Timeout = TimeSpan.FromSeconds(options.Whole("timeout-seconds", 10, 1, 600)),
        };
}

/// <summary>Sink <c>file</c>: appends one record per line to a file, for trials.</summary>
/// <remarks>
/// A record is accepted once the disk has it (<c>fsync</c>). A batch is written whole or taken back; the rest of a line that a crash left behind gets a line end of
/// its own. One process writes at a time: the others wait. Where the file does not outlive the machine (a function's own disk), neither do the records.
/// </remarks>
public sealed class LineFile(LineFileOptions options, TimeProvider time) : ISink
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Formats that put a record on one line.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. FormatCatalogue.Names];

    /// <inheritdoc/>
    public string Name => "file";

    /// <inheritdoc/>
    public bool Acknowledges => true;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        if (batch.Count == 0)
        {
            return new DeliveryReport(0);
        }

        using var lines = new PooledBuffer(batch.Bytes + batch.Count);
        Lines.Write(batch, lines);
        var end = time.GetUtcNow() + options.Timeout;
        while (true)
        {
            try
            {
                await AppendAsync(lines, cancel);
                return new DeliveryReport(batch.Count, RecordOutcome.Accepted.Value);
            }
            catch (IOException fault) when (IsTaken(fault) && time.GetUtcNow() + Pause <= end)
            {
                await Task.Delay(Pause, time, cancel);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return new DeliveryReport(
                    batch.Count,
                    new RecordOutcome.Retry(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Writing {batch.Count} record(s) to {options.Path} failed: {fault.Message} Check the folder, its rights and the space left."
                        )
                    )
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private async Task AppendAsync(PooledBuffer lines, CancellationToken cancel)
    {
        // FileShare.None is a lock among writers; tail and its like still read.
        await using var file = new FileStream(
            options.Path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            }
        );
        var before = file.Length;
        try
        {
            file.Position = Math.Max(0, before - 1);
            if (before > 0 && file.ReadByte() != '\n')
            {
                file.WriteByte((byte)'\n');
            }

            await file.WriteAsync(lines.Memory, cancel);
            file.Flush(flushToDisk: true);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            file.SetLength(before);
            throw;
        }
    }

    // EWOULDBLOCK of flock: another writer has the file.
    private static bool IsTaken(IOException fault) =>
        fault is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
        && (fault.HResult & 0xFFFF) is 11 or 35;
}
