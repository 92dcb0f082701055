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
        var memberRole = CommonOptions.MemberAccessRole();
        var command = new Command("plan", "Shows what apply would write. Exit code 3 when there is something.")
        {
            settings,
            output,
            memberRole,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                await using var services = Composition.Services(
                    Composition.ReadSettings(parsed.GetValue(settings)!),
                    terminal,
                    parsed.GetValue(memberRole)
                );
                terminal.Tell("looking at every account, region and product in scope …");
                var found = await services.GetRequiredService<IReconciler>().PlanAsync(cancel);
                var plan = found.Plan with
                {
                    Findings = [.. found.Plan.Findings, .. found.Unknown.Select(line => $"unknown: {line}")],
                };
                terminal.Write(
                    parsed.GetValue(output) is "json" ? PlanJson.Write(plan) : PlanText.Print(plan).TrimEnd()
                );
                return plan.Changes.Count + plan.Findings.Count == 0 ? ExitCodes.Done : ExitCodes.Changes;
            }
        );
        return command;
    }
}
