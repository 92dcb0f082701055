using System.CommandLine;
using LogAudit.Collection;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit undo</c>: brings back what the journal recorded, and leaves alone what somebody else changed since.</summary>
internal static class UndoCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var memberRole = CommonOptions.MemberAccessRole();
        var yes = CommonOptions.Yes();
        var planOnly = new Option<bool>("--plan") { Description = "Show what undo would write, and stop." };
        var deleteLogs = new Option<string[]>("--delete-logs-of")
        {
            Description =
                "Project or project/Logstore that may be deleted with its logs, or setting whose days may shrink; everything else that holds logs is kept.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var command = new Command(
            "undo",
            "Restores every switch, policy and setting that the journal recorded. Switch the functions' triggers off first, or they turn everything on again."
        )
        {
            settings,
            output,
            memberRole,
            yes,
            planOnly,
            deleteLogs,
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
                var undo = services.GetRequiredService<IUndo>();
                terminal.Tell("reading the journal and the present state …");
                var plan = await undo.PlanAsync(parsed.GetValue(deleteLogs)!, cancel);
                var json = parsed.GetValue(output) is "json";
                if (parsed.GetValue(planOnly))
                {
                    terminal.Write(json ? PlanJson.Write(plan) : PlanText.Print(plan).TrimEnd());
                    return plan.Changes.Count == 0 ? ExitCodes.Done : ExitCodes.Changes;
                }

                terminal.Tell(PlanText.Print(plan).TrimEnd());
                if (
                    plan.Changes.Count > 0
                    && !parsed.GetValue(yes)
                    && !terminal.Asks($"Take back these {plan.Changes.Count} changes?")
                )
                {
                    terminal.Error("nothing was written.");
                    return ExitCodes.Changes;
                }

                return AppliedText.Print(terminal, await undo.ApplyAsync(plan, Deadline.None, cancel), json);
            }
        );
        return command;
    }
}
