namespace LogAudit.Forwarding;

/// <summary>A sink with secrets of KMS: they are read when it first sends, and again, at most once a minute, after a send of which nothing was accepted, since they may have been changed there.</summary>
/// <param name="sketch">The sink as it is without them; never sends.</param>
/// <param name="read">Reads the secrets, by name.</param>
/// <param name="make">Makes the sink with them.</param>
/// <param name="time">The clock.</param>
internal sealed class LateSink(
    ISink sketch,
    Func<CancellationToken, Task<IReadOnlyDictionary<string, Secret>>> read,
    Func<IReadOnlyDictionary<string, Secret>, ISink> make,
    TimeProvider time
) : ISink
{
    private static readonly TimeSpan LeastBetweenReads = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim gate = new(1, 1);

    // The last one sends; the others may still be sending for a caller, and are few: one for each change of a secret.
    private readonly List<ISink> made = [];
    private IReadOnlyDictionary<string, Secret>? known;
    private DateTimeOffset readAt;
    private volatile bool doubted;

    /// <inheritdoc/>
    public string Name => sketch.Name;

    /// <inheritdoc/>
    public bool Acknowledges => sketch.Acknowledges;

    /// <inheritdoc/>
    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        if (batch.Count == 0)
        {
            return new DeliveryReport(0);
        }

        ISink sink;
        try
        {
            sink = await ReadyAsync(cancel);
        }
        // The boundary of a destination: whatever keeps its secrets away stops this one only.
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return new DeliveryReport(
                batch.Count,
                new RecordOutcome.Retry(
                    $"Sink {Name} has no secrets: {fault.Message} Check the secret's name in KMS and the right kms:GetSecretValue of the function's role."
                )
            );
        }

        var report = await sink.SendAsync(batch, cancel);
        doubted = Enumerable.Range(0, report.Count).All(index => report[index] is RecordOutcome.Retry);
        return report;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sketch.Dispose();
        made.ForEach(sink => sink.Dispose());
        gate.Dispose();
    }

    private async Task<ISink> ReadyAsync(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            if (known is null || (doubted && time.GetUtcNow() - readAt >= LeastBetweenReads))
            {
                var secrets = await read(cancel);
                (readAt, doubted) = (time.GetUtcNow(), false);
                if (known is null || secrets.Any(secret => !secret.Value.Equals(known.GetValueOrDefault(secret.Key))))
                {
                    made.Add(make(secrets));
                    known = secrets;
                }
            }

            return made[^1];
        }
        finally
        {
            gate.Release();
        }
    }
}
