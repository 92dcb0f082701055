namespace LogAudit.Products;

/// <summary>What the flow logs of a VPC say about it.</summary>
internal static class FlowLogJudgement
{
    /// <summary>The answer; null when the VPC has no flow log that is ours or goes to our place.</summary>
    public static Observed? Of(LogKind kind, ResourceRef vpc, IEnumerable<FlowLog> all, LogTarget target)
    {
        var logs = all.ToArray();
        var ours = Ours(vpc.Id, logs);
        var fitting = logs.Where(log => log.DeliversTo(target)).OrderByDescending(log => log.Status is FlowLog.Active);
        var answer = (fitting.FirstOrDefault(), ours is [var kept, ..] ? kept : null) switch
        {
            (null, null) => null,
            ({ } log, var first) => OfFitting(kind, vpc, log, first),
            (null, { } log) => OfMisdirected(kind, vpc, log, target),
        };
        return answer is not null && ours.Count > 1 ? WithoutTwins(kind, vpc, answer, ours) : answer;
    }

    /// <summary>Those of our name, the one that stays first: two runs at once must choose the same.</summary>
    public static IReadOnlyList<FlowLog> Ours(string vpcId, IEnumerable<FlowLog> logs) =>
        [.. logs.Where(log => log.Name.Same(FlowLog.NameFor(vpcId))).OrderBy(log => log.Id, StringComparer.Ordinal)];

    /// <summary>Each further flow log of ours records everything once more.</summary>
    private static Observed WithoutTwins(LogKind kind, ResourceRef vpc, Observed answer, IReadOnlyList<FlowLog> ours)
    {
        if (answer.State is Observation.Unknown || ours.Any(log => log.Status is not (FlowLog.Active or "Inactive")))
        {
            return vpc.Is(kind, new Observation.Unknown($"a flow log of {vpc.Id} is on its way", LookAgain: true));
        }

        var why = $"{vpc.Id} has {ours.Count} flow logs of ours, created at once: records come {ours.Count} times";
        return vpc.Is(
            kind,
            new Observation.Disabled(why),
            [
                .. answer.Fixes,
                .. ours.Skip(1)
                    .Select(log =>
                        Change(vpc, $"{vpc.Id}/{log.Id}", log.State, null, why) with
                        {
                            Reversal = Reversal.Cannot,
                        }
                    ),
            ]
        );
    }

    private static Observed OfFitting(LogKind kind, ResourceRef vpc, FlowLog log, FlowLog? ours)
    {
        var id = log.Id.Same(ours?.Id) ? vpc.Id : $"{vpc.Id}/{log.Id}";
        return log.Status switch
        {
            FlowLog.Active when log.DeliverError.Length > 0 => vpc.Is(
                kind,
                new Observation.Disabled($"flow log {log.Id} is active, but its delivery fails: {log.DeliverError}")
            ),
            FlowLog.Active => vpc.Is(kind, new Observation.Enabled()),
            "Inactive" => vpc.Is(
                kind,
                new Observation.Disabled($"flow log {log.Id} is stopped"),
                Change(vpc, id, log.State, log.State.With("status", FlowLog.Active), $"flow log {log.Id} is stopped")
            ),
            var other => vpc.Is(kind, new Observation.Unknown($"flow log {log.Id} is {other}", LookAgain: true)),
        };
    }

    private static Observed OfMisdirected(LogKind kind, ResourceRef vpc, FlowLog log, LogTarget target)
    {
        if (log.Status is not (FlowLog.Active or "Inactive"))
        {
            return vpc.Is(kind, new Observation.Unknown($"flow log {log.Id} is {log.Status}", LookAgain: true));
        }

        var why =
            $"flow log {log.Id} of ours records {log.State["trafficType"]} to {log.State["project"]}/{log.State["logstore"]}";
        return vpc.Is(
            kind,
            new Observation.Disabled(why),
            Change(vpc, vpc.Id, log.State, null, $"{why}; its destination cannot be changed"),
            Change(vpc, vpc.Id, null, FlowLog.Wanted(target), $"{vpc.Id} needs a flow log to {target}")
        );
    }

    private static SettingChange Change(ResourceRef vpc, string id, SettingState? from, SettingState? to, string why) =>
        new(new SettingRef("vpc.flow-log", vpc.Account, vpc.Region, id), from, to, why);
}
