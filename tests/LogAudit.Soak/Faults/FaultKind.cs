namespace LogAudit.Soak;

/// <summary>A kind of fault.</summary>
/// <param name="Name">Its name, which the result counts by.</param>
/// <param name="StrikeAsync">Makes one, with choices of its own, and ends it again. Says what it struck: connections, requests, processes, records; 0 means that it met nobody and was none.</param>
internal sealed record FaultKind(string Name, Func<Random, CancellationToken, Task<long>> StrikeAsync);

/// <summary>Faults that come one after the other; lanes run beside each other.</summary>
/// <param name="Name">What they strike.</param>
/// <param name="Least">Shortest pause between the beginnings of two, seconds.</param>
/// <param name="Most">Longest, seconds.</param>
/// <param name="Kinds">What comes.</param>
internal sealed record Lane(string Name, double Least, double Most, IReadOnlyList<FaultKind> Kinds);
