using System.Text.Json;
using LogAudit.Sls;
using Microsoft.Extensions.Logging;

namespace LogAudit.Collection;

/// <summary>The work of the function <c>OnChange</c>: one change → narrow scope → the same reconcile as a full run.</summary>
/// <remarks>
/// Takes EventBridge events (one or a list), SLS triggers on the trail's Logstore, and timers (which only look again at what was not ready).
/// An event that cannot be read is told and answered as done: repeating it would not help, and the full run covers what it may have meant.
/// </remarks>
public sealed partial class OnChangeFunction
{
    private readonly IReconciler reconciler;
    private readonly Estate estate;
    private readonly ChangeReader reader;
    private readonly TrailFeed feed;
    private readonly DelayedLooks looks;
    private readonly Layout layout;
    private readonly ILogger<OnChangeFunction> log;
    private readonly SeenEvents seen = new();

    internal OnChangeFunction(
        IReconciler reconciler,
        Estate estate,
        ChangeReader reader,
        TrailFeed feed,
        DelayedLooks looks,
        Layout layout,
        ILogger<OnChangeFunction> log
    )
    {
        this.reconciler = reconciler;
        this.estate = estate;
        this.reader = reader;
        this.feed = feed;
        this.looks = looks;
        this.layout = layout;
        this.log = log;
    }

