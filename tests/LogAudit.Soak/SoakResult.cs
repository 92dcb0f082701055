using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Soak;

/// <summary>What happened on a road.</summary>
/// <param name="Road">The road.</param>
/// <param name="Records">Records written.</param>
/// <param name="Delivered">Different records that their receiver stored.</param>
/// <param name="Duplicates">Copies beyond the first.</param>
/// <param name="Acknowledged">Records that the receiver took and went on to acknowledge.</param>
/// <param name="Fresh">Records written after the last fault.</param>
/// <param name="FreshDelivered">Of them delivered.</param>
/// <param name="End">What became of the others.</param>
internal sealed record RoadResult(
    Road Road,
    int Records,
    int Delivered,
    long Duplicates,
    long Acknowledged,
    int Fresh,
    int FreshDelivered,
    RoadEnd End
);

/// <summary>What a run proved, or did not.</summary>
internal sealed record SoakResult
{
    public required SoakOptions Options { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required double RecordBytes { get; init; }

    public required IReadOnlyList<RoadResult> Roads { get; init; }

    public required IReadOnlyDictionary<string, FaultCount> Faults { get; init; }

    public required long Invented { get; init; }

    public required long Altered { get; init; }

    public required long DuplicatesWithOtherId { get; init; }

    /// <summary>Records that were dead letters at the end of the faults, before they were replayed.</summary>
    public required int DeadLetters { get; init; }

    /// <summary>Broken rules of receivers, processes that did not end in order, and the like.</summary>
    public required IReadOnlyCollection<string> Troubles { get; init; }

    private int Records => Roads.Sum(road => road.Records);

    private int Lost => Roads.Sum(road => road.End.Lost);

    private int FreshDelivered => Roads.Sum(road => road.FreshDelivered);

    /// <summary>What is not as it must be; empty when the run proves what it is to prove.</summary>
    public IReadOnlyList<string> Failures =>
        [
            .. Wrong("lost", Lost),
            .. Wrong("invented", Invented),
            .. Wrong("altered", Altered),
            .. Wrong("duplicates with another id", DuplicatesWithOtherId),
            .. Roads
                .Where(road => road.Fresh == 0 || road.FreshDelivered < road.Fresh)
                .Select(road =>
                    $"of {Text(road.Fresh)} fresh records of {road.Road.Name} {Text(road.FreshDelivered)} arrived"
                ),
            .. Roads.Where(road => road.Acknowledged == 0).Select(road => $"{road.Road.Name} acknowledged nothing"),
            .. Roads.Sum(road => road.Duplicates) > 0
                ? (string[])[]
                : ["there was no duplicate: the faults met nothing"],
            .. Faults.Where(kind => kind.Value.Made == 0).Select(kind => $"no fault of kind {kind.Key} struck"),
            .. Troubles,
        ];

    /// <summary>The document.</summary>
    public JObject ToJson() =>
        new()
        {
            ["records"] = Records,
            ["faults"] = Faults.Values.Sum(kind => kind.Made),
            ["delivered"] = Roads.Sum(road => road.Delivered),
            ["duplicates"] = Roads.Sum(road => road.Duplicates),
            ["lost"] = Lost,
            ["invented"] = Invented,
            ["altered"] = Altered,
            ["duplicatesWithOtherId"] = DuplicatesWithOtherId,
            ["freshAfterFaults"] = FreshDelivered,
            ["expiredAndTold"] = Roads.Sum(road => road.End.Expired),
            ["deadLetters"] = DeadLetters,
            ["deadLettersNotReplayed"] = Roads.Sum(road => road.End.DeadLettered),
            ["acknowledged"] = Roads.Sum(road => road.Acknowledged),
            ["seed"] = Options.Seed,
            ["minutes"] = Options.Minutes,
            ["elapsedSeconds"] = Math.Round(Elapsed.TotalSeconds),
            ["recordsPerSecond"] = Math.Round(Records / Elapsed.TotalSeconds),
            ["recordBytes"] = Math.Round(RecordBytes),
            ["faultsByKind"] = new JObject(
                Faults.Select(kind => new JProperty(
                    kind.Key,
                    new JObject
                    {
                        ["planned"] = kind.Value.Planned,
                        ["made"] = kind.Value.Made,
                        ["struck"] = kind.Value.Struck,
                    }
                ))
            ),
            ["destinations"] = new JObject(
                Roads.Select(road => new JProperty(
                    road.Road.Name,
                    new JObject
                    {
                        ["by"] = road.Road.By.ToString().ToLowerInvariant(),
                        ["records"] = road.Records,
                        ["delivered"] = road.Delivered,
                        ["duplicates"] = road.Duplicates,
                        ["acknowledged"] = road.Acknowledged,
                        ["fresh"] = road.Fresh,
                        ["freshDelivered"] = road.FreshDelivered,
                        ["expiredAndTold"] = road.End.Expired,
                        ["lost"] = road.End.Lost,
                    }
                ))
            ),
            ["failures"] = new JArray(Failures),
        };

    /// <summary>Prints it.</summary>
    public void Print(TextWriter to)
    {
        if (Options.IsJson)
        {
            to.WriteLine(ToJson().ToString(Formatting.None));
            return;
        }

        to.WriteLine($"seed {Options.Seed}, {Options.Minutes} minutes of faults, {Elapsed.TotalSeconds:0} s in all");
        to.WriteLine(
            $"{"destination", -10} {"by", -9} {"records", 10} {"delivered", 10} {"copies", 9} {"expired", 8} {"lost", 6}"
        );
        foreach (var road in Roads)
        {
            to.WriteLine(
                $"{road.Road.Name, -10} {road.Road.By, -9} {Text(road.Records), 10} {Text(road.Delivered), 10} {Text(road.Duplicates), 9} {Text(road.End.Expired), 8} {Text(road.End.Lost), 6}"
            );
        }

        to.WriteLine($"{"fault", -22} {"planned", 8} {"made", 6} {"struck", 9}");
        foreach (var (name, count) in Faults)
        {
            to.WriteLine($"{name, -22} {count.Planned, 8} {count.Made, 6} {Text(count.Struck), 9}");
        }

        to.WriteLine(
            $"{Text(Records)} records, {Text(Faults.Values.Sum(kind => kind.Made))} faults, {Text(Lost)} lost, {Text(Invented)} invented, {Text(Altered)} altered, {Text(DuplicatesWithOtherId)} copies with another id, {Text(FreshDelivered)} fresh records after the faults"
        );
        foreach (var failure in Failures)
        {
            to.WriteLine($"FAILED: {failure}");
        }
    }

    private static IEnumerable<string> Wrong(string what, long count) =>
        count == 0 ? [] : [$"{Text(count)} records {what}"];

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
