using System.Globalization;
using LogAudit.Sls;

namespace LogAudit.Forwarding;

/// <summary>Which record of which destination a dead letter speaks of.</summary>
/// <param name="Reader">Destination and shard.</param>
/// <param name="Group">Cursor of its group.</param>
/// <param name="Index">Position in the group; of an unreadable group the first position that could not be read.</param>
public sealed record LetterKey(LedgerKey Reader, Cursor Group, int Index);

/// <summary>A dead letter as <c>logaudit_dead_letter</c> holds it, without the copy of the record, which may be large.</summary>
/// <param name="Key">Which record.</param>
/// <param name="Id">Its id; empty when it could not be read.</param>
/// <param name="Reason">Why the destination refused it.</param>
/// <param name="HasWholeCopy">Whether the masked copy is there and not cut.</param>
/// <param name="EventNanos">When it happened, in nanoseconds since 1970; 0 when not known.</param>
/// <param name="Time">When the letter was written.</param>
internal sealed record StoredLetter(
    LetterKey Key,
    string Id,
    string Reason,
    bool HasWholeCopy,
    long EventNanos,
    DateTimeOffset Time
)
{
    /// <summary>Reads a row; null when it is none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="central">Account and region of rows that name none.</param>
    public static StoredLetter? Parse(StateRow row, CentralSettings central)
    {
        if (
            !ProjectName.IsValid(row["project"])
            || !LogstoreName.IsValid(row["logstore"])
            || !int.TryParse(row["shard"], NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            || !Cursor.IsValid(row["cursor"])
            || !int.TryParse(row["index"], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        )
        {
            return null;
        }

        var target = new LogTarget(
            AccountId.IsValid(row["account"]) ? new AccountId(row["account"]) : central.Account,
            RegionId.IsValid(row["region"]) ? new RegionId(row["region"]) : central.Region,
            new ProjectName(row["project"]),
            new LogstoreName(row["logstore"])
        );
        return new StoredLetter(
            new LetterKey(
                new LedgerKey(row["destination"], new ShardAddress(target, shard)),
                new Cursor(row["cursor"]),
                index
            ),
            row["id"],
            row["reason"],
            row["record"].Length > 0 && row["cut"] != "true",
            long.TryParse(row["eventNanos"], CultureInfo.InvariantCulture, out var nanos) ? nanos : 0,
            DateTimeOffset.TryParse(
                row["time"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out var time
            )
                ? time
                : DateTimeOffset.MinValue
        );
    }
}
