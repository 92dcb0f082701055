namespace LogAudit.Collection;

/// <summary>Finds the accounts in scope.</summary>
internal interface IAccountDirectory
{
    /// <summary>The accounts, the central one first. A list that cannot be read is a problem in the answer, never "no accounts".</summary>
    Task<AccountList> ListAsync(CancellationToken cancel);
}

/// <summary>The accounts in scope.</summary>
/// <param name="Accounts">The accounts, the central one first.</param>
/// <param name="Problem">Why the list may be incomplete; empty when it is complete.</param>
public sealed record AccountList(IReadOnlyList<AccountEntry> Accounts, string Problem = "")
{
    /// <summary>What a person has to do about accounts that joined, with the reason.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>What could not be told about accounts that can be entered, with the reason.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];
}

/// <summary>An account in scope.</summary>
/// <param name="Account">Its uid.</param>
/// <param name="Name">Its display name; empty when not known.</param>
/// <param name="Problem">Why it cannot be entered; empty when it can.</param>
public sealed record AccountEntry(AccountId Account, string Name = "", string Problem = "")
{
    /// <summary>Whether it can be entered.</summary>
    public bool CanEnter => Problem.Length == 0;
}
