using System.Collections.Concurrent;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>A waiting time that the real service has: its name, the documented length and where that is written.</summary>
internal sealed record NamedDelay(string Name, TimeSpan Documented, string Source);

/// <summary>
/// The waiting times of the cloud. Each part declares its own; a scenario divides them all by <see cref="Scale"/> or
/// sets one by name. Signatures, token expiry and trigger limits are no delays and stay in real time.
/// </summary>
internal sealed class Delays(double scale)
{
    private readonly ConcurrentDictionary<string, NamedDelay> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> _set = new(StringComparer.Ordinal);

    /// <summary>Documented lengths are divided by this number. 1 is real time; greater is faster.</summary>
    public double Scale { get; } = scale;

    public IReadOnlyCollection<NamedDelay> All =>
        [.. _known.Values.OrderBy(delay => delay.Name, StringComparer.Ordinal)];

    public NamedDelay Declare(string name, TimeSpan documented, string source) =>
        _known.GetOrAdd(name, new NamedDelay(name, documented, source));

    /// <summary>Gives a delay another documented length for this run; it is scaled like the others.</summary>
    public void Set(string name, TimeSpan length) => _set[name] = length;

    /// <summary>How long this run waits.</summary>
    public TimeSpan Of(NamedDelay delay) => _set.GetValueOrDefault(delay.Name, delay.Documented) / Scale;
}
