using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LogAudit.OpenApi;

/// <summary>Which role is assumed in the member accounts.</summary>
/// <param name="Central">The account of the own identity.</param>
/// <param name="Region">Region whose STS is called.</param>
/// <param name="MemberRole">Name of the role in every member.</param>
/// <param name="ExternalId">External id sent with AssumeRole; null to send none.</param>
public sealed record MemberAccess(AccountId Central, RegionId Region, string MemberRole, string? ExternalId)
{
    /// <summary>Session name of everything that LogAudit does in members; its own change events are known by it.</summary>
    public const string SessionName = "logaudit";

    /// <summary>The access that the settings describe.</summary>
    public static MemberAccess From(Settings settings) =>
        new(
            settings.Central.Account,
            settings.Central.Region,
            settings.Accounts.MemberRole,
            settings.Accounts.ExternalId
        );
}

/// <summary>The own identity in the central account, an assumed role in every member.</summary>
public sealed class AccountCredentials : IAccountCredentials
{
    private const int MaxAccounts = 10_000;
    private readonly ConcurrentDictionary<AccountId, AssumedRoleCredentials> members = new();
    private readonly MemberAccess access;
    private readonly ICredentialSource own;
    private readonly Func<AccountId, AssumedRoleCredentials> make;

    /// <summary>Credentials over one message handler, which is shared and not disposed.</summary>
    public AccountCredentials(
        MemberAccess access,
        ICredentialSource own,
        HttpMessageHandler handler,
        EndpointOverride endpoint,
        TimeProvider time,
        CurrentInvocation invocation,
        OpenApiOptions options,
        ILogger<AccountCredentials> logger
    )
    {
        this.access = access;
        this.own = own;
        var sts = new OpenApiClient(
            new OnlyOwn(own),
            // STS allows 100 AssumeRole a second for all; the bucket of other APIs would hold a large organisation up.
            new Exchanger(
                handler,
                endpoint,
                time,
                invocation,
                options with
                {
                    CallsPerSecond = 50,
                    Burst = 50,
                },
                logger
            ),
            options
        );
        make = account => new AssumedRoleCredentials(access, account, sts, time, invocation, logger);
    }

    /// <inheritdoc/>
    public ICredentialSource For(AccountId account)
    {
        if (account == access.Central)
        {
            return own;
        }

        if (members.Count >= MaxAccounts && !members.ContainsKey(account))
        {
            // Forgetting a session costs one AssumeRole; growing without bound costs the instance.
            members.Clear();
        }

        return members.GetOrAdd(account, make);
    }

    private sealed class OnlyOwn(ICredentialSource own) : IAccountCredentials
    {
        public ICredentialSource For(AccountId account) => own;
    }
}
