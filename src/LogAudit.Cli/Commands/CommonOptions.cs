using System.CommandLine;
using System.Globalization;

namespace LogAudit.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary><c>--settings FILE</c>.</summary>
    public static Option<FileInfo> Settings() =>
        new("--settings", "-s")
        {
            Description = "The settings file.",
            DefaultValueFactory = _ => new FileInfo("logaudit.yaml"),
        };

    /// <summary><c>--output text|json</c>.</summary>
    public static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "text for people, json for programs: one document on standard output.",
            DefaultValueFactory = _ => "text",
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    /// <summary><c>--member-access-role NAME</c>: the members' own role trusts the functions only, so a person enters by another.</summary>
    public static Option<string?> MemberAccessRole() =>
        new("--member-access-role")
        {
            Description =
                $"Role by which members are entered; the settings' own when not given. In a resource directory an administrator has {Composition.DirectoryAccessRole}.",
        };

    /// <summary>Refuses numbers out of a range; the option's type refuses what is no number.</summary>
    public static Option<int> Within(this Option<int> option, int least, int most)
    {
        option.Validators.Add(given =>
        {
            if (
                given.Tokens is [{ Value: var text }]
                && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
                && (number < least || number > most)
            )
            {
                given.AddError($"{option.Name} is {number}. Allowed: {least} to {most}.");
            }
        });
        return option;
    }

    /// <summary><c>--yes</c>: skips the question before writing.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask before writing." };
}
