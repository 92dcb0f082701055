using System.CommandLine;
using System.Globalization;
using LogAudit.Forwarding;
using Microsoft.Extensions.DependencyInjection;

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

    /// <summary><c>--destination NAME…</c>.</summary>
    public static Option<string[]> Destinations() =>
        new("--destination")
        {
            Description = "Destination to send to; all when not given.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };

    /// <summary>The destinations of given names; null, told as an error, when a name is unknown or there is none at all.</summary>
    public static IReadOnlyList<Destination>? Chosen(IServiceProvider services, string[] names, Terminal terminal)
    {
        var all = services.GetRequiredService<IReadOnlyList<Destination>>();
        if (all.Count == 0)
        {
            terminal.Error("the settings name no destination. Add one under 'destinations'.");
            return null;
        }

        if (Array.Find(names, name => all.All(one => one.Name != name)) is { } unknown)
        {
            terminal.Error(
                $"--destination {unknown} is not in the settings. Allowed: {string.Join(", ", all.Select(one => one.Name))}."
            );
            return null;
        }

        return names.Length == 0 ? all : [.. all.Where(one => names.Contains(one.Name, StringComparer.Ordinal))];
    }

    /// <summary><c>--yes</c>: skips the question before writing.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask before writing." };
}
