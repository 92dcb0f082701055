using System.Globalization;

namespace LogAudit.Soak;

/// <summary>How long and how hard.</summary>
/// <param name="Minutes">Time during which faults strike; records of the quiet end come on top.</param>
/// <param name="Seed">Fixes the schedule of the faults and the content of the records.</param>
/// <param name="RecordsPerSecond">Most records written in a second, over all roads.</param>
/// <param name="Sync">Folder of the package of the function <c>Sync</c>.</param>
/// <param name="Command">Path of <c>logaudit.dll</c>.</param>
/// <param name="IsJson">Whether the last line is one JSON document.</param>
internal sealed record SoakOptions(
    double Minutes,
    int Seed,
    int RecordsPerSecond,
    string Sync,
    string Command,
    bool IsJson
)
{
    /// <summary>Usage.</summary>
    public const string Usage =
        "soak [--minutes M] [--seed N] [--records-per-second R] [--sync DIR] [--command logaudit.dll] [--json]";

    /// <summary>Reads a command line; null when it is none.</summary>
    public static SoakOptions? Read(string[] arguments)
    {
        var given = new SoakOptions(
            2,
            1,
            8_000,
            "artifacts/functions/Sync",
            Path.Combine(AppContext.BaseDirectory, "logaudit.dll"),
            false
        );
        for (var at = 0; at < arguments.Length; at++)
        {
            var value = at + 1 < arguments.Length ? arguments[at + 1] : "";
            switch (arguments[at])
            {
                case "--json":
                    given = given with { IsJson = true };
                    continue;
                case "--minutes"
                    when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes > 0:
                    given = given with { Minutes = minutes };
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                    given = given with { Seed = seed };
                    break;
                case "--records-per-second"
                    when int.TryParse(value, CultureInfo.InvariantCulture, out var rate) && rate > 0:
                    given = given with { RecordsPerSecond = rate };
                    break;
                case "--sync" when value.Length > 0:
                    given = given with { Sync = value };
                    break;
                case "--command" when value.Length > 0:
                    given = given with { Command = value };
                    break;
                default:
                    return null;
            }

            at++;
        }

        return given with
        {
            Sync = Path.GetFullPath(given.Sync),
            Command = Path.GetFullPath(given.Command),
        };
    }
}
