using System.Globalization;
using System.Text.RegularExpressions;
using Cronos;

namespace LogAudit.LocalCloud.Fc;

/// <summary>The two forms of a timer trigger: <c>@every 10m</c>, and six fields in UTC or in the zone of a <c>CRON_TZ=</c> prefix.</summary>
/// <remarks>Source: FC documentation, timer triggers. The minimum interval of a minute is assumed.</remarks>
internal sealed partial class TimerSchedule
{
    private readonly TimeSpan? every;
    private readonly CronExpression? cron;
    private readonly TimeZoneInfo zone = TimeZoneInfo.Utc;

    private TimerSchedule(TimeSpan every) => this.every = every;

    private TimerSchedule(CronExpression cron, TimeZoneInfo zone)
    {
        this.cron = cron;
        this.zone = zone;
    }

    public static TimerSchedule Parse(string expression)
    {
        if (Every().Match(expression) is { Success: true } match)
        {
            var count = int.Parse(match.Groups["count"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            var unit = match.Groups["unit"].ValueSpan[0] == 'h' ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1);
            return count > 0
                ? new TimerSchedule(unit * count)
                : throw FcErrors.InvalidArgument($"cronExpression '{expression}': the interval must be positive");
        }

        try
        {
            var zone = TimeZoneInfo.Utc;
            if (expression.StartsWith("CRON_TZ=", StringComparison.Ordinal))
            {
                var space = expression.IndexOf(' ', StringComparison.Ordinal);
                zone = TimeZoneInfo.FindSystemTimeZoneById(expression["CRON_TZ=".Length..Math.Max(space, 8)]);
                expression = expression[(space + 1)..];
            }

            return new TimerSchedule(CronExpression.Parse(expression, CronFormat.IncludeSeconds), zone);
        }
        catch (Exception error) when (error is CronFormatException or TimeZoneNotFoundException)
        {
            throw FcErrors.InvalidArgument($"cronExpression '{expression}': {error.Message}");
        }
    }

    /// <summary>Time until the next tick, at the real scale.</summary>
    public TimeSpan Until(DateTimeOffset now) =>
        every ?? (cron!.GetNextOccurrence(now, zone) ?? DateTimeOffset.MaxValue) - now;

    [GeneratedRegex(
        "^@every (?<count>[0-9]{1,6})(?<unit>[mh])$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Every();
}
