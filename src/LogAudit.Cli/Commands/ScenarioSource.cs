using LogAudit.LocalCloud.Scenario;

namespace LogAudit.Cli.Commands;

/// <summary>Reads the scenario that a command was given.</summary>
internal static class ScenarioSource
{
    /// <summary>The file's, or the built-in demo.</summary>
    /// <exception cref="ScenarioException">The file is wrong; carries every mistake.</exception>
    public static ScenarioScript Read(FileInfo? file, int? seed)
    {
        var script = file is null
            ? ScenarioFile.Demo()
            : ScenarioFile.Parse(File.ReadAllText(file.FullName), file.Name);
        return seed is { } given ? script with { Seed = given } : script;
    }
}
