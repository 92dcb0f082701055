using System.Collections.Concurrent;

namespace LogAudit.Products;

/// <summary>Lets the writes of an account and region take turns, for a service whose parallel writes collide.</summary>
internal sealed class Turns : IDisposable
{
    private readonly ConcurrentDictionary<(AccountId, RegionId), SemaphoreSlim> turns = new();

    /// <summary>Writes when those before are done.</summary>
    public async Task WriteAsync(SettingRef setting, Func<Task> write, CancellationToken cancel)
    {
        var turn = turns.GetOrAdd((setting.Account, setting.Region), _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancel);
        try
        {
            await write();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in turns.Values)
        {
            turn.Dispose();
        }
    }
}
