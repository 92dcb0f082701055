namespace LogAudit.Collection;

/// <summary>The one dashboard over everything: for each central Logstore how much came in, from which accounts, when last, and how that went over 30 days.</summary>
/// <remarks>Source: the old service's "Log audit overall view": accounts, volumes, 30-day trend. Assumed: its name and queries.</remarks>
internal static class OverallBoard
{
    private const string Name = "log_audit_overall_view";
    private const int Days = 30;

    /// <summary>Null when nothing is collected into a Logstore.</summary>
    /// <param name="kinds">What is collected.</param>
    /// <param name="central">Where the logs of a kind end up.</param>
    public static WantedSetting? Over(IReadOnlyList<CollectKind> kinds, Func<CollectKind, LogTarget> central)
    {
        var stores = kinds.Where(kind => !kind.Kind.Metricstore).GroupBy(central).ToList();
        if (stores.Count == 0)
        {
            return null;
        }

        var first = stores[0].Key;
        return Wanted.Dashboard(
            first,
            new DashboardSpec(
                Name,
                "Log Audit Overall View",
                [
                    .. stores
                        .SelectMany(store => Charts(store.Key, first, [.. store.Select(kind => kind.Kind)]))
                        // Figures together, then trends, then accounts.
                        .GroupBy(chart => chart.Type, StringComparer.Ordinal)
                        .SelectMany(type => type),
                ]
            )
        );
    }

    private static IEnumerable<ChartSpec> Charts(LogTarget store, LogTarget own, IReadOnlyList<LogKind> kinds)
    {
        var name = store.Logstore.Value;
        var (select, group) = AccountOf(kinds) is { } account ? ($"{account} as account, ", ", account") : ("", "");
        ChartSpec[] charts =
        [
            new($"{name}: records", "aggpro", "* | select count(*) as records"),
            new(
                $"{name}: records a day",
                "linepro",
                $"* | select date_format(date_trunc('day', __time__), '%m-%d') as day, {select}count(*) as records group by day{group} order by day limit 10000"
            ),
            new(
                $"{name}: accounts heard",
                "table",
                $"* | select {(select.Length > 0 ? select : "__topic__ as topic, ")}count(*) as records, date_format(max(__time__), '%Y-%m-%d %H:%i') as last_record group by {(group.Length > 0 ? "account" : "topic")} order by records desc limit 100"
            ),
        ];
        return charts.Select(chart => chart with { Logstore = name == own.Logstore.Value ? "" : name, Days = Days });
    }

    /// <summary>Expression for the account over the indexed fields of the Logstore that carry it; null when there is none.</summary>
    private static string? AccountOf(IReadOnlyList<LogKind> kinds)
    {
        var texts = kinds
            .SelectMany(kind => kind.Fields)
            .Where(field => field.Type == "text")
            .Select(field => field.Name);
        var fields = kinds
            .SelectMany(kind =>
                kind.Mapping.Fields.Where(field => field.Target == "cloud.account.id")
                    .Select(field =>
                        kind.Mapping.JsonField.Length > 0 ? $"{kind.Mapping.JsonField}.{field.Source}" : field.Source
                    )
            )
            .Distinct(StringComparer.Ordinal)
            .Intersect(texts, StringComparer.Ordinal)
            .Select(field => $"\"{field}\"")
            .ToList();
        return fields.Count switch
        {
            0 => null,
            1 => fields[0],
            _ => $"coalesce({string.Join(", ", fields)})",
        };
    }
}
