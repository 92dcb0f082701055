using System.CommandLine;
using LogAudit.Collection;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit apply</c>: shows the plan, asks, and carries out exactly that plan.</summary>
internal static class ApplyCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var memberRole = CommonOptions.MemberAccessRole();
        var yes = CommonOptions.Yes();
        var command = new Command(
            "apply",
            "Carries out the plan, journalled. Exit code 3 when findings are left for a person."
        )
        {
            settings,
            output,
            memberRole,
            yes,
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
                var reconciler = services.GetRequiredService<IReconciler>();
                terminal.Tell("looking at every account, region and product in scope …");
                var found = await reconciler.PlanAsync(cancel);
                terminal.Tell(PlanText.Print(found.Plan).TrimEnd());
                if (
                    found.Plan.Changes.Count > 0
                    && !parsed.GetValue(yes)
                    && !terminal.Asks($"Write these {found.Plan.Changes.Count} changes?")
                )
                {
                    terminal.Error("nothing was written.");
                    return ExitCodes.Changes;
                }

                var report = await reconciler.ApplyAsync(found, "command", Deadline.None, cancel);
                terminal.Write(parsed.GetValue(output) is "json" ? RunJson.Write(report) : ReportText.Print(report));
                return report.Errors.Count > 0 ? ExitCodes.Failed
                    : report.Unknown.Count + report.Findings.Count > 0 ? ExitCodes.Changes
                    : ExitCodes.Done;
            }
        );
        return command;
    }
}
