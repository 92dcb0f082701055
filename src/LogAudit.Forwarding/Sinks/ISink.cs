namespace LogAudit.Forwarding;

/// <summary>Carries encoded records to a receiver and says for each whether the receiver took it. Never shapes records.</summary>
public interface ISink : IDisposable
{
    /// <summary>Its name in the settings, for example <c>syslog</c>.</summary>
    string Name { get; }

    /// <summary>Whether an accepted record was acknowledged by the receiver (<c>delivered</c>) or only sent (<c>sent</c>, a lossy transport).</summary>
    bool Acknowledges { get; }

    /// <summary>Sends a batch.</summary>
    /// <param name="batch">The records. Stays the caller's.</param>
    /// <param name="cancel">Gives up; what was not accepted by then is not accepted.</param>
    /// <returns>What became of each record. Failures of the transport are outcomes, not exceptions.</returns>
    /// <exception cref="OperationCanceledException">Only by <paramref name="cancel"/>.</exception>
    Task<DeliveryReport> SendAsync(EncodedBatch batch, CancellationToken cancel);
}
