namespace LogAudit.Collection;

/// <summary>The collection policies of accounts.</summary>
internal interface IPolicyBook
{
    /// <summary>Every policy of an account, ours and others', as flat states by name.</summary>
    Task<IReadOnlyDictionary<string, SettingState>> ListAsync(AccountId owner, CancellationToken cancel);
}
