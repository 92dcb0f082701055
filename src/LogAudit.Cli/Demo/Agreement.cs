using LogAudit.Collection;
using LogAudit.LocalCloud.Scenario;
using CloudRow = LogAudit.LocalCloud.Scenario.CoverageRow;

namespace LogAudit.Cli.Demo;

/// <summary>Compares the product's own report with what LocalCloud counts, per account and product. Both count a resource once, by the worst of its logs.</summary>
internal static class Agreement
{
    public static IEnumerable<string> Check(RunReport report, IReadOnlyList<CloudRow> counted, ScenarioScript script)
    {
        foreach (var group in Worst(counted).GroupBy(row => (row.Account, row.Product)))
        {
            var told = report.Coverage.FirstOrDefault(row =>
                row.Account.Value == group.Key.Account && row.Product == group.Key.Product
            );
            if (script.Accounts.First(account => account.Uid == group.Key.Account).DeniesAccess)
            {
                // Nobody can count what an account hides; the report must say so and must not call it covered.
                if (told is { Collecting: > 0 } || (told is { Unreadable: false, Unknown: 0 }))
                {
                    yield return $"{group.Key.Product} of {group.Key.Account} denies access, and the report does not show it";
                }

                continue;
            }

            var collecting = group.Count(row => row.State is CoverageState.Collecting);
            var cannot = group.Count(row => row.State is CoverageState.NotCollectable);
            if (
                told is null
                || told.Resources != group.Count()
                || told.Collecting != collecting
                || told.NotApplicable != cannot
            )
            {
                yield return $"{group.Key.Product} of {group.Key.Account}: counted {group.Count()} resources, {collecting} collecting, {cannot} n/a; reported {told?.Resources}, {told?.Collecting}, {told?.NotApplicable}";
            }
        }
    }

    /// <summary>One row per resource: that of its worst log.</summary>
    public static IEnumerable<CloudRow> Worst(IEnumerable<CloudRow> rows) =>
        rows.GroupBy(row => (row.Product, row.Account, row.Region, row.Id))
            .Select(resource =>
                resource.MaxBy(row =>
                    row.State switch
                    {
                        CoverageState.Unknown => 3,
                        CoverageState.NotCollecting => 2,
                        CoverageState.Collecting => 1,
                        _ => 0,
                    }
                )!
            );
}
