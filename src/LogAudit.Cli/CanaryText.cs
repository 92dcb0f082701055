using System.Globalization;
using LogAudit.Forwarding;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli;

/// <summary>Canaries for a person and for programs: the delay of the last one on every road, and silence.</summary>
internal static class CanaryText
{
    public static void Write(Terminal terminal, IReadOnlyList<CanaryStatus> canaries)
    {
        if (canaries.Count == 0)
        {
            return;
        }

        terminal.Write($"{"canary", -64} {"accepted", -20} {"after ms", 9} {"found after ms", 14}");
        foreach (var canary in canaries)
        {
            terminal.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{$"{canary.Destination} ← {canary.Logstore}", -64} {canary.Accepted?.At.UtcDateTime, -20:yyyy-MM-dd HH:mm:ss} {Millis(canary.Accepted), 9} {Millis(canary.Found), 14}{(canary.Silent ? "  silent" : "")}"
                )
            );
        }
    }

    public static JObject Json(CanaryStatus canary) =>
        new()
        {
            ["destination"] = canary.Destination,
            ["logstore"] = canary.Logstore.Value,
            ["acceptedAt"] = canary.Accepted?.At.UtcDateTime,
            ["acceptedAfterMs"] = Millis(canary.Accepted),
            ["foundAfterMs"] = Millis(canary.Found),
            ["silent"] = canary.Silent,
        };

    private static long? Millis(CanaryArrival? arrival) =>
        arrival is null ? null : (long)arrival.Delay.TotalMilliseconds;
}
