namespace LogAudit;

/// <summary>What the work at hand runs under: one request of the platform, or one command at a terminal.</summary>
/// <param name="RequestId">Id that the platform gave; empty at a terminal.</param>
/// <param name="Deadline">When the work must have ended.</param>
/// <param name="Credentials">Credentials that came with the request; null when none came.</param>
public sealed record InvocationContext(string RequestId, Deadline Deadline, Credentials? Credentials)
{
    /// <summary>Outside any request: no deadline, no credentials of its own.</summary>
    public static InvocationContext None { get; } = new("", Deadline.None, Credentials: null);
}

/// <summary>The context of the invocation that the calling code belongs to; concurrent invocations do not see each other's.</summary>
/// <remarks>One instance is shared by the host, which begins invocations, and the clients, which read the deadline and the credentials.</remarks>
public sealed class CurrentInvocation
{
    private readonly AsyncLocal<InvocationContext?> local = new();

    /// <summary>The context; <see cref="InvocationContext.None"/> outside any invocation.</summary>
    public InvocationContext Value => local.Value ?? InvocationContext.None;

    /// <summary>The deadline of the context.</summary>
    public Deadline Deadline => Value.Deadline;

    /// <summary>Makes <paramref name="context"/> the current one for everything that the caller awaits, until the result is disposed.</summary>
    public IDisposable Begin(InvocationContext context)
    {
        var before = local.Value;
        local.Value = context;
        return new End(this, before);
    }

    private sealed class End(CurrentInvocation owner, InvocationContext? before) : IDisposable
    {
        public void Dispose() => owner.local.Value = before;
    }
}
