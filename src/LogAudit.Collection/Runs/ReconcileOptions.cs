namespace LogAudit.Collection;

/// <summary>Bounds of a reconcile.</summary>
public sealed record ReconcileOptions
{
    /// <summary>Units (account, region, product) and lanes of changes that are worked on at once. Default 8.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>Resources of one unit whose own switch is read in one run. Default 5000. Where there are more, each run reads the next share and reports the rest as unknown, "its turn comes".</summary>
    public int SwitchesPerUnit { get; init; } = 5000;

    /// <summary>Hours in which a run of the timer has read every dashboard once; missing ones are made at once. Default 4.</summary>
    public int DashboardTurns { get; init; } = 4;

    /// <summary>How long a new project may take to answer. Default 3 minutes.</summary>
    /// <remarks>Source: DNS of a new project takes some seconds; the documentation names 60 s.</remarks>
    public TimeSpan NewProjectWait { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Pause before a resource that is not ready is looked at again. Default 60 s.</summary>
    public TimeSpan LookAgainAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Looks at a resource that is not ready before it is left to the full run. Default 30.</summary>
    public int LooksAtMost { get; init; } = 30;

    /// <summary>A run report is written although nothing changed when the last one is older. Default 24 hours.</summary>
    public TimeSpan ReportAtLeastEvery { get; init; } = TimeSpan.FromHours(24);
}
