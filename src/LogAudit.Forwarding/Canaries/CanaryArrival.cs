using System.Globalization;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>What is known of a canary's arrival.</summary>
public enum CanaryStage
{
    /// <summary>The receiver acknowledged it, or took it over a transport without acknowledgement.</summary>
    Accepted,

    /// <summary>It was asked for and found at the far end.</summary>
    Found,
}

/// <summary>A canary that arrived: a row of <c>logaudit_ledger</c> beside those of the batches.</summary>
/// <param name="Stage">How far.</param>
/// <param name="Destination">Name of the destination.</param>
/// <param name="Logstore">The Logstore into which it was written.</param>
/// <param name="Id">Its id as a record.</param>
/// <param name="Written">When it was written.</param>
/// <param name="At">When it arrived.</param>
public sealed record CanaryArrival(
    CanaryStage Stage,
    string Destination,
    LogstoreName Logstore,
    string Id,
    DateTimeOffset Written,
    DateTimeOffset At
)
{
    private const string KindPrefix = "canary-";

    /// <summary>Time from writing to arrival. The clocks of all writers and readers are part of it.</summary>
    public TimeSpan Delay => At - Written;

    internal StateRow ToState() =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["kind"] = KindPrefix + Stage.ToString().ToLowerInvariant(),
                ["destination"] = Destination,
                ["logstore"] = Logstore.Value,
                ["id"] = Id,
                ["written"] = Text(Written),
                ["time"] = Text(At),
                ["delayMs"] = ((long)Delay.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            }
        );

    /// <summary>Reads a row; null when it is none of a canary.</summary>
    internal static CanaryArrival? Parse(StateRow row) =>
        row["kind"].StartsWith(KindPrefix, StringComparison.Ordinal)
        && Enum.TryParse<CanaryStage>(row["kind"][KindPrefix.Length..], ignoreCase: true, out var stage)
        && LogstoreName.IsValid(row["logstore"])
        && TryTime(row["written"], out var written)
        && TryTime(row["time"], out var at)
            ? new CanaryArrival(stage, row["destination"], new LogstoreName(row["logstore"]), row["id"], written, at)
            : null;

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out time);
}
