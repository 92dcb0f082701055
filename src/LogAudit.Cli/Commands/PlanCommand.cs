using System.CommandLine;
using LogAudit.Collection;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit plan</c>: what a reconcile would write, and why. Writes nothing.</summary>
internal static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var command = new Command("plan", "Shows what apply would write. Exit code 3 when there is something.")
        {
            settings,
            output,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                await using var services = Composition.Services(
                    Composition.ReadSettings(parsed.GetValue(settings)!),
                    terminal
                );
                terminal.Tell("looking at every account, region and product in scope …");
                var found = await services.GetRequiredService<IReconciler>().PlanAsync(cancel);
                terminal.Write(
                    parsed.GetValue(output) is "json"
                        ? PlanJson.Write(found.Plan)
                        : PlanText.Print(found.Plan).TrimEnd()
                );
                return found.Plan.Changes.Count + found.Plan.Findings.Count == 0 ? ExitCodes.Done : ExitCodes.Changes;
            }
        );
        return command;
    }
}
