namespace LogAudit.LocalCloud.Kernel;

/// <summary>Where a project lives.</summary>
internal sealed record LogProject(string Name, string AccountId, string Region, DateTimeOffset CreatedAt);

/// <summary>A record that a product writes: its Unix time in seconds and its fields in order.</summary>
internal sealed record LogItem(uint Time, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>Nanoseconds within the second, where the product writes them.</summary>
    public uint? TimeNs { get; init; }
}

/// <summary>What SLS offers the other parts of the cloud: the road that product logs take. Offered by SLS.</summary>
internal interface ILogStorage
{
    /// <summary>The project by name, in whatever account and region; null when there is none.</summary>
    LogProject? FindProject(string project);

    bool LogstoreExists(string project, string logstore);

    /// <summary>Creates what a service creates on its own account (a managed collection's project); no-op if there.</summary>
    void EnsureProject(string accountId, string region, string project);

    /// <summary>Creates a Logstore of a service; no-op if there.</summary>
    void EnsureLogstore(string project, string logstore, int ttlDays, int shards);

    /// <summary>Days that a Logstore keeps; null when it is gone.</summary>
    int? DaysOf(string project, string logstore);

    /// <summary>Changes the days of a Logstore that a service made; no-op when it is gone.</summary>
    void KeepFor(string project, string logstore, int days);

    /// <summary>Appends one LogGroup. False when project or Logstore are gone: the service then drops the logs, as the real one does.</summary>
    bool Append(
        string project,
        string logstore,
        string topic,
        string source,
        IReadOnlyList<KeyValuePair<string, string>> tags,
        IReadOnlyList<LogItem> items
    );
}
