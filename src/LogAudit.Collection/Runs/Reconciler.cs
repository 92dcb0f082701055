using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>Brings the estate to what the settings ask for: look, plan, apply, report. A full run and a single change take the same way; only the scope differs.</summary>
internal sealed partial class Reconciler(
    Estate estate,
    IAccountDirectory accounts,
    IPolicyBook policies,
    Planner planner,
    Applier applier,
    JournalMender mender,
    IRunStore store,
    DelayedLooks looks,
    TimeProvider time,
    ReconcileOptions options,
    ILoggerFactory logs
) : IReconciler
{
    /// <summary>Share of the time that a full run may spend on looking, so that changes still fit in.</summary>
    private const double LookingShare = 0.6;

    private readonly ILogger log = logs.CreateLogger<Reconciler>();

    /// <inheritdoc/>
    public async Task<Reconciliation> PlanAsync(CancellationToken cancel)
    {
        var book = new CachedPolicyBook(policies);
        var listing = accounts.ListAsync(cancel);
        var central = planner.CentralAsync(cancel);
        await Task.WhenAll(listing, central);
        var list = await listing;
        var (surveys, _) = await LookAsync(estate.Units(list), list, book, Deadline.None, cancel);
        return (await planner.PlanAsync(surveys, list.Accounts, await central, book, cancel)).With([
            .. list.Findings,
            .. list.Unknown,
        ]);
    }

    /// <inheritdoc/>
    public async Task<RunReport> RunAsync(string road, Deadline deadline, CancellationToken cancel)
    {
        var start = Start(road, full: true);
        var problems = new List<string>();

        // What does not depend on each other is read at once: a run is mostly waiting for answers.
        var book = new CachedPolicyBook(policies);
        var recalling = RecallAsync(problems, cancel);
        var listing = accounts.ListAsync(cancel);
        var central = planner.CentralInTurnAsync(recalling, cancel);
        await Task.WhenAll(listing, recalling);
        var (list, memory) = (await listing, await recalling);
        var due = looks.Due(memory);
        problems.Add(list.Problem);
        problems.AddRange(list.Unknown);
        problems.AddRange(
            list.Accounts.Where(account => !account.CanEnter)
                .Select(account => $"account {account.Account}: {account.Problem}")
        );

        var units = GoOn(estate.Units(list), memory.LastFull?.Next ?? "");
        var looking = LookAsync(units, list, book, Share(deadline), cancel);
        var mending = mender.MendAsync(memory.LastFull?.Started, cancel);
        await Task.WhenAll(central, looking, mending);
        problems.AddRange(await mending);
        var (surveys, next) = await looking;
        var found = (await planner.PlanAsync(surveys, list.Accounts, await central, book, cancel)).With(list.Findings);
        var report = await FinishAsync(
            start with
            {
                Next = next,
                More = next.Length > 0,
            },
            found,
            memory,
            problems,
            deadline,
            cancel
        );
        await looks.UpdateAsync(due, report, cancel);
        return report;
    }

    /// <inheritdoc/>
    public async Task<RunReport> RunAsync(
        IReadOnlyList<Unit> units,
        string road,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var start = Start(road, full: false);
        var book = new CachedPolicyBook(policies);
        var (surveys, next) = await LookAsync(units, new([]), book, deadline, cancel);
        var found = await planner.PlanAsync(surveys, accounts: null, Comparison.None, book, cancel);
        // A change costs no read of the state, unless it meets a log that Poll may be reading.
        var problems = new List<string>();
        var memory = surveys.SelectMany(survey => survey.Looks).Any(PollMemory.MayRead)
            ? await RecallAsync(problems, cancel)
            : RunMemory.Empty;
        return await FinishAsync(
            start with
            {
                Next = next,
                More = next.Length > 0,
                Gaps = [.. units.SelectMany(unit => unit.Gaps)],
            },
            found,
            memory,
            problems,
            deadline,
            cancel
        );
    }

    /// <inheritdoc/>
    public async Task<RunReport> ApplyAsync(
        Reconciliation shown,
        string road,
        Deadline deadline,
        CancellationToken cancel
    ) => await FinishAsync(Start(road, full: true), shown, await RecallAsync([], cancel), [], deadline, cancel);

    private async Task<RunReport> FinishAsync(
        RunReport start,
        Reconciliation found,
        RunMemory memory,
        IReadOnlyList<string> problems,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var applied = await applier.ApplyAsync(found.Plan, new(start.Run), deadline, cancel);
        var report = Reporting.Report(start with { Ended = time.GetUtcNow() }, found, applied, memory.Polled, problems);
        await RememberAsync(report, memory, cancel);
        Finished(
            log,
            report.Road,
            report.Coverage.Sum(row => row.Resources),
            report.Coverage.Sum(row => row.Collecting),
            report.Coverage.Sum(row => row.Unknown),
            report.Writes,
            report.Errors.Count,
            (report.Ended - report.Started).TotalMilliseconds,
            report.More
        );
        return report;
    }

    /// <summary>Looks at units, several at once, until the time for looking is up; answers also where to go on.</summary>
    private async Task<(IReadOnlyList<UnitSurvey> Surveys, string Next)> LookAsync(
        IReadOnlyList<Unit> units,
        AccountList list,
        CachedPolicyBook book,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        var closed = list
            .Accounts.Where(account => !account.CanEnter)
            .ToDictionary(entry => entry.Account, entry => entry.Problem);
        var surveyor = estate.Surveyor(book, logs);
        var surveys = new ConcurrentDictionary<int, UnitSurvey>();
        await Parallel.ForEachAsync(
            units.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancel },
            async (one, stop) =>
            {
                if (closed.TryGetValue(one.Item.Account, out var problem))
                {
                    surveys[one.Index] = new(one.Item, [], 0, problem);
                }
                else if (deadline.AllowsNewWork(time.GetUtcNow()))
                {
                    surveys[one.Index] = await surveyor.LookAsync(one.Item, stop);
                }
            }
        );
        var left = units
            .Index()
            .Where(one => !surveys.ContainsKey(one.Index))
            .Select(one => one.Item.Key)
            .FirstOrDefault("");
        return ([.. surveys.OrderBy(pair => pair.Key).Select(pair => pair.Value)], left);
    }

    private async Task<RunMemory> RecallAsync(List<string> problems, CancellationToken cancel)
    {
        try
        {
            return await store.RecallAsync(cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            StateUnreadable(log, exception);
            problems.Add($"what earlier runs left could not be read: {exception.Message}");
            return RunMemory.Empty;
        }
    }

    /// <summary>Writes the report unless it says what the last one said; the state is a convenience and never fails a run.</summary>
    private async Task RememberAsync(RunReport report, RunMemory memory, CancellationToken cancel)
    {
        var digest = RunJson.Digest(report);
        var due =
            report.Writes > 0
            || report.Gaps.Count > 0
            || (report.Full && !string.Equals(digest, memory.Digest, StringComparison.Ordinal))
            || (report.Full && memory.LastFull?.Ended < report.Ended - options.ReportAtLeastEvery);
        try
        {
            if (due)
            {
                await store.RememberAsync(report, digest, cancel);
            }
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            ReportNotKept(log, exception, report.Run);
        }
    }

    private RunReport Start(string road, bool full) =>
        new()
        {
            Run = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Road = road,
            Full = full,
            Started = time.GetUtcNow(),
            Ended = time.GetUtcNow(),
            Coverage = [],
            Writes = 0,
            Unknown = [],
            Errors = [],
            Findings = [],
        };

    private Deadline Share(Deadline deadline)
    {
        var now = time.GetUtcNow();
        return deadline == Deadline.None
            ? deadline
            : new Deadline(now + deadline.Remaining(now) * LookingShare, TimeSpan.Zero);
    }

    private static IReadOnlyList<Unit> GoOn(IReadOnlyList<Unit> units, string key)
    {
        var from = units
            .Index()
            .Where(one => string.Equals(one.Item.Key, key, StringComparison.Ordinal))
            .Select(one => one.Index)
            .FirstOrDefault();
        return [.. units.Skip(from), .. units.Take(from)];
    }

    [LoggerMessage(
        5000,
        LogLevel.Information,
        "Reconcile by {Road}: {Resources} resources, {Collecting} collecting, {Unknown} unknown, {Writes} writes, {Errors} errors, {ElapsedMs} ms, more: {More}"
    )]
    private static partial void Finished(
        ILogger log,
        string road,
        int resources,
        int collecting,
        int unknown,
        int writes,
        int errors,
        double elapsedMs,
        bool more
    );

    [LoggerMessage(5003, LogLevel.Warning, "What earlier runs left could not be read; this run begins anew")]
    private static partial void StateUnreadable(ILogger log, Exception exception);

    [LoggerMessage(5004, LogLevel.Warning, "The report of run {Run} could not be kept; status shows an older one")]
    private static partial void ReportNotKept(ILogger log, Exception exception, string run);
}
