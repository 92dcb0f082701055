using System.CommandLine;
using LogAudit.Hosting;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit schema</c>: the JSON schema of the settings file or of a scenario, for editors and CI.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string>("file")
        {
            Description = "settings or scenario.",
            DefaultValueFactory = _ => "settings",
        };
        what.AcceptOnlyFromAmong("settings", "scenario");
        var command = new Command("schema", "Prints the JSON schema of logaudit.yaml or of a scenario file.") { what };
        command.SetAction(parsed =>
        {
            terminal.Write(parsed.GetValue(what) is "scenario" ? ScenarioFile.Schema() : SettingsSchema.Text());
            return ExitCodes.Done;
        });
        return command;
    }
}
