using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;
using CloudRow = LogAudit.LocalCloud.Scenario.CoverageRow;

namespace LogAudit.Cli.Demo;

/// <summary>One log of one product over the whole run, by LocalCloud's count and the receiver's file.</summary>
/// <param name="Product">Product code.</param>
/// <param name="Kind">Kind of log, as the data file of the product names it.</param>
/// <param name="Resources">Resources that the log belongs to, at the end.</param>
/// <param name="CollectingBefore">Of those of the beginning, how many collected.</param>
/// <param name="Collecting">How many collect at the end.</param>
/// <param name="NotCollecting">How many could collect at the end and do not.</param>
/// <param name="NotApplicable">How many cannot have the log.</param>
/// <param name="Unknown">Of how many nobody can tell.</param>
/// <param name="Made">Records made by LocalCloud, or shown by its API; values for metrics.</param>
/// <param name="Received">Of those, how many are in the receiver's file under this product and kind; for metrics, how many are in the central Metricstore.</param>
/// <param name="BeforeCollection">Records from before the log was collected, which no receiver waits for.</param>
internal sealed record LogRow(
    string Product,
    string Kind,
    int Resources,
    int CollectingBefore,
    int Collecting,
    int NotCollecting,
    int NotApplicable,
    int Unknown,
    int Made,
    int Received,
    int BeforeCollection
)
{
    /// <summary>Kind of metrics, which a Metricstore keeps and no receiver gets.</summary>
    private const string Metrics = "performance";

    public static IReadOnlyList<LogRow> Of(
        IReadOnlyList<CloudRow> before,
        IReadOnlyList<CloudRow> after,
        DeliveryCheck delivery,
        IReadOnlyDictionary<string, (int Shown, int Stored)> points
    ) =>
        [
            .. before
                .Concat(after)
                .Select(row => (row.Product, row.Kind))
                .Concat(delivery.ByKind.Keys)
                .Distinct()
                .Order()
                .Select(log =>
                {
                    var (made, received) =
                        log.Kind is Metrics
                            ? points.GetValueOrDefault(log.Product)
                            : delivery.ByKind.GetValueOrDefault(log);
                    return new LogRow(
                        log.Product,
                        log.Kind,
                        after.Count(row => IsOf(row, log)),
                        before.Count(row => IsOf(row, log) && row.State is CoverageState.Collecting),
                        Count(CoverageState.Collecting),
                        Count(CoverageState.NotCollecting),
                        Count(CoverageState.NotCollectable),
                        Count(CoverageState.Unknown),
                        made,
                        received,
                        delivery.BeforeCollection.Count(record => (record.Product, record.Kind) == log)
                    );

                    int Count(CoverageState state) => after.Count(row => IsOf(row, log) && row.State == state);
                }),
        ];

    public JObject ToJson() =>
        new()
        {
            ["product"] = Product,
            ["kind"] = Kind,
            ["resources"] = Resources,
            ["collectingBefore"] = CollectingBefore,
            ["collectingAfter"] = Collecting,
            ["notCollecting"] = NotCollecting,
            ["notApplicable"] = NotApplicable,
            ["unknown"] = Unknown,
            ["recordsMade"] = Made,
            ["recordsReceived"] = Received,
            ["recordsBeforeCollection"] = BeforeCollection,
        };

    private static bool IsOf(CloudRow row, (string Product, string Kind) log) => (row.Product, row.Kind) == log;
}
