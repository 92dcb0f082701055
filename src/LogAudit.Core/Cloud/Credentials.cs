namespace LogAudit;

/// <summary>An AccessKey pair, with the STS token where it is temporary.</summary>
/// <param name="AccessKeyId">Public half; safe to log.</param>
/// <param name="AccessKeySecret">Secret half.</param>
/// <param name="SecurityToken">STS token; null for a permanent key.</param>
/// <param name="Expires">When the token ends; null when it does not or is not known.</param>
public sealed record Credentials(
    string AccessKeyId,
    Secret AccessKeySecret,
    Secret? SecurityToken,
    DateTimeOffset? Expires
);

/// <summary>Gives credentials of one identity, always fresh.</summary>
public interface ICredentialSource
{
    /// <summary>The credentials to sign the next request with; refreshed before they expire.</summary>
    ValueTask<Credentials> GetAsync(CancellationToken cancel);
}

/// <summary>Gives credentials by account: the own identity in the central account, an assumed role in a member.</summary>
public interface IAccountCredentials
{
    /// <summary>The source for one account. Cached: asking again gives the same source.</summary>
    ICredentialSource For(AccountId account);
}
