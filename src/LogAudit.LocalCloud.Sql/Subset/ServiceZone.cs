using System.Globalization;

namespace LogAudit.LocalCloud.Sql.Subset;

/// <summary>The time zone in which the service writes times of the wall clock: UTC+8.</summary>
/// <remarks>Source: SLS, date and time functions: "1592374067 indicates 2020-06-17 14:07:47". Assumed: the same in every region.</remarks>
internal static class ServiceZone
{
    public const int OffsetSeconds = 8 * 3600;

    /// <summary>Engine expression: Unix seconds, whole or broken, as a timestamp.</summary>
    public static string Timestamp(string seconds) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"make_timestamp(CAST(({seconds} + {OffsetSeconds}) * 1000000 AS BIGINT))"
        );

    /// <summary>Engine expression: a timestamp as Unix seconds.</summary>
    public static string Seconds(string timestamp) =>
        string.Create(CultureInfo.InvariantCulture, $"(epoch({timestamp}) - {OffsetSeconds})");

    /// <summary>Engine expression: beginning of the window of a Unix second, in wall clock.</summary>
    public static string Window(string seconds, long windowSeconds) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"(({seconds} + {OffsetSeconds}) // {windowSeconds} * {windowSeconds} - {OffsetSeconds})"
        );

    public static long Window(long second, long windowSeconds) =>
        ((second + OffsetSeconds) / windowSeconds * windowSeconds) - OffsetSeconds;
}
