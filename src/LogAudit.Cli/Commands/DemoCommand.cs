using System.CommandLine;
using LogAudit.Cli.Demo;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit demo</c>: the main job on LocalCloud. <c>scripts/demo</c> builds what it needs.</summary>
internal static class DemoCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenario = new Option<FileInfo?>("--scenario")
        {
            Description = "Another organisation (logaudit schema scenario); the built-in one when not given.",
        };
        var seed = new Option<int?>("--seed")
        {
            Description = "Fixes every random choice; the scenario's own when not given.",
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON document as the last line of standard output.",
        };
        var functions = new Option<DirectoryInfo>("--functions")
        {
            Description = "Published functions.",
            DefaultValueFactory = _ => new DirectoryInfo("artifacts/functions"),
        };
        var deployment = new Option<FileInfo>("--deployment")
        {
            Description = "The deployment file.",
            DefaultValueFactory = _ => new FileInfo("s.yaml"),
        };
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Where everything is written.",
            DefaultValueFactory = _ => new DirectoryInfo("artifacts/demo"),
        };
        var command = new Command(
            "demo",
            "Runs the main job on LocalCloud. Exit code 0 only if nothing is lost and every collectable resource collects."
        )
        {
            scenario,
            seed,
            json,
            functions,
            deployment,
            folder,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var script = ScenarioSource.Read(parsed.GetValue(scenario), parsed.GetValue(seed));
                var place = parsed.GetValue(folder)!;
                await using var run = await DemoRun.StartAsync(terminal, script, place, cancel);
                var result = await run.PlayAsync(parsed.GetValue(deployment)!, parsed.GetValue(functions)!, cancel);
                DemoText.Print(terminal, result, run.ReceiverFile, place.FullName);
                await File.WriteAllTextAsync(Path.Combine(place.FullName, "result.json"), result.ToJson(), cancel);
                if (parsed.GetValue(json))
                {
                    terminal.Write(result.ToJson());
                }

                return result.Holds ? ExitCodes.Done : ExitCodes.Failed;
            }
        );
        return command;
    }
}
