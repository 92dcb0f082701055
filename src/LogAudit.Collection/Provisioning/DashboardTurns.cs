namespace LogAudit.Collection;

/// <summary>Tells which dashboards a project holds, by their names alone.</summary>
internal interface IDashboardNames
{
    /// <summary>The names; empty where the project does not exist.</summary>
    Task<IReadOnlySet<string>> InAsync(SettingRef dashboard, CancellationToken cancel);
}

/// <summary>Chooses the dashboards that a run of the timer reads: those that are missing, those of which the last run had something to say, and of the others the share whose turn it is.</summary>
/// <remarks>A dashboard is a call to read and several kilobytes to compare, and changes with a new version or by hand only. Its turn comes every few hours; <c>plan</c> and <c>apply</c> read all.</remarks>
internal sealed class DashboardTurns(IDashboardNames names, ReconcileOptions options, TimeProvider time)
{
    /// <summary>The dashboards to read now.</summary>
    /// <param name="dashboards">All that are wanted, of one project.</param>
    /// <param name="recalling">What the last run left.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task<IReadOnlyList<WantedSetting>> DueAsync(
        IReadOnlyList<WantedSetting> dashboards,
        Task<RunMemory> recalling,
        CancellationToken cancel
    )
    {
        if (dashboards.Count == 0)
        {
            return dashboards;
        }

        var present = await names.InAsync(dashboards[0].Setting, cancel);
        var findings = (await recalling).LastFull?.Findings ?? [];
        var turn = time.GetUtcNow().ToUnixTimeSeconds() / 3600 % options.DashboardTurns;
        return
        [
            .. dashboards.Where(
                (dashboard, index) =>
                    index % options.DashboardTurns == turn
                    || !present.Contains(SlsAccess.Split(dashboard.Setting).Name)
                    || findings.Any(finding => finding.StartsWith($"{dashboard.Setting} ", StringComparison.Ordinal))
            ),
        ];
    }
}
