namespace LogAudit.Collection;

/// <summary>What the central project must hold: state Logstores, dedicated Logstores with indexes, dashboards.</summary>
internal static class CentralSide
{
    /// <summary>Days that LogAudit's own state is kept; they bound what <c>undo</c> and <c>status</c> can know.</summary>
    private const int StateDays = 400;

    public static IEnumerable<WantedSetting> Settings(CollectSettings collect, Layout layout)
    {
        var project = new LogTarget(layout.CentralAccount, layout.CentralRegion, layout.CentralProject, Layout.Journal);
        yield return Wanted.Project(Phase.Central, project, "the central project is missing");
        foreach (
            var state in new[] { Layout.Journal, Layout.Run, Layout.Ledger, Layout.DeadLetter, Layout.FunctionOutput }
        )
        {
            yield return Wanted.Logstore(
                Phase.Central,
                project with
                {
                    Logstore = state,
                },
                StateDays,
                growing: false,
                "a Logstore for LogAudit's own state is missing"
            );
        }

        foreach (var group in collect.Kinds.GroupBy(kind => layout.Central(kind.Kind)))
        {
            foreach (var wanted in Store(group.Key, [.. group], byTrail: group.Any(IsTrail)))
            {
                yield return wanted;
            }
        }

        foreach (
            var copies in collect
                .Kinds.Where(kind => kind.Copied || (layout.Mode == AccountsMode.List && IsTrail(kind)))
                .GroupBy(kind => layout.CarriedTo(kind.Kind))
        )
        {
            foreach (var wanted in Store(copies.Key, [.. copies], byTrail: false))
            {
                yield return wanted;
            }
        }

        if (OverallBoard.Over(collect.Kinds, kind => layout.Central(kind.Kind)) is { } overall)
        {
            yield return overall;
        }

        foreach (var kind in collect.Kinds.Where(kind => kind.Copied))
        {
            yield return Wanted.Etl(layout.Central(kind.Kind), layout.CarriedTo(kind.Kind), kind.Kind.Carry);
        }
    }

    /// <summary>A Logstore that a trail makes itself, index included, is only kept long enough; a Metricstore has no index of ours.</summary>
    private static IEnumerable<WantedSetting> Store(LogTarget target, IReadOnlyList<CollectKind> kinds, bool byTrail)
    {
        var days = kinds.Max(kind => kind.CentralDays);
        var isMetrics = kinds[0].Kind.Metricstore;
        var why = $"{target} must keep {days} days";
        yield return isMetrics
            ? Wanted.Metricstore(target, days, why)
            : Wanted.Logstore(Phase.Central, target, days, growing: true, why) with
            {
                OnlyIfPresent = byTrail,
            };
        if (!byTrail && !isMetrics)
        {
            yield return Wanted.Index(
                Phase.Central,
                target,
                kinds.SelectMany(kind => kind.Kind.Fields),
                $"{target} must be searchable"
            );
        }

        foreach (
            var dashboard in kinds
                .SelectMany(kind => kind.Kind.Dashboards)
                .DistinctBy(dashboard => dashboard.Name, StringComparer.Ordinal)
        )
        {
            yield return Wanted.Dashboard(
                target,
                kinds[0].Kind.CopyLogstore == target.Logstore.Value
                    ? dashboard with
                    {
                        Name = $"{dashboard.Name}_members",
                        DisplayName = $"{dashboard.DisplayName} (members)",
                    }
                    : dashboard
            );
        }
    }

    private static bool IsTrail(CollectKind kind) => kind.Kind.MakesLogstore;
}
