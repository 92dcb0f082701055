using System.CommandLine;
using LogAudit.Collection;
using LogAudit.Products;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit bootstrap</c>: makes, as a plan like any other, what must exist before the functions are deployed.</summary>
internal static class BootstrapCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var output = CommonOptions.Output();
        var yes = CommonOptions.Yes();
        var planOnly = new Option<bool>("--plan") { Description = "Show what bootstrap would write, and stop." };
        var withoutRoles = new Option<bool>("--without-roles")
        {
            Description = "Leave roles to somebody else (logaudit roles prints them).",
        };
        var memberRole = new Option<string>("--member-access-role")
        {
            Description = "Role by which bootstrap enters members to create theirs.",
            DefaultValueFactory = _ => Composition.DirectoryAccessRole,
        };
        var command = new Command(
            "bootstrap",
            "Creates the roles, the central project, the Logstores that triggers point at, the state Logstores and the trail, and waits until they answer. Exit code 3 when findings are left for a person."
        )
        {
            settings,
            output,
            yes,
            planOnly,
            withoutRoles,
            memberRole,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                var json = parsed.GetValue(output) is "json";
                await using var services = Composition.Services(read, terminal, parsed.GetValue(memberRole));
                var bootstrap = services.GetRequiredService<IBootstrap>();
                terminal.Tell("looking at the central account and the members …");
                var plan = await bootstrap.PlanAsync(
                    parsed.GetValue(withoutRoles)
                        ? null
                        : RoleOf(read, services.GetRequiredService<ProductCatalogue>()),
                    cancel
                );
                if (parsed.GetValue(planOnly))
                {
                    terminal.Write(json ? PlanJson.Write(plan) : PlanText.Print(plan).TrimEnd());
                    return plan.Changes.Count + plan.Findings.Count == 0 ? ExitCodes.Done : ExitCodes.Changes;
                }

                terminal.Tell(PlanText.Print(plan).TrimEnd());
                if (
                    plan.Changes.Count > 0
                    && !parsed.GetValue(yes)
                    && !terminal.Asks($"Write these {plan.Changes.Count} changes?")
                )
                {
                    terminal.Error("nothing was written.");
                    return ExitCodes.Changes;
                }

                terminal.Tell("writing, then waiting until the project and its Logstores answer …");
                var result = await bootstrap.ApplyAsync(plan, Deadline.None, cancel);
                var code = AppliedText.Print(terminal, result.Applied, json);
                foreach (var missing in result.Missing)
                {
                    terminal.Error(
                        $"Logstore {missing} of project {result.Project} does not answer yet; run bootstrap again before deploying."
                    );
                }

                return !result.Complete ? ExitCodes.Failed
                    : plan.Findings.Count > 0 ? ExitCodes.Changes
                    : code;
            }
        );
        return command;
    }

    /// <summary>The functions' role in an account.</summary>
    public static Func<AccountId, WantedRole> RoleOf(Settings settings, ProductCatalogue catalogue) =>
        account =>
            account == settings.Central.Account
                ? Roles.Function(catalogue, settings)
                : Roles.Member(catalogue, settings, account);
}
