using System.Globalization;

namespace LogAudit.Collection;

/// <summary>Decides, kind by kind, what a wanted state means for the state found. LogAudit adds; it takes nothing away that it did not write.</summary>
internal static class SettingRules
{
    public static Verdict Judge(WantedSetting wanted, SettingState? present) =>
        present is null
            ? wanted.OnlyIfPresent
                ? new Verdict.Fine()
                : new Verdict.Change(wanted.State, wanted.Reversal)
            : wanted.Setting.Kind switch
            {
                SettingKinds.Project or SettingKinds.Attachment => new Verdict.Fine(),
                _ when wanted.OnlyGrows => Logstore(present, wanted.State),
                SettingKinds.Logstore or SettingKinds.Metricstore => Logstore(present, wanted.State),
                SettingKinds.Index => Index(present, wanted.State),
                SettingKinds.Dashboard => Dashboard(wanted.Setting, present, wanted.State),
                SettingKinds.CollectionPolicy => CollectionPolicy(present, wanted.State),
                SettingKinds.Role => Same(present, present.With("trust", wanted.State["trust"])),
                _ => Same(present, wanted.State),
            };

    /// <summary>Retention only grows. Undoing the growth would delete logs.</summary>
    private static Verdict Logstore(SettingState present, SettingState wanted) =>
        Days(present) >= Days(wanted)
            ? new Verdict.Fine()
            : new Verdict.Change(present.With("ttl", wanted["ttl"]), Reversal.DeletesLogs);

    /// <summary>Missing fields are added; a field that somebody typed otherwise stays.</summary>
    private static Verdict Index(SettingState present, SettingState wanted) =>
        wanted.Keys.All(present.ContainsKey)
            ? new Verdict.Fine()
            : new Verdict.Change(
                new SettingState(present.Concat(wanted.Where(member => !present.ContainsKey(member.Key)))),
                Reversal.Restores
            );

    /// <summary>A dashboard whose stamp does not fit its charts was edited by hand, or is not ours.</summary>
    private static Verdict Dashboard(SettingRef setting, SettingState present, SettingState wanted) =>
        string.Equals(DashboardStamp.Of(present), DashboardStamp.Of(wanted), StringComparison.Ordinal)
            ? new Verdict.Fine()
        : string.Equals(present.GetValueOrDefault("stamp"), DashboardStamp.Of(present), StringComparison.Ordinal)
            ? new Verdict.Change(wanted, Reversal.Restores)
        : new Verdict.Leave($"{setting} was edited by hand and is left as it is; delete it to get the current one");

    /// <summary>A list of instances only grows; the days are not compared, because the service does not say when it reads them.</summary>
    private static Verdict CollectionPolicy(SettingState present, SettingState wanted)
    {
        var to =
            wanted["mode"] is "instanceMode" && present["mode"] is "instanceMode"
                ? wanted.With("instanceIds", Union(present["instanceIds"], wanted["instanceIds"]))
                : wanted;
        // Where a log without a region goes first is fixed when the policy is made.
        to = present["dataRegion"].Length > 0 ? to.With("dataRegion", present["dataRegion"]) : to;
        return present.With("destTtl", "").Equals(to.With("destTtl", ""))
            ? new Verdict.Fine()
            : new Verdict.Change(to, Reversal.Restores);
    }

    private static Verdict Same(SettingState present, SettingState wanted) =>
        present.Equals(wanted) ? new Verdict.Fine() : new Verdict.Change(wanted, Reversal.Restores);

    private static string Union(string one, string two) =>
        string.Join(
            ',',
            one.Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Union(two.Split(',', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

    private static int Days(SettingState state) =>
        int.Parse(state["ttl"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
