using System.Text;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Fc;

/// <summary>The instances of one function: starts them on demand within the limits and hands requests to them.</summary>
internal sealed class FunctionPool(
    FunctionDefinition function,
    Func<FunctionCredentials> credentials,
    Action<string> log
) : IAsyncDisposable
{
    private readonly List<FunctionInstance> instances = [];
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Most instances at a time; PutConcurrencyConfig sets it.</summary>
    /// <remarks>Assumed: the unit of <c>reservedConcurrency</c> is instances; ROS gives 300, the account's instance limit, as its maximum.</remarks>
    public int MaxInstances { get; set; } = 100;

    public FunctionDefinition Function => function;

    /// <summary>Processes started so far.</summary>
    public int Started { get; private set; }

    public IReadOnlyList<FunctionInstance> Instances
    {
        get
        {
            lock (instances)
            {
                return [.. instances];
            }
        }
    }

    /// <summary>Runs one event on a free instance.</summary>
    /// <exception cref="CloudError">Every instance is full (429), or none starts.</exception>
    public async Task<InvocationResult> InvokeAsync(string requestId, byte[] body, CancellationToken cancel)
    {
        FunctionInstance instance;
        try
        {
            instance = await TakeAsync(cancel);
        }
        catch (CloudError error) when (error.Status == 500)
        {
            return new InvocationResult(false, 500, Encoding.UTF8.GetBytes($"{error.Code}: {error.Message}"));
        }

        try
        {
            return await instance.InvokeAsync(requestId, body, credentials(), cancel);
        }
        finally
        {
            lock (instances)
            {
                instance.Busy--;
                if (!instance.Alive)
                {
                    instances.Remove(instance);
                }
            }
        }
    }

    /// <summary>Kills every instance at once, as a crash would.</summary>
    public void Crash()
    {
        lock (instances)
        {
            instances.ForEach(instance => instance.Kill());
            instances.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Instances)
        {
            await instance.DisposeAsync();
        }

        // The gate is not disposed: who waits at a disposed semaphore waits for good, even when cancelled.
    }

    private async Task<FunctionInstance> TakeAsync(CancellationToken cancel)
    {
        // One start at a time: a burst of requests must not start more processes than it needs.
        await gate.WaitAsync(cancel);
        try
        {
            lock (instances)
            {
                instances.RemoveAll(instance => !instance.Alive);
                if (instances.Find(instance => instance.Busy < function.InstanceConcurrency) is { } free)
                {
                    free.Busy++;
                    return free;
                }

                if (instances.Count >= MaxInstances)
                {
                    throw FcErrors.Throttled(function.Name);
                }
            }

            var started = await FunctionInstance.StartAsync(function, credentials(), log, cancel);
            Started++;
            started.Busy = 1;
            lock (instances)
            {
                instances.Add(started);
            }

            return started;
        }
        finally
        {
            gate.Release();
        }
    }
}
