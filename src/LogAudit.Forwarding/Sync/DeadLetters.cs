using System.Globalization;
using System.Text;

namespace LogAudit.Forwarding;

/// <summary>A record that its destination will never take, or that cannot be read.</summary>
/// <param name="Destination">Name of the destination.</param>
/// <param name="Place">Where it was read.</param>
/// <param name="Id">Its id; empty when it could not be read.</param>
/// <param name="Reason">Why.</param>
/// <param name="EventNanos">When it happened, in nanoseconds since 1970; 0 when it could not be read.</param>
/// <param name="Record">The masked record in the destination's format; empty when it could not be read, since bytes that cannot be read cannot be masked.</param>
public sealed record DeadLetter(
    string Destination,
    RecordPlace Place,
    string Id,
    string Reason,
    long EventNanos,
    ReadOnlyMemory<byte> Record
);

/// <summary>Writes dead letters to <c>logaudit_dead_letter</c>, before the checkpoint moves past them.</summary>
public sealed class DeadLetters(IStateStore store, TimeProvider time)
{
    /// <summary>The Logstore.</summary>
    public static LogstoreName Logstore { get; } = new("logaudit_dead_letter");

    /// <summary>Bytes of a record that are kept; the source address leads to the whole record while the source keeps it.</summary>
    public const int MostRecordBytes = 1024 * 1024;

    /// <summary>Writes; returns when acknowledged.</summary>
    public Task WriteAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        letters.Count == 0 ? Task.CompletedTask : store.AppendAsync(Logstore, [.. letters.Select(Row)], cancel);

    private StateRow Row(DeadLetter letter)
    {
        var cut = letter.Record.Length > MostRecordBytes;
        return new StateRow(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["destination"] = letter.Destination,
                ["reason"] = letter.Reason,
                ["id"] = letter.Id,
                ["time"] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
                ["eventNanos"] = letter.EventNanos.ToString(CultureInfo.InvariantCulture),
                ["account"] = letter.Place.Shard.Target.Account.Value,
                ["region"] = letter.Place.Shard.Target.Region.Value,
                ["project"] = letter.Place.Shard.Target.Project.Value,
                ["logstore"] = letter.Place.Shard.Target.Logstore.Value,
                ["shard"] = letter.Place.Shard.Shard.ToString(CultureInfo.InvariantCulture),
                ["cursor"] = letter.Place.Group.Value,
                ["index"] = letter.Place.Index.ToString(CultureInfo.InvariantCulture),
                ["bytes"] = letter.Record.Length.ToString(CultureInfo.InvariantCulture),
                ["cut"] = cut ? "true" : "false",
                ["record"] = Encoding.UTF8.GetString(
                    letter.Record[..Math.Min(letter.Record.Length, MostRecordBytes)].Span
                ),
            }
        );
    }
}
