using System.Collections.Concurrent;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// What the cloud does by itself: timers, deliveries, log generation. Ends with the host; a failure is kept and shown,
/// since it is a fault of LocalCloud and not of its client.
/// </summary>
internal sealed class BackgroundWork(TimeProvider clock) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();

    /// <summary>Exceptions that background work ended with, with the name of the work.</summary>
    public ConcurrentQueue<(string Work, Exception Failure)> Failures { get; } = new();

    /// <summary>Runs once, after a while.</summary>
    public void After(string name, TimeSpan delay, Func<CancellationToken, Task> work) =>
        Start(
            name,
            async stop =>
            {
                await Task.Delay(delay, clock, stop);
                await work(stop);
            }
        );

    /// <summary>Runs again and again until the host stops; the pause begins when a round has ended.</summary>
    public void Every(string name, TimeSpan pause, Func<CancellationToken, Task> work) =>
        Start(
            name,
            async stop =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await work(stop);
                    await Task.Delay(pause, clock, stop);
                }
            }
        );

    /// <summary>Starts work that ends by itself or with the host.</summary>
    public void Start(string name, Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => GuardAsync(name, work), CancellationToken.None);
        _running[task] = 0;
        _ = task.ContinueWith(
            done => _running.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Keys);
        _stop.Dispose();
    }

    private async Task GuardAsync(string name, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
        catch (Exception failure)
        {
            Failures.Enqueue((name, failure));
        }
    }
}
