using System.Globalization;

namespace LogAudit.Hosting;

/// <summary>Reads <c>canary:</c>, whose presence alone switches canaries on.</summary>
/// <remarks><code>canary: { intervalSeconds: 60, silenceSeconds: 600 }</code></remarks>
internal sealed class CanarySection(List<SettingsError> errors)
{
    /// <summary>The settings; none are written where the part is missing.</summary>
    public CanarySettings Read(SettingsMap file)
    {
        var map = file.Map("canary", "canary:\n  intervalSeconds: 60");
        if (map is null)
        {
            return new CanarySettings();
        }

        var part = new SettingsMap(map, "canary", ["intervalSeconds", "silenceSeconds"], errors);
        part.CheckKeys();
        var interval = Seconds("intervalSeconds", least: 10, most: 3_600, fallback: 60);
        var silence = Seconds(
            "silenceSeconds",
            least: 2 * interval,
            most: 86_400,
            fallback: Math.Max(600, 2 * interval)
        );
        return new CanarySettings
        {
            Interval = TimeSpan.FromSeconds(interval),
            Silence = TimeSpan.FromSeconds(silence),
        };

        int Seconds(string key, int least, int most, int fallback) =>
            int.TryParse(
                part.Optional(
                    key,
                    text =>
                        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        && number >= least
                        && number <= most,
                    string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"),
                    fallback.ToString(CultureInfo.InvariantCulture)
                ),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
                ? seconds
                : fallback;
    }
}
