using System.Collections.Concurrent;

namespace LogAudit.Collection;

/// <summary>Lists the policies of each account once in a run.</summary>
internal sealed class CachedPolicyBook(IPolicyBook inner) : IPolicyBook
{
    private readonly ConcurrentDictionary<AccountId, Lazy<Task<IReadOnlyDictionary<string, SettingState>>>> lists =
        new();

    public Task<IReadOnlyDictionary<string, SettingState>> ListAsync(AccountId owner, CancellationToken cancel) =>
        lists.GetOrAdd(owner, account => new(() => inner.ListAsync(account, cancel))).Value;
}
