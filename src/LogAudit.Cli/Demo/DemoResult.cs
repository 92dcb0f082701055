using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Demo;

/// <summary>A change of the timeline and what became of it.</summary>
/// <param name="What">The change, for a person.</param>
/// <param name="Road">Road by which it was heard; empty when nothing was to repair.</param>
/// <param name="Seconds">From the change until the resource collected; null when it does not.</param>
/// <param name="NeedsRepair">Whether there was something to repair.</param>
internal sealed record DemoChange(string What, string Road, double? Seconds, bool NeedsRepair);

/// <summary>What LocalCloud counted in a run of the demo.</summary>
internal sealed record DemoResult
{
    public required ScenarioScript Script { get; init; }

    /// <summary>One row per resource, by the worst of its logs.</summary>
    public required IReadOnlyList<CoverageRow> Before { get; init; }

    /// <inheritdoc cref="Before"/>
    public required IReadOnlyList<CoverageRow> After { get; init; }

    /// <summary>One row per product and kind of log.</summary>
    public required IReadOnlyList<LogRow> Logs { get; init; }

    /// <summary>What only a person could switch on.</summary>
    public required IReadOnlyList<HandStep> ByHand { get; init; }

    /// <summary>Seconds of each full run of the function Discover until everything that needs no person was on, from its invocation to its answer, in real time.</summary>
    /// <remarks>More than one run where a product limits changes: Cloud Firewall takes one in five minutes.</remarks>
    public required IReadOnlyList<double> FirstReconcileSeconds { get; init; }

    /// <summary>The same of the last run, which had nothing to do.</summary>
    public required double SecondReconcileSeconds { get; init; }
    public required IReadOnlyList<DemoChange> Changes { get; init; }
    public required DeliveryCheck Delivery { get; init; }
    public required int SecondReconcileWrites { get; init; }

    /// <summary>Where the product's own report says something else than LocalCloud.</summary>
    public required IReadOnlyList<string> Disagreements { get; init; }
    public required double Seconds { get; init; }

    public int Count(CoverageState state) => After.Count(row => row.State == state);

    public int Collectable => Count(CoverageState.Collecting) + Count(CoverageState.NotCollecting);

    private IReadOnlyList<DemoChange> ToRepair => [.. Changes.Where(change => change.NeedsRepair)];

    /// <summary>Whether the promise holds: nothing lost, everything that can collect collects, every change repaired, a second reconcile writes nothing.</summary>
    public bool Holds =>
        Delivery.Lost == 0
        && Delivery.Generated > 0
        && Count(CoverageState.NotCollecting) == 0
        && ToRepair.All(change => change.Seconds is not null)
        && SecondReconcileWrites == 0
        && Disagreements.Count == 0
        && Logs.All(log => log is { NotCollecting: 0 } && log.Received == log.Made)
        && ByHand.All(step => step is { Step.Length: > 0, IsGreen: true });

    public string ToJson() =>
        new JObject
        {
            ["accounts"] = Script.Accounts.Count,
            ["regions"] = After
                .Select(row => row.Region)
                .Where(region => region.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Count(),
            ["resources"] = After.Count,
            ["collectableResources"] = Collectable,
            ["collectingBefore"] = Before.Count(row => row.State == CoverageState.Collecting),
            ["collectingAfter"] = Count(CoverageState.Collecting),
            ["notApplicable"] = Count(CoverageState.NotCollectable),
            ["unknown"] = Count(CoverageState.Unknown),
            ["changesInjected"] = Changes.Count,
            ["changesNeedingRepair"] = ToRepair.Count,
            ["changesRepaired"] = ToRepair.Count(change => change.Seconds is not null),
            ["changesByRoad"] = new JObject(
                ToRepair
                    .Where(change => change.Seconds is not null)
                    .GroupBy(change => change.Road, StringComparer.Ordinal)
                    .Select(road => new JProperty(road.Key, road.Count()))
            ),
            ["changeToCollectingSecondsP50"] = Percentile(0.5),
            ["changeToCollectingSecondsP95"] = Percentile(0.95),
            ["delayScale"] = Script.DelayScale,
            ["recordsGenerated"] = Delivery.Generated,
            ["recordsDelivered"] = Delivery.Delivered,
            ["recordsDuplicated"] = Delivery.Duplicated,
            ["recordsLost"] = Delivery.Lost,
            ["recordsBeforeCollection"] = Delivery.BeforeCollection.Count,
            ["secondReconcileWrites"] = SecondReconcileWrites,
            ["reconcileSeconds"] = new JObject
            {
                ["first"] = Math.Round(FirstReconcileSeconds is [var first, ..] ? first : 0, 2),
                ["untilAllOn"] = new JArray(FirstReconcileSeconds.Select(seconds => Math.Round(seconds, 2))),
                ["nothingToDo"] = Math.Round(SecondReconcileSeconds, 2),
            },
            ["reportAgrees"] = Disagreements.Count == 0,
            ["holds"] = Holds,
            ["seconds"] = Math.Round(Seconds, 1),
            ["products"] = new JArray(
                After.Select(row => row.Product).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            ),
            ["logs"] = new JArray(Logs.Select(log => log.ToJson())),
            ["byHand"] = new JArray(ByHand.Select(step => step.ToJson())),
        }.ToString(Formatting.None);

    private double? Percentile(double share)
    {
        var times = ToRepair
            .Where(change => change.Seconds is not null)
            .Select(change => change.Seconds!.Value)
            .Order()
            .ToList();
        return times.Count == 0 ? null : Math.Round(times[(int)Math.Ceiling(share * times.Count) - 1], 2);
    }
}
