using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Finds the logs that are to be read by API: those for which the settings ask, whose resource can have them, and which no collection policy delivers.</summary>
/// <remarks>What was found is kept for <see cref="Lasts"/>, so that polling every minute does not list the estate every minute. What could not be looked at is looked at again in the next run.</remarks>
internal sealed class PollTargets(
    CollectSettings collect,
    Estate estate,
    IAccountDirectory accounts,
    IPolicyBook policies,
    PolicyAvailability available,
    ReconcileOptions options,
    TimeProvider time,
    ILoggerFactory logs
)
{
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<PollTarget> Targets)> found = new(
        StringComparer.Ordinal
    );

    private AccountList? list;
    private DateTimeOffset listedAt;

    /// <summary>The targets, and what could not be told, each as <c>unit: reason</c>.</summary>
    public async Task<(IReadOnlyList<PollTarget> Targets, IReadOnlyList<string> Unknown)> FindAsync(
        Deadline deadline,
        CancellationToken cancel
    )
    {
        if (!collect.Kinds.Any(kind => IsPolled(kind.Kind)))
        {
            return ([], []);
        }

        var unknown = new ConcurrentBag<string>();
        var known = await AccountsAsync(cancel);
        if (known.Problem.Length > 0)
        {
            unknown.Add(known.Problem);
        }

        foreach (var closed in known.Accounts.Where(account => !account.CanEnter))
        {
            unknown.Add($"account {closed.Account}: {closed.Problem}");
        }

        var open = known with { Accounts = [.. known.Accounts.Where(account => account.CanEnter)] };
        var units = estate
            .Units(open)
            .Where(unit => collect.Of(unit.Product).Any(kind => IsPolled(kind.Kind)))
            .ToList();
        await LookAsync(units, unknown, deadline, cancel);
        return (
            [
                .. units
                    .SelectMany(unit => found.TryGetValue(unit.Key, out var one) ? one.Targets : [])
                    .DistinctBy(target => target.Key, StringComparer.Ordinal),
            ],
            [.. unknown.Order(StringComparer.Ordinal)]
        );
    }

    private async Task LookAsync(
        List<Unit> units,
        ConcurrentBag<string> unknown,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        if (!units.Exists(IsDue))
        {
            return;
        }

        await available.RecallAsync(cancel);
        var surveyor = estate.Surveyor(new CachedPolicyBook(policies), logs);
        await Parallel.ForEachAsync(
            units.Where(IsDue),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
            async (unit, stop) =>
            {
                if (!deadline.AllowsNewWork(time.GetUtcNow()))
                {
                    return;
                }

                var survey = await surveyor.LookAsync(unit, IsPolled, stop);
                if (survey.Problem.Length > 0)
                {
                    unknown.Add($"{unit}: {survey.Problem}");
                    return;
                }

                foreach (var look in survey.Looks)
                {
                    if (look.State is Observation.Unknown cause)
                    {
                        unknown.Add($"{look.Resource} {look.Collect.Kind.Name}: {cause.Why}");
                    }
                }

                var isSettled = survey.Looks.All(look =>
                    look.State is not Observation.Unknown && !available.MayStillCome(look)
                );
                found[unit.Key] = (
                    isSettled ? time.GetUtcNow() : DateTimeOffset.MinValue,
                    [.. survey.Looks.Where(MustBeRead).Select(look => new PollTarget(look.Collect.Kind, look.Resource))]
                );
            }
        );
    }

    private bool IsDue(Unit unit) => !found.TryGetValue(unit.Key, out var one) || time.GetUtcNow() - one.At >= Lasts;

    private async Task<AccountList> AccountsAsync(CancellationToken cancel)
    {
        if (list is null || time.GetUtcNow() - listedAt >= Lasts)
        {
            (list, listedAt) = (await accounts.ListAsync(cancel), time.GetUtcNow());
        }

        return list;
    }

    private static bool IsPolled(LogKind kind) => kind.Poll is not null && kind.Route.HasFlag(Routes.Poll);

    /// <summary>Where a policy could deliver the log, it is read only when no policy reaches it and none is to be expected.</summary>
    private bool MustBeRead(Look look) =>
        look.State is not (Observation.NotApplicable or Observation.Unknown)
        && (!look.Collect.Kind.Route.HasFlag(Routes.Policy) || (look.PolicyMissing && !available.MayStillCome(look)));
}
