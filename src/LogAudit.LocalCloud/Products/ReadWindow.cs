using System.Globalization;
using LogAudit.LocalCloud.Kernel;

namespace LogAudit.LocalCloud.Products;

/// <summary><c>StartTime</c> and <c>EndTime</c> of the read calls of database products, <c>2026-03-01T02:03Z</c>.</summary>
internal static class ReadWindow
{
    private const string Form = "yyyy-MM-dd'T'HH:mm'Z'";

    /// <summary>The window of a call.</summary>
    /// <exception cref="CloudError">400 for a time in another form, an end before the start, or more than 31 days.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) Of(ApiCall call)
    {
        var (from, to) = (Time(call, "StartTime"), Time(call, "EndTime"));
        return from < to && to - from < TimeSpan.FromDays(31)
            ? (from, to)
            : throw new CloudError(
                400,
                "InvalidEndTime.Malformed",
                "EndTime must be later than StartTime, by less than 31 days."
            );
    }

    /// <summary>A time in the form of the answers, <c>2026-03-01T02:03:04Z</c>.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(ApiCall call, string name) =>
        DateTimeOffset.TryParseExact(
            call.Text(name),
            Form,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : throw new CloudError(400, $"Invalid{name}.Malformed", $"{name} is not in the form yyyy-MM-ddTHH:mmZ.");
}
