namespace LogAudit.LocalCloud.Kernel;

internal enum CallerKind
{
    Root,
    User,
    Role,

    /// <summary>A service of the cloud that acts without a signed request.</summary>
    Service,
}

/// <summary>Who makes a request, as proved by its signature.</summary>
internal sealed record Caller(CallerKind Kind, Account Account, string Arn, string PrincipalId, string AccessKeyId)
{
    public RamUser? User { get; init; }
    public RoleSession? Session { get; init; }

    /// <summary>Name of the assumed-role session; empty for others.</summary>
    public string SessionName => Session?.Name ?? "";

    public string SourceIp { get; init; } = "127.0.0.1";
    public bool Secure { get; init; }

    public static Caller Of(AccessKey key, string sourceIp, bool secure)
    {
        var (kind, arn, principal) = key switch
        {
            { Session: { } session } => (CallerKind.Role, session.Arn, $"{session.Role.Id}:{session.Name}"),
            { User: { } user } => (CallerKind.User, user.Arn, user.Id),
            _ => (CallerKind.Root, key.Account.RootArn, key.Account.Id),
        };
        return new(kind, key.Account, arn, principal, key.Id)
        {
            User = key.User,
            Session = key.Session,
            SourceIp = sourceIp,
            Secure = secure,
        };
    }
}
