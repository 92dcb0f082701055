using System.Globalization;

namespace LogAudit.Forwarding;

/// <summary>What a backfill sends again: everything that the service received from one instant until before another.</summary>
/// <param name="From">First instant, in whole seconds.</param>
/// <param name="To">First instant behind it, in whole seconds.</param>
public sealed record BackfillSpan(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How rows of the ledger name it.</summary>
    public override string ToString() => $"{Text(From)}/{Text(To)}";

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
