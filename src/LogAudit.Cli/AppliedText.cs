using LogAudit.Collection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli;

/// <summary>What became of each change of a plan.</summary>
internal static class AppliedText
{
    /// <summary>Prints the outcomes.</summary>
    /// <returns>The exit code: failed when a change is not in place.</returns>
    public static int Print(Terminal terminal, IReadOnlyList<Applied> applied, bool json)
    {
        if (json)
        {
            terminal.Write(
                new JArray(
                    applied.Select(one => new JObject
                    {
                        ["setting"] = one.Planned.Change.Setting.ToString(),
                        ["outcome"] = one.Outcome.ToString(),
                        ["note"] = one.Note,
                    })
                ).ToString(Formatting.None)
            );
        }
        else
        {
            foreach (var one in applied)
            {
                terminal.Write(
                    $"{one.Outcome, -8} {one.Planned.Change.Setting}{(one.Note.Length == 0 ? "" : $": {one.Note}")}"
                );
            }
        }

        return applied.All(one => one.InPlace) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