    /// <summary>Handles one invocation.</summary>
    /// <param name="body">The event as the platform sent it.</param>
    /// <param name="deadline">When the work must have ended.</param>
    /// <param name="cancel">Ends the work at once.</param>
    public async Task<OnChangeAnswer> InvokeAsync(
        ReadOnlyMemory<byte> body,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root switch
            {
                { ValueKind: JsonValueKind.Array } => await BusAsync([.. root.EnumerateArray()], deadline, cancel),
                { ValueKind: JsonValueKind.Object } when root.TryGetProperty("specversion", out _) => await BusAsync(
                    [root],
                    deadline,
                    cancel
                ),
                { ValueKind: JsonValueKind.Object } when Doorbell(root) is { } bell => await TrailAsync(
                    bell,
                    deadline,
                    cancel
                ),
                { ValueKind: JsonValueKind.Object } when root.TryGetProperty("triggerTime", out _) =>
                    await LookAgainAsync(deadline, cancel),
                { ValueKind: JsonValueKind.Object } when FailedInvocation.Read(root) is { } failed => GivenUp(failed),
                _ => Unread("it is no CloudEvent, no trigger of the trail's Logstore and no timer"),
            };
        }
        catch (JsonException exception)
        {
            return Unread(exception.Message);
        }
    }

    private async Task<OnChangeAnswer> BusAsync(
        IReadOnlyList<JsonElement> events,
        Deadline deadline,
        CancellationToken cancel
    ) => await ReconcileAsync([.. events.Select(reader.ReadCloudEvent)], "bus", deadline, cancel);

    private async Task<OnChangeAnswer> TrailAsync(TrailDoorbell bell, Deadline deadline, CancellationToken cancel)
    {
        var answer = new OnChangeAnswer { Road = "trail" };
        try
        {
            var more = await feed.ReadAsync(
                bell,
                async events =>
                    answer = Sum(
                        answer,
                        await ReconcileAsync(
                            [.. events.Select(one => reader.ReadTrailRecord(one))],
                            "trail",
                            deadline,
                            cancel
                        )
                    ),
                deadline,
                cancel
            );
            answer = answer with { More = answer.More || more };
        }
        catch (SlsException failure) when (failure.IsNotFound)
        {
            LogstoreGone(log, failure, bell.Logstore.Value);
            return answer with { Errors = [.. answer.Errors, failure.Message] };
        }

        return Sum(answer, await LookAgainAsync(deadline, cancel) with { Road = "trail" });
    }

    private async Task<OnChangeAnswer> LookAgainAsync(Deadline deadline, CancellationToken cancel)
    {
        var due = await looks.DueAsync(cancel);
        if (due.Count == 0)
        {
            return new() { Road = "look" };
        }

        var units = Merge(due.SelectMany(look => estate.Units(look.Account, look.Region, look.Product, [look.Id])));
        var report = await reconciler.RunAsync(units, "look", deadline, cancel);
        await looks.UpdateAsync(due, report, cancel);
        return Answer("look", units, report);
    }

    private async Task<OnChangeAnswer> ReconcileAsync(
        IReadOnlyList<ChangeReading> readings,
        string road,
        Deadline deadline,
        CancellationToken cancel
    )
    {
        foreach (var unreadable in readings.OfType<ChangeReading.Unreadable>())
        {
            EventUnreadable(log, unreadable.Why);
        }

        var changes = readings
            .OfType<ChangeReading.Found>()
            .SelectMany(found => found.Changes)
            .Where(seen.IsNew)
            .ToList();
        var units = Merge(
            changes
                .Where(change => change.Effect != ChangeEffect.Deleted)
                .SelectMany(change =>
                    estate
                        .Units(
                            change.Account,
                            change.Region,
                            change.Product,
                            change.ResourceIds.Count == 0 ? null : change.ResourceIds
                        )
                        .Select(unit => change.Gap.Length == 0 ? unit : unit with { Gaps = [GapOf(change)] })
                )
        );
        var answer = new OnChangeAnswer
        {
            Road = road,
            Events = readings.Count,
            Unreadable = readings.Count(reading => reading is ChangeReading.Unreadable),
            Ignored =
                readings.Count(reading => reading is not ChangeReading.Unreadable)
                - changes.Select(change => change.EventId).Distinct(StringComparer.Ordinal).Count(),
        };
        if (units.Count == 0)
        {
            return answer;
        }

        try
        {
            var report = await reconciler.RunAsync(units, road, deadline, cancel);
            await looks.UpdateAsync([], report, cancel);
            return Sum(answer, Answer(road, units, report));
        }
        catch
        {
            changes.ForEach(seen.Forget);
            throw;
        }
    }

    /// <summary>One unit per account, region and product; where one of several says "all resources", all it is.</summary>
    internal static IReadOnlyList<Unit> Merge(IEnumerable<Unit> units) =>
        [
            .. units
                .GroupBy(unit => unit.Key, StringComparer.Ordinal)
                .Select(group =>
                    (
                        group.Any(unit => unit.ResourceIds is null)
                            ? group.First() with
                            {
                                ResourceIds = null,
                            }
                            : group.First() with
                            {
                                ResourceIds =
                                [
                                    .. group
                                        .SelectMany(unit => unit.ResourceIds ?? [])
                                        .Distinct(StringComparer.Ordinal),
                                ],
                            }
                    ) with
                    {
                        Gaps = [.. group.SelectMany(unit => unit.Gaps).Distinct(StringComparer.Ordinal)],
                    }
                ),
        ];

    private static string GapOf(Change change) =>
        $"{change.Product} {change.Account}/{change.Region}/{string.Join(',', change.ResourceIds)}: {change.Gap}";

    private TrailDoorbell? Doorbell(JsonElement root)
    {
        if (
            !root.TryGetProperty("source", out var source)
            || source.ValueKind != JsonValueKind.Object
            || !source.TryGetProperty("projectName", out var project)
            || !source.TryGetProperty("logstoreName", out var logstore)
            || !source.TryGetProperty("shardId", out var shard)
            || !string.Equals(project.GetString(), layout.CentralProject.Value, StringComparison.Ordinal)
            || !LogstoreName.IsValid(logstore.GetString())
        )
        {
            return null;
        }

        return new(
            new LogstoreName(logstore.GetString()!),
            shard.GetInt32(),
            source.TryGetProperty("beginCursor", out var begin) && Cursor.IsValid(begin.GetString())
                ? new Cursor(begin.GetString()!)
                : null
        );
    }

    /// <summary>Makes the failure of another function visible; its next timer does the work again.</summary>
    private OnChangeAnswer GivenUp(FailedInvocation failed)
    {
        InvocationGivenUp(log, failed.Function, failed.Condition, failed.Invocations);
        return new()
        {
            Road = "failure",
            Events = 1,
            Errors = [$"{failed.Function} failed {failed.Invocations} time(s): {failed.Condition}"],
        };
    }

    private OnChangeAnswer Unread(string why)
    {
        EventUnreadable(log, why);
        return new()
        {
            Events = 1,
            Unreadable = 1,
            Errors = [$"The event could not be read: {why}"],
        };
    }

    private static OnChangeAnswer Answer(string road, IReadOnlyList<Unit> units, RunReport report) =>
        new()
        {
            Road = road,
            Units = units.Count,
            Writes = report.Writes,
            Errors = report.Errors,
            Unknown = report.Unknown,
            More = report.More,
        };

    private static OnChangeAnswer Sum(OnChangeAnswer one, OnChangeAnswer two) =>
        one with
        {
            Events = one.Events + two.Events,
            Ignored = one.Ignored + two.Ignored,
            Unreadable = one.Unreadable + two.Unreadable,
            Units = one.Units + two.Units,
            Writes = one.Writes + two.Writes,
            Errors = [.. one.Errors, .. two.Errors],
            Unknown = [.. one.Unknown, .. two.Unknown],
            More = one.More || two.More,
        };

    [LoggerMessage(
        5031,
        LogLevel.Warning,
        "An event could not be read ({Why}); the full run covers what it may have meant"
    )]
    private static partial void EventUnreadable(ILogger log, string why);

    [LoggerMessage(
        5032,
        LogLevel.Error,
        "The trigger names Logstore {Logstore}, which does not exist; run bootstrap, then deploy again"
    )]
    private static partial void LogstoreGone(ILogger log, Exception exception, string logstore);

    [LoggerMessage(
        5034,
        LogLevel.Error,
        "Function Compute gave up on {Function} ({Condition}) after {Invocations} invocations; see that function's log"
    )]
    private static partial void InvocationGivenUp(ILogger log, string function, string condition, int invocations);
}
