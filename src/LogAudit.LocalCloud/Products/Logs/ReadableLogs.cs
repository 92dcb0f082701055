using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>A row of a log that a product keeps itself and shows by API only.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Marker">Text found in this row and in no other, save its twin.</param>
/// <param name="Late">How long after its time the API shows it.</param>
/// <param name="Dice">Its own choices, the same whenever it is read.</param>
internal sealed record ReadableRow(DateTimeOffset Time, string Marker, TimeSpan Late, Dice Dice)
{
    /// <summary>How many rows are alike: two where it has a twin.</summary>
    public int Copies { get; init; } = 1;
}

/// <summary>Logs that products keep themselves. They are not stored: each minute of each database has the same rows whenever it is asked for, as if they had been there all along.</summary>
/// <remarks>One row in thirty is shown late, by up to five minutes; one in forty has a twin that is alike in everything. Both are assumed, to be troublesome.</remarks>
internal sealed class ReadableLogs : IPart
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private Cloud _cloud = null!;

    /// <summary>Most rows of a log in a minute.</summary>
    public int MostAMinute { get; set; } = 3;

    public void Register(Cloud cloud)
    {
        _cloud = cloud;
        cloud.Services.Add(this);
    }

    /// <summary>What the API shows now of a stretch of time, both ends included, in the order of time.</summary>
    public IEnumerable<ReadableRow> Between(
        string id,
        string log,
        DateTimeOffset from,
        DateTimeOffset to,
        bool isRunning = true
    )
    {
        var now = _cloud.Clock.GetUtcNow();
        return isRunning ? All(id, log, from, to < now ? to : now).Where(row => row.Time + row.Late <= now) : [];
    }

    /// <summary>Every row of a stretch of time, shown or not yet.</summary>
    public IEnumerable<ReadableRow> All(string id, string log, DateTimeOffset from, DateTimeOffset to)
    {
        var minute = from.UtcTicks / Minute.Ticks;
        for (; minute * Minute.Ticks <= to.UtcTicks; minute++)
        {
            var start = new DateTimeOffset(minute * Minute.Ticks, TimeSpan.Zero);
            foreach (var row in Rows(id, log, start).Where(row => row.Time >= from && row.Time <= to))
            {
                yield return row;
            }
        }
    }

    private IEnumerable<ReadableRow> Rows(string id, string log, DateTimeOffset start)
    {
        var count = (int)(Number($"{id} {log} {start:O}", 0) % (ulong)(MostAMinute + 1));
        for (var i = 0; i < count; i++)
        {
            var name = $"{id} {log} {start:O} {i}";
            var time = start + TimeSpan.FromSeconds((long)i * 60 / count);
            var late = Number(name, 1) % 30 == 0 ? TimeSpan.FromSeconds(Number(name, 2) % 300) : TimeSpan.Zero;
            var copies = Number(name, 3) % 40 == 0 ? 2 : 1;
            for (var copy = 0; copy < copies; copy++)
            {
                yield return new(
                    time,
                    $"{Number(name, 4):X16}{i:X8}",
                    late,
                    new Dice(new Random((int)(Number(name, 5) >> 33)))
                )
                {
                    Copies = copies,
                };
            }
        }
    }

    private static ulong Number(string name, int purpose)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose} {name}"), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}

/// <summary>Lines of an engine's error log.</summary>
internal static class EngineErrors
{
    /// <summary>One line; the marker stands at its end.</summary>
    public static string Line(ReadableRow row) =>
        row.Dice.Of(
            "[Warning] Aborted connection to db: 'orders' user: 'app_rw' (Got timeout reading communication packets)",
            "[ERROR] Access denied for user 'dba_alice'@'10.0.3.17' (using password: YES)",
            "[Note] InnoDB: page_cleaner: 1000ms intended loop took 4892ms.",
            "[Warning] Statement is unsafe because it uses a LIMIT clause."
        ) + $" /* {row.Marker} */";
}

/// <summary>Values of performance metrics: smooth curves that differ from database to database and are the same whenever they are read.</summary>
internal static class PerformanceCurves
{
    /// <summary>The value of a metric at a minute.</summary>
    public static double Value(string id, string metric, DateTimeOffset at)
    {
        var seed = 0;
        foreach (var letter in id + metric)
        {
            seed = ((seed * 31) + letter) & 0xFFFF;
        }
        return Math.Round(50 + (40 * Math.Sin((at.ToUnixTimeSeconds() / 600.0) + seed)), 2);
    }

    /// <summary>The whole minutes of a stretch of time up to now, both ends included.</summary>
    public static IEnumerable<DateTimeOffset> Minutes(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        for (var at = from; at <= to && at <= now; at = at.AddMinutes(1))
        {
            yield return at;
        }
    }
}
