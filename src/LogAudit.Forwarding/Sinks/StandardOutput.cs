using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>Sink <c>stdout</c>: writes one record per line to standard output, for trials.</summary>
/// <remarks>Nobody says whether a line was read or kept: lossy.</remarks>
/// <param name="output">Standard output.</param>
/// <param name="timeout">How long a reader may keep us waiting.</param>
/// <param name="time">The clock.</param>
public sealed class StandardOutput(Stream output, TimeSpan timeout, TimeProvider time) : ISink
{
    // Lines of two batches do not mix.
    private readonly SemaphoreSlim single = new(1, 1);

    /// <summary>Formats that put a record on one line.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. FormatCatalogue.Names];

    /// <inheritdoc/>
    public string Name => "stdout";

    /// <inheritdoc/>
    public bool Acknowledges => false;

    /// <summary>Makes the sink of a destination.</summary>
    public static StandardOutput From(OptionReader options, TimeProvider time) =>
        new(Console.OpenStandardOutput(), TimeSpan.FromSeconds(options.Whole("timeout-seconds", 30, 1, 600)), time);

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        using var lines = new PooledBuffer(batch.Bytes + batch.Count + 1);
        Lines.Write(batch, lines);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await single.WaitAsync(either.Token);
            await WriteAsync(lines.Written.ToArray()).WaitAsync(either.Token);
            return new DeliveryReport(batch.Count, RecordOutcome.Accepted.Value);
        }
        catch (IOException fault)
        {
            return Failed(batch.Count, fault.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed(
                batch.Count,
                string.Create(CultureInfo.InvariantCulture, $"nobody read it within {timeout.TotalSeconds:0} s.")
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    // The console cannot be told to give up: a write that nobody reads is left to itself, and the next batch waits behind it.
    private async Task WriteAsync(byte[] lines)
    {
        try
        {
            await Task.Run(() =>
            {
                output.Write(lines);
                output.Flush();
            });
        }
        finally
        {
            single.Release();
        }
    }

    private static DeliveryReport Failed(int count, string why) =>
        new(
            count,
            new RecordOutcome.Retry(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Writing {count} record(s) to standard output failed: {why} Check the program that reads it."
                )
            )
        );
}
