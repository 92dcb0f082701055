using System.Globalization;
using System.Text;

namespace LogAudit.Sls;

/// <summary>One value of one time series of a Metricstore.</summary>
/// <param name="Name">Name of the metric, for example <c>mysql_perf_qps</c>.</param>
/// <param name="Labels">Labels that tell the series from others of the name.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="Value">The value.</param>
/// <remarks>
/// On the wire it is a log with exactly the keys <c>__name__</c>, <c>__labels__</c>, <c>__time_nano__</c>, <c>__value__</c>. Source of the separators: SLS agent,
/// core/protobuf/sls/LogGroupSerializer.cpp. Assumed: labels are sorted by key, <c>__time_nano__</c> is in nanoseconds.
/// </remarks>
public sealed record MetricSample(
    string Name,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset Time,
    double Value
)
{
    /// <summary>Adds the sample to a group.</summary>
    public void Write(LogGroupWriter to)
    {
        var ticks = Time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        to.BeginLog(Time);
        to.Field("__name__", Name);
        to.Field("__labels__", LabelText(Labels));
        to.Field("__time_nano__", (ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture));
        to.Field("__value__", Value.ToString("R", CultureInfo.InvariantCulture));
        to.EndLog();
    }

    /// <summary>Labels as the service reads them: <c>instance_id#$#rm-1|region#$#cn-hangzhou</c>, sorted by key. A bar in a value would end it and becomes an underscore; labels without a value are left out.</summary>
    public static string LabelText(IReadOnlyDictionary<string, string> labels) =>
        labels
            .Where(label => label.Value.Length > 0)
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Aggregate(
                new StringBuilder(),
                (text, label) =>
                    text.Append(text.Length == 0 ? "" : "|")
                        .Append(label.Key)
                        .Append("#$#")
                        .Append(label.Value.Replace('|', '_').Replace("#$#", "_", StringComparison.Ordinal))
            )
            .ToString();
}
