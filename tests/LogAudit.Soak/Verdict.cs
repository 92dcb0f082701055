using System.Globalization;
using LogAudit.Forwarding;
using LogAudit.Sls;

namespace LogAudit.Soak;

/// <summary>What became of the records of a road that did not arrive.</summary>
/// <param name="Expired">Made to expire, and told in the ledger.</param>
/// <param name="DeadLettered">Refused by the receiver, and kept as dead letters.</param>
/// <param name="Lost">Neither.</param>
internal sealed record RoadEnd(int Expired, int DeadLettered, int Lost);

/// <summary>Judges what did not arrive by what the product itself wrote down: <c>logaudit_ledger</c> and <c>logaudit_dead_letter</c>.</summary>
internal sealed class Verdict
{
    private readonly List<StateRow> rows = [];
    private readonly HashSet<(string Road, int Number)> letters = [];

    /// <summary>Dead letters, by record and road.</summary>
    public int Letters => letters.Count;

    /// <summary>Reads what the product wrote down.</summary>
    public static async Task<Verdict> ReadAsync(SlsStateStore state, IReadOnlyList<Receipts> books)
    {
        var verdict = new Verdict();
        await foreach (var row in state.ReadAsync(Ledger.Logstore, CancellationToken.None))
        {
            if (row["kind"] is "batch" or "pending" or "expired")
            {
                verdict.rows.Add(row);
            }
        }

        await foreach (var row in state.ReadAsync(DeadLetters.Logstore, CancellationToken.None))
        {
            var book = books.FirstOrDefault(one => one.Road.Name == row["destination"]);
            if (book?.At(Number(row["shard"]), new Cursor(row["cursor"]).Number, Number(row["index"])) is { } number)
            {
                verdict.letters.Add((book.Road.Name, number));
            }
        }

        return verdict;
    }

    /// <summary>Judges a road.</summary>
    public RoadEnd Judge(Receipts book, Troubles troubles)
    {
        var ranges = rows.Where(row => row["destination"] == book.Road.Name && row["logstore"] == book.Road.Logstore)
            .Select(row => new LedgerRange(
                row["kind"],
                Number(row["shard"]),
                new Cursor(row["from"]).Number,
                new Cursor(row["to"]).Number,
                $"{row["time"]} {row["read"]} read, {row["delivered"]} delivered, {row["deadLettered"]} dead letters {row["why"]}"
            ))
            .ToList();
        var (gone, kept) = (0, 0);
        var lost = new List<Missing>();
        foreach (var missing in book.Missing())
        {
            if (missing.WasExpired && ranges.Exists(range => range.Kind == "expired" && range.Holds(missing)))
            {
                gone++;
            }
            else if (missing.WasRefused && letters.Contains((book.Road.Name, missing.Number)))
            {
                kept++;
            }
            else
            {
                lost.Add(missing);
            }
        }

        foreach (var group in lost.GroupBy(missing => (missing.Shard, missing.Cursor)))
        {
            troubles.Add(
                $"{book.Road.Name}: lost {group.Count()} records of shard {group.Key.Shard}, cursor {group.Key.Cursor}, from {group.First()}; the ledger says of them: {string.Join("; ", ranges.Where(range => range.Holds(group.First())))}"
            );
        }

        return new RoadEnd(gone, kept, lost.Count);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private sealed record LedgerRange(string Kind, int Shard, long From, long To, string Says)
    {
        public bool Holds(Missing missing) => Shard == missing.Shard && From <= missing.Cursor && missing.Cursor < To;
    }
}
