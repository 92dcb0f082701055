namespace LogAudit.OpenApi;

/// <summary>Temporary credentials, renewed 15 minutes before they end, by one caller at a time; those that are still valid go on when renewal fails, and it is tried again a minute later.</summary>
/// <remarks>Source of the 15 minutes: <c>@alicloud/credentials</c>, STALE_TIME. Lives as long as the process.</remarks>
#pragma warning disable CA1001 // A semaphore without wait handle and a client of the whole process hold nothing to dispose of.
internal sealed class RenewedCredentials(ISessionSource source, HttpMessageHandler handler, TimeProvider time)
#pragma warning restore CA1001
    : ICredentialSource
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly HttpClient http = new(handler)
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 64 * 1024,
    };

    private readonly SemaphoreSlim turn = new(1, 1);
    private volatile Session? session;

    /// <inheritdoc/>
    public async ValueTask<Credentials> GetAsync(CancellationToken cancel)
    {
        if (session is { } fresh && time.GetUtcNow() < fresh.RenewAt)
        {
            return fresh.Credentials;
        }

        await turn.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (session is not { } renewed || now >= renewed.RenewAt)
            {
                session = await RenewAsync(now, cancel);
            }

            return session.Credentials;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Session> RenewAsync(DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            var credentials = await source.AskAsync(http, cancel);
            return new Session(credentials, Latest(credentials.Expires!.Value - RenewBefore, now + Margin));
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return session is { } old && now < old.Credentials.Expires
                ? old with
                {
                    RenewAt = now + Margin,
                }
                : throw new InvalidOperationException($"{source.Name} gave no credentials: {fault.Message}", fault);
        }
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed record Session(Credentials Credentials, DateTimeOffset RenewAt);
}
