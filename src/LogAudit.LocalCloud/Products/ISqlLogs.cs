namespace LogAudit.LocalCloud.Products;

/// <summary>What databases must tell of themselves so that DAS can switch their SQL log and read their error log. Offered by DAS.</summary>
internal interface ISqlLogs
{
    /// <summary>Makes the databases of a product known.</summary>
    /// <param name="find">Finds a database of an account by id.</param>
    void Offer(Func<string, string, ISqlLogDatabase?> find);
}

/// <summary>A database as DAS sees it.</summary>
internal interface ISqlLogDatabase
{
    /// <summary>Its id.</summary>
    string Id { get; }

    /// <summary>What and where it is.</summary>
    ResourceKey Key { get; }

    /// <summary>Its type in the audit trail.</summary>
    string ResourceType { get; }

    /// <summary>The SQL log.</summary>
    SqlLog SqlLog { get; set; }

    /// <summary>Whether it runs.</summary>
    bool IsRunning(DateTimeOffset now);

    /// <summary>Why it cannot have a SQL log, whatever its status; null when it can.</summary>
    string? LacksSqlLog { get; }
}

/// <summary>The SQL log of DAS for one database.</summary>
internal sealed record SqlLog(
    bool Enabled,
    bool RequestEnabled,
    bool Audit,
    int RetentionDays,
    int HotDays,
    DateTimeOffset SettledAt
)
{
    public static SqlLog Off { get; } = new(false, false, false, 0, 0, default);

    public static SqlLog On(DateTimeOffset settledAt) => new(true, true, true, 30, 7, settledAt);
}
