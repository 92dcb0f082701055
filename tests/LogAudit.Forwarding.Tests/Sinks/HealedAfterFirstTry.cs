namespace LogAudit.Forwarding.Tests.Sinks;

/// <summary>A sink whose receiver gets well when the first send has ended, for clients that try again themselves.</summary>
internal sealed class HealedAfterFirstTry(ISink inner, Action heal) : ISink
{
    public string Name => inner.Name;

    public bool Acknowledges => inner.Acknowledges;

    public async Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel)
    {
        try
        {
            return await inner.SendAsync(batch, cancel);
        }
        finally
        {
            heal();
        }
    }

    public void Dispose() => inner.Dispose();
}
