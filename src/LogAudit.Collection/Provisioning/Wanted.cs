using System.Globalization;
using System.Text.Json;

namespace LogAudit.Collection;

/// <summary>Builds the wanted state of each kind of setting.</summary>
internal static class Wanted
{
    public static SettingRef ProjectRef(LogTarget target) =>
        new(SettingKinds.Project, target.Account, target.Region, target.Project.Value);

    public static SettingRef LogstoreRef(LogTarget target) =>
        new(SettingKinds.Logstore, target.Account, target.Region, target.ToString());

    /// <summary>Where the logs of a kind are kept: a Logstore or a Metricstore.</summary>
    public static SettingRef StoreRef(LogTarget target, LogKind kind) =>
        kind.Metricstore ? MetricstoreRef(target) : LogstoreRef(target);

    public static SettingRef MetricstoreRef(LogTarget target) =>
        new(SettingKinds.Metricstore, target.Account, target.Region, target.ToString());

    public static WantedSetting Metricstore(LogTarget target, int days, string why) =>
        new(
            Phase.Central,
            MetricstoreRef(target),
            SettingState.Of(("ttl", days.ToString(CultureInfo.InvariantCulture))),
            why
        )
        {
            Reversal = Reversal.DeletesLogs,
            Needs = [ProjectRef(target)],
        };

    public static WantedSetting Project(Phase phase, LogTarget target, string why) =>
        new(phase, ProjectRef(target), SettingState.Of(("description", "LogAudit")), why)
        {
            Reversal = Reversal.DeletesLogs,
        };

    public static WantedSetting Logstore(Phase phase, LogTarget target, int days, bool growing, string why) =>
        new(
            phase,
            LogstoreRef(target),
            SettingState.Of(
                ("ttl", days.ToString(CultureInfo.InvariantCulture)),
                ("shards", growing ? "growing" : "fixed")
            ),
            why
        )
        {
            Reversal = Reversal.DeletesLogs,
            Needs = [ProjectRef(target)],
        };

    /// <summary>The days that a product keeps logs in its own Logstore, by its own call.</summary>
    public static WantedSetting OwnDays(SettingRef setting, int days) =>
        new(
            Phase.Regional,
            setting,
            SettingState.Of(("ttl", days.ToString(CultureInfo.InvariantCulture))),
            $"the product keeps its logs for fewer than {days} days"
        )
        {
            OnlyIfPresent = true,
            OnlyGrows = true,
        };

    public static WantedSetting Index(Phase phase, LogTarget target, IEnumerable<IndexField> fields, string why)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { ["line"] = "yes" };
        foreach (var field in fields)
        {
            members.TryAdd($"key:{field.Name}", field.Type);
        }

        return new(
            phase,
            new(SettingKinds.Index, target.Account, target.Region, target.ToString()),
            new SettingState(members),
            why
        )
        {
            Needs = [LogstoreRef(target)],
            // Logs that stay behind must stay searchable: the index goes only with its Logstore.
            Reversal = Reversal.DeletesLogs,
        };
    }

    public static WantedSetting Dashboard(LogTarget target, DashboardSpec dashboard)
    {
        var state = SettingState.Of(
            ("displayName", dashboard.DisplayName),
            ("logstore", target.Logstore.Value),
            ("charts", Charts(dashboard.Charts))
        );
        return new(
            Phase.Central,
            new(SettingKinds.Dashboard, target.Account, target.Region, $"{target.Project}/{dashboard.Name}"),
            state.With("stamp", DashboardStamp.Of(state)),
            $"dashboard over {target.Logstore}"
        )
        {
            Needs = [ProjectRef(target)],
        };
    }

    public static SettingRef EtlRef(LogTarget from) =>
        new(SettingKinds.Etl, from.Account, from.Region, $"{from.Project}/{EtlName(from.Logstore)}");

    /// <summary>The job that carries logs on.</summary>
    /// <param name="from">Where they are.</param>
    /// <param name="to">Where they go.</param>
    /// <param name="script">SPL.</param>
    public static WantedSetting Etl(LogTarget from, LogTarget to, string script) =>
        new(
            Phase.Carry,
            EtlRef(from),
            SettingState.Of(
                ("source", from.Logstore.Value),
                ("script", script),
                ("lang", "SPL"),
                ("roleArn", $"acs:ram::{from.Account}:role/{OwnRoles.Etl}"),
                ("sinkEndpoint", $"{to.Region}.log.aliyuncs.com"),
                ("sinkProject", to.Project.Value),
                ("sinkLogstore", to.Logstore.Value),
                ("sinkRoleArn", $"acs:ram::{to.Account}:role/{OwnRoles.EtlSink}")
            ),
            $"{from} is not carried to {to}"
        )
        {
            Needs = [ProjectRef(from), LogstoreRef(from), LogstoreRef(to)],
        };

    /// <summary>Charts as text: a JSON list of <c>[title, type, query]</c>, with <c>logstore, days</c> behind where they are not the dashboard's own and a day.</summary>
    public static string Charts(IEnumerable<ChartSpec> charts) =>
        PlanJson.Text(json =>
        {
            json.WriteStartArray();
            foreach (var chart in charts)
            {
                json.WriteStartArray();
                json.WriteStringValue(chart.Title);
                json.WriteStringValue(chart.Type);
                json.WriteStringValue(chart.Query);
                if (chart is not { Logstore: "", Days: 1 })
                {
                    json.WriteStringValue(chart.Logstore);
                    json.WriteNumberValue(chart.Days);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        });

    /// <summary>Charts from their text.</summary>
    public static IReadOnlyList<ChartSpec> Charts(string text)
    {
        using var document = JsonDocument.Parse(text);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(chart => new ChartSpec(
                    chart[0].GetString() ?? "",
                    chart[1].GetString() ?? "",
                    chart[2].GetString() ?? ""
                )
                {
                    Logstore = chart.GetArrayLength() > 3 ? chart[3].GetString() ?? "" : "",
                    Days = chart.GetArrayLength() > 3 ? chart[4].GetInt32() : 1,
                }),
        ];
    }

    private static string EtlName(LogstoreName logstore) => $"logaudit-carry-{logstore.Value.Replace('_', '-')}";
}
