namespace LogAudit.Hosting;

/// <summary>The invocations that run in this instance, so that a stopping instance waits for them.</summary>
internal sealed class RunningInvocations(TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private TaskCompletionSource? idle;
    private int running;
    private bool draining;

    /// <summary>Cancelled when running invocations must end now.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Begins an invocation; false when the instance is stopping.</summary>
    public bool TryBegin()
    {
        lock (gate)
        {
            running += draining ? 0 : 1;
            return !draining;
        }
    }

    /// <summary>Ends an invocation.</summary>
    public void End()
    {
        lock (gate)
        {
            running--;
            if (running == 0)
            {
                idle?.TrySetResult();
            }
        }
    }

    /// <summary>Takes no new invocation and waits for those that run: first until they end by themselves, then, told to end, a little longer.</summary>
    /// <returns>Whether all have ended.</returns>
    public async Task<bool> DrainAsync(TimeSpan patience, TimeSpan last, CancellationToken cancel)
    {
        Task ended;
        lock (gate)
        {
            draining = true;
            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (running == 0)
            {
                idle.TrySetResult();
            }

            ended = idle.Task;
        }

        if (await EndsWithinAsync(ended, patience, cancel))
        {
            return true;
        }

        await stop.CancelAsync();
        return await EndsWithinAsync(ended, last, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private async Task<bool> EndsWithinAsync(Task ended, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            await ended.WaitAsync(limit, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
