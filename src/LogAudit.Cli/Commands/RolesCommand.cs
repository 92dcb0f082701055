using System.CommandLine;
using LogAudit.Collection;
using LogAudit.Products;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit roles</c>: the roles and RAM policies that LogAudit needs, for those who create them by their own means.</summary>
internal static class RolesCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var member = new Option<string?>("--member")
        {
            Description = "Account id of a member: prints its role instead of those of the central account.",
        };
        member.Validators.Add(given =>
        {
            var id = given.Tokens is [{ Value: var text }] ? text : "";
            if (!AccountId.IsValid(id))
            {
                given.AddError($"--member is '{id}'. Allowed: 1 to 32 digits. Example: 1000000000000001.");
            }
        });
        var forward = new Option<bool>("--forward")
        {
            Description = "Prints the role of logaudit forward instead, which bootstrap does not make.",
        };
        var command = new Command(
            "roles",
            "Prints roles, trust policies and policies as JSON; generated from the actions that the product files declare."
        )
        {
            settings,
            member,
            forward,
        };
        command.SetWork(
            terminal,
            (parsed, _) =>
            {
                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                var catalogue = new ProductCatalogue();
                var central = read.Central.Account;
                IReadOnlyList<WantedRole> roles =
                    parsed.GetValue(forward) ? [Roles.Forwarder(read)]
                    : parsed.GetValue(member) is { } id
                        ?
                        [
                            Roles.Member(catalogue, read, new AccountId(id)),
                            .. EngineRoles
                                .All(new Layout(read), [new AccountId(id)], Roles.Kinds(catalogue.All, read))
                                .Where(role => role.Account.Value == id),
                        ]
                    :
                    [
                        Roles.Function(catalogue, read),
                        .. EngineRoles
                            .All(new Layout(read), read.Accounts.Members, Roles.Kinds(catalogue.All, read))
                            .Where(role => role.Account == central),
                    ];
                terminal.Write(new JArray(roles.Select(Json)).ToString(Formatting.Indented));
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static JObject Json(WantedRole role) =>
        new()
        {
            ["account"] = role.Account.Value,
            ["role"] = role.Name,
            ["trust"] = JObject.Parse(role.Trust),
            ["policies"] = new JObject(
                role.Policies.Select(policy => new JProperty(policy.Key, JObject.Parse(policy.Value)))
            ),
        };
}
