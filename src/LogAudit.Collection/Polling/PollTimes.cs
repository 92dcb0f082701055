using System.Globalization;

namespace LogAudit.Collection;

/// <summary>Times as the polled APIs write them.</summary>
internal static class PollTimes
{
    private static readonly string[] IsoForms =
    [
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>A time as a parameter.</summary>
    public static string Write(PollTime form, DateTimeOffset time) =>
        form switch
        {
            PollTime.Minute => time.UtcDateTime.ToString(IsoForms[0], CultureInfo.InvariantCulture),
            PollTime.Second => time.UtcDateTime.ToString(IsoForms[1], CultureInfo.InvariantCulture),
            PollTime.UnixSeconds => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            _ => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>A time of an answer; null when it is none.</summary>
    public static DateTimeOffset? Read(PollTime form, string text)
    {
        if (form is PollTime.Minute or PollTime.Second)
        {
            return DateTimeOffset.TryParseExact(
                text,
                IsoForms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
                ? time
                : null;
        }

        var unit = form == PollTime.UnixSeconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond;
        return
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= (DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / unit
            ? DateTimeOffset.UnixEpoch.AddTicks(number * unit)
            : null;
    }

    /// <summary>The last whole step before or at a time.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) =>
        new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);
}
