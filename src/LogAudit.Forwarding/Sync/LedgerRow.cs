using System.Globalization;
using System.Runtime.InteropServices;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Whose records a row counts: one destination, one shard.</summary>
/// <param name="Destination">Name of the destination.</param>
/// <param name="Shard">The shard.</param>
public sealed record LedgerKey(string Destination, ShardAddress Shard)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Destination} ← {Shard}";
}

/// <summary>Records by what became of them. <c>read = delivered + sent + filtered + deadLettered + pending</c>, always.</summary>
/// <param name="Read">Read from the Logstore.</param>
/// <param name="Delivered">Acknowledged by the receiver.</param>
/// <param name="Sent">Sent over a transport without acknowledgement.</param>
/// <param name="Filtered">Not wanted by the destination.</param>
/// <param name="DeadLettered">Written to the dead-letter Logstore.</param>
/// <param name="Pending">Read and not yet taken; they are sent again.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordCounts(
    long Read,
    long Delivered,
    long Sent,
    long Filtered,
    long DeadLettered,
    long Pending
)
{
    /// <summary>Whether nothing is missing.</summary>
    public bool Balances => Read == Delivered + Sent + Filtered + DeadLettered + Pending;

    /// <summary>The sum of two counts.</summary>
    public static RecordCounts operator +(RecordCounts one, RecordCounts other) => Add(one, other);

    /// <summary>The sum of two counts.</summary>
    public static RecordCounts Add(RecordCounts one, RecordCounts other) =>
        new(
            one.Read + other.Read,
            one.Delivered + other.Delivered,
            one.Sent + other.Sent,
            one.Filtered + other.Filtered,
            one.DeadLettered + other.DeadLettered,
            one.Pending + other.Pending
        );
}

/// <summary>What a row of the ledger says.</summary>
public enum LedgerKind
{
    /// <summary>A range was forwarded; the checkpoint follows.</summary>
    Batch,

    /// <summary>A range was read and not taken; the checkpoint stays.</summary>
    Pending,

    /// <summary>A range can no longer be read: data expired, or the group or the Logstore was deleted.</summary>
    Expired,

    /// <summary>A range was sent once more; no checkpoint follows, and no count of the live road.</summary>
    Backfill,

    /// <summary>A dead letter was sent again and is one no more; <see cref="LedgerRow.Index"/> says which of the group at <see cref="LedgerRow.From"/>.</summary>
    Replayed,
}

/// <summary>A row of <c>logaudit_ledger</c>.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Key">Whose it is.</param>
/// <param name="From">First cursor of the range.</param>
/// <param name="To">First cursor behind it.</param>
/// <param name="Counts">The records.</param>
/// <param name="Why">The reason of a pending or expired range; the span of a backfill.</param>
/// <param name="Time">When it was written.</param>
public sealed record LedgerRow(
    LedgerKind Kind,
    LedgerKey Key,
    Cursor From,
    Cursor To,
    RecordCounts Counts,
    string Why,
    DateTimeOffset Time
)
{
    /// <summary>Position in the group of a replayed letter; 0 in other rows.</summary>
    public int Index { get; init; }

    /// <summary>Whether the live reader has come to the end of its range.</summary>
    public bool IsPosition => Kind is LedgerKind.Batch or LedgerKind.Expired;

    internal StateRow ToState() =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["kind"] = Kind.ToString().ToLowerInvariant(),
                ["destination"] = Key.Destination,
                ["account"] = Key.Shard.Target.Account.Value,
                ["region"] = Key.Shard.Target.Region.Value,
                ["project"] = Key.Shard.Target.Project.Value,
                ["logstore"] = Key.Shard.Target.Logstore.Value,
                ["shard"] = Text(Key.Shard.Shard),
                ["from"] = From.Value,
                ["to"] = To.Value,
                ["read"] = Text(Counts.Read),
                ["delivered"] = Text(Counts.Delivered),
                ["sent"] = Text(Counts.Sent),
                ["filtered"] = Text(Counts.Filtered),
                ["deadLettered"] = Text(Counts.DeadLettered),
                ["pending"] = Text(Counts.Pending),
                ["why"] = Why,
                ["index"] = Text(Index),
                ["time"] = Time.ToString("O", CultureInfo.InvariantCulture),
            }
        );

    /// <summary>Reads a row; null when it is not one (another writer, another version).</summary>
    internal static LedgerRow? Parse(StateRow row) =>
        Enum.TryParse<LedgerKind>(row["kind"], ignoreCase: true, out var kind)
        && AccountId.IsValid(row["account"])
        && RegionId.IsValid(row["region"])
        && ProjectName.IsValid(row["project"])
        && LogstoreName.IsValid(row["logstore"])
        && int.TryParse(row["shard"], NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
        && Cursor.IsValid(row["from"])
        && Cursor.IsValid(row["to"])
        && DateTimeOffset.TryParseExact(
            row["time"],
            "O",
            CultureInfo.InvariantCulture,
            DateTimeStyles.RoundtripKind,
            out var time
        )
            ? new LedgerRow(
                kind,
                new LedgerKey(
                    row["destination"],
                    new ShardAddress(
                        new LogTarget(
                            new AccountId(row["account"]),
                            new RegionId(row["region"]),
                            new ProjectName(row["project"]),
                            new LogstoreName(row["logstore"])
                        ),
                        shard
                    )
                ),
                new Cursor(row["from"]),
                new Cursor(row["to"]),
                new RecordCounts(
                    Number(row["read"]),
                    Number(row["delivered"]),
                    Number(row["sent"]),
                    Number(row["filtered"]),
                    Number(row["deadLettered"]),
                    Number(row["pending"])
                ),
                row["why"],
                time
            )
            {
                Index = (int)Number(row["index"]),
            }
            : null;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
