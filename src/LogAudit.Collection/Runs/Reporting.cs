namespace LogAudit.Collection;

/// <summary>Makes the report of a run from what was found and what became of the plan.</summary>
internal static class Reporting
{
    public static RunReport Report(
        RunReport start,
        Reconciliation found,
        IReadOnlyList<Applied> applied,
        PollMemory polled,
        IReadOnlyList<string> problems
    )
    {
        var inPlace = applied
            .GroupBy(one => one.Planned.Change.Setting)
            .ToDictionary(group => group.Key, group => group.All(one => one.InPlace));
        return start with
        {
            Coverage =
            [
                .. found
                    .Surveys.GroupBy(survey => (survey.Unit.Account, survey.Unit.Product))
                    .Select(group => Row(group.Key.Account, group.Key.Product, [.. group], found, StateOf))
                    .OrderBy(row => row.Account.Value, StringComparer.Ordinal)
                    .ThenBy(row => row.Product, StringComparer.Ordinal),
            ],
            Writes = applied.Count(one => one.Outcome is Outcome.Done or Outcome.Failed or Outcome.Unclear),
            Unknown = Some([.. problems, .. UnknownOf(found)]),
            Errors = Some(
                applied
                    .Where(one =>
                        one.Outcome is Outcome.Failed or Outcome.Unclear or Outcome.Skipped or Outcome.Overtaken
                    )
                    .Select(one => $"{one.Planned.Change.Setting}: {one.Outcome}: {one.Note}")
            ),
            Findings = Some(
                found.Plan.Findings.Concat(
                    applied
                        .Where(one => one.Outcome == Outcome.Done)
                        .Select(one => one.Note.Length == 0 ? "" : $"{one.Planned.Change.Setting}: {one.Note}")
                )
            ),
            LookAgain = Some(
                found
                    .Outlooks.Where(outlook => outlook.State is Observation.Unknown { LookAgain: true })
                    .Select(outlook => outlook.Look.Resource)
                    .Select(resource => $"{resource.Account}/{resource.Region}/{resource.Product}/{resource.Id}")
            ),
            More = start.More || applied.Any(one => one.Outcome == Outcome.NotStarted),
        };

        // A log that only lacks its collection policy collects when it is read by API meanwhile.
        (Observation State, bool IsPolled) StateOf(Outlook outlook, bool after)
        {
            var state = after ? After(outlook, inPlace) : outlook.State;
            return state is Observation.Disabled && polled.Reads(outlook.Look, start.Ended)
                ? (new Observation.Enabled(), true)
                : (state, false);
        }
    }

    public static IReadOnlyList<string> UnknownOf(Reconciliation found) =>
        Some([
            .. found
                .Surveys.Where(survey => survey.Problem.Length > 0)
                .Select(survey => $"{survey.Unit}: {survey.Problem}"),
            .. found.Outlooks.Select(outlook =>
                outlook.State is Observation.Unknown unknown
                    ? $"{outlook.Look.Resource} {outlook.Look.Collect.Kind.Name}: {unknown.Why}"
                    : ""
            ),
        ]);

    private static CoverageRow Row(
        AccountId account,
        string product,
        List<UnitSurvey> surveys,
        Reconciliation found,
        Func<Outlook, bool, (Observation State, bool IsPolled)> stateOf
    )
    {
        var resources = found
            .Outlooks.Where(outlook =>
                outlook.Look.Resource.Account == account
                && string.Equals(outlook.Look.Resource.Product, product, StringComparison.Ordinal)
            )
            .GroupBy(outlook => (outlook.Look.Resource.Region, outlook.Look.Resource.Id))
            .Select(group =>
                (
                    Before: Worst(group, outlook => stateOf(outlook, false).State),
                    After: Worst(group, outlook => stateOf(outlook, true).State),
                    IsPolled: group.Any(outlook => stateOf(outlook, true).IsPolled)
                )
            )
            .ToList();
        return new(
            account,
            product,
            resources.Count,
            resources.Count(resource => resource.Before == Standing.Collecting),
            resources.Count(resource => resource.After == Standing.Collecting),
            resources.Count(resource => resource.After == Standing.NotCollecting),
            resources.Count(resource => resource.After == Standing.NotApplicable),
            resources.Count(resource => resource.After == Standing.Unknown),
            surveys.Sum(survey => survey.Excluded),
            surveys.Any(survey => survey.Problem.Length > 0)
        )
        {
            ByPoll = resources.Count(resource => resource is { After: Standing.Collecting, IsPolled: true }),
        };
    }

    private static Observation After(Outlook outlook, Dictionary<SettingRef, bool> inPlace) =>
        outlook.State is Observation.Disabled
        && outlook.Mends.Count > 0
        && outlook.Mends.All(setting => inPlace.GetValueOrDefault(setting))
            ? new Observation.Enabled()
            : outlook.State;

    private static Standing Worst(IEnumerable<Outlook> outlooks, Func<Outlook, Observation> state) =>
        outlooks.Max(outlook =>
            state(outlook) switch
            {
                Observation.Unknown => Standing.Unknown,
                Observation.Disabled => Standing.NotCollecting,
                Observation.Enabled => Standing.Collecting,
                _ => Standing.NotApplicable,
            }
        );

    private static IReadOnlyList<string> Some(IEnumerable<string> reasons) =>
        [
            .. reasons
                .Where(reason => reason.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Take(RunReport.MaxReasons),
        ];

    private enum Standing
    {
        NotApplicable,
        Collecting,
        NotCollecting,
        Unknown,
    }
}
