namespace LogAudit.LocalCloud.Products.Logs;

/// <summary>A log line that a product writes: its topic, its time and its fields, in the order in which the product writes them.</summary>
/// <param name="Topic"><c>__topic__</c>.</param>
/// <param name="Time">Time of what it tells, kept by SLS in seconds.</param>
/// <param name="Fields">Name and value; all values are text in SLS.</param>
/// <param name="Marker">Text found in one field of this record and of no other.</param>
internal sealed record LogRecord(
    string Topic,
    DateTimeOffset Time,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    string Marker
);

/// <summary>Makes markers: 24 capital hexadecimal digits, the form of a request id, each given once.</summary>
/// <remarks>The seed fixes the sequence, so that a run can be repeated.</remarks>
internal sealed class Markers(int seed)
{
    private readonly ulong _seed = Mix((ulong)(uint)seed + 0x9E3779B97F4A7C15UL);
    private long _count;

    /// <summary>A marker that was not given before.</summary>
    public string Next()
    {
        var number = (ulong)Interlocked.Increment(ref _count);
        // The low half is a bijection of the counter, so no two are equal; the high half only looks the part.
        return $"{(uint)Mix(_seed ^ ~number):X8}{Mix(_seed + number):X16}";
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>Random choices of log lines, by seed; safe for use by one writer at a time.</summary>
internal sealed class Dice(Random random)
{
    /// <summary>One of several.</summary>
    public T Of<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>A whole number of a range, upper bound excluded.</summary>
    public int Number(int from, int to) => random.Next(from, to);

    /// <summary>Whether a chance of 1 in <paramref name="outOf"/> came up.</summary>
    public bool Once(int outOf) => random.Next(outOf) == 0;

    /// <summary>An address outside, from the ranges kept for documentation.</summary>
    public string PublicIp() => $"{Of("198.51.100", "203.0.113", "192.0.2")}.{random.Next(1, 255)}";

    /// <summary>An address inside.</summary>
    public string PrivateIp() => $"172.16.{random.Next(0, 32)}.{random.Next(1, 255)}";

    /// <summary>Hexadecimal digits.</summary>
    public string Hex(int digits) => random.GetHexString(digits, lowercase: true);
}
