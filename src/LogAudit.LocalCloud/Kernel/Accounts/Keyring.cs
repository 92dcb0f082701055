using System.Collections.Concurrent;
using System.Text;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>A key that requests are signed with: of the root account, a RAM user, or an assumed-role session.</summary>
internal sealed record AccessKey(string Id, string Secret, Account Account)
{
    public RamUser? User { get; init; }
    public RoleSession? Session { get; init; }

    /// <summary>Keys may be switched off.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>A session of an assumed role: its token and when it ends.</summary>
internal sealed record RoleSession(RamRole Role, string Name, string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Policy given with AssumeRole: the session may do what it and the role's policies both allow.</summary>
    public PolicyDocument? Policy { get; init; }

    public string Arn => $"acs:ram::{Role.Account.Id}:assumed-role/{Role.Name.ToLowerInvariant()}/{Name}";
}

/// <summary>All access keys of the cloud. Secrets are random by the seed of the cloud and mean nothing elsewhere.</summary>
internal sealed class Keyring(Cloud cloud)
{
    private readonly ConcurrentDictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);

    public AccessKey Issue(Account account, RamUser? user) =>
        Add(new AccessKey("LTAI5t" + cloud.NextText(18), cloud.NextText(30), account) { User = user });

    /// <summary>Adds a key that was chosen elsewhere, such as one of a recorded request.</summary>
    public AccessKey Add(AccessKey key)
    {
        if (!_keys.TryAdd(key.Id, key))
        {
            throw new InvalidOperationException($"Access key {key.Id} exists already.");
        }
        return key;
    }

    /// <summary>Opens a session. Who may is the caller's question (STS, FC, a service of the account).</summary>
    public AccessKey OpenSession(RamRole role, string sessionName, TimeSpan length, PolicyDocument? policy = null)
    {
        var expires = cloud.Clock.GetUtcNow() + length;
        var token = "CAIS" + Convert.ToBase64String(Encoding.UTF8.GetBytes(cloud.NextText(96)));
        var session = new RoleSession(role, sessionName, token, expires) { Policy = policy };
        return Add(
            new AccessKey("STS.NT" + cloud.NextText(18), cloud.NextText(32), role.Account) { Session = session }
        );
    }

    /// <summary>Ends a session now, as if its time were over.</summary>
    /// <returns>Whether it is a session.</returns>
    public bool EndSession(string accessKeyId)
    {
        if (Find(accessKeyId) is not { Session: { } session } key)
        {
            return false;
        }
        _keys[accessKeyId] = key with { Session = session with { ExpiresAt = cloud.Clock.GetUtcNow() } };
        return true;
    }

    public AccessKey? Find(string accessKeyId) => _keys.GetValueOrDefault(accessKeyId);
}
