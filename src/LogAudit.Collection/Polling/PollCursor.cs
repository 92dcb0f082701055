using System.Buffers.Binary;

namespace LogAudit.Collection;

/// <summary>How far a log was read and acknowledged by the central store.</summary>
/// <param name="Until">End of what was read.</param>
/// <param name="Recent">Short ids of the records in the part that the next window reads again for late ones; they are not written again.</param>
internal sealed record PollCursor(DateTimeOffset Until, IReadOnlyCollection<ulong> Recent)
{
    /// <summary>Most ids that are remembered. What is forgotten may be written twice, with the same id.</summary>
    public const int MostRecent = 2000;

    /// <summary>When it was last written to the state; the beginning of time when it never was.</summary>
    public DateTimeOffset SavedAt { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Whether records were written since it was last saved.</summary>
    public bool MustBeSaved { get; init; }

    /// <summary>The ids as text.</summary>
    public string RecentText
    {
        get
        {
            var bytes = new byte[Recent.Count * sizeof(ulong)];
            foreach (var (index, id) in Recent.Index())
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(index * sizeof(ulong)), id);
            }

            return Convert.ToBase64String(bytes);
        }
    }

    /// <summary>Ids from their text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyCollection<ulong> ReadRecent(string text)
    {
        var bytes = Convert.FromBase64String(text);
        var ids = new HashSet<ulong>(bytes.Length / sizeof(ulong));
        for (var at = 0; at + sizeof(ulong) <= bytes.Length; at += sizeof(ulong))
        {
            ids.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
        }

        return ids;
    }
}
