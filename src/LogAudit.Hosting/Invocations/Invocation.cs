namespace LogAudit.Hosting;

/// <summary>One request of the platform to run the function.</summary>
public sealed record Invocation
{
    /// <summary>Request id of the platform; the platform logs the same one.</summary>
    public required string RequestId { get; init; }

    /// <summary>Name of the function, for example <c>logaudit-discover</c>; empty when the platform did not say.</summary>
    public required string Function { get; init; }

    /// <summary>Account in which the function runs; null when the platform did not say.</summary>
    public AccountId? Account { get; init; }

    /// <summary>Region in which the function runs; null when the platform did not say.</summary>
    public RegionId? Region { get; init; }

    /// <summary>Memory limit in MB; 0 when the platform did not say.</summary>
    public int MemoryMb { get; init; }

    /// <summary>Which try of an asynchronous invocation this is, from 0.</summary>
    public int RetryCount { get; init; }

    /// <summary>When the platform ends the work.</summary>
    public required Deadline Deadline { get; init; }

    /// <summary>The event, as sent; its content type says nothing.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>Runs the function once.</summary>
/// <param name="invocation">What the platform asks for.</param>
/// <param name="cancel">Ends the work shortly before the deadline and when the instance stops.</param>
/// <returns>The answer, JSON. A failure is an exception.</returns>
public delegate Task<ReadOnlyMemory<byte>> FunctionHandler(Invocation invocation, CancellationToken cancel);
