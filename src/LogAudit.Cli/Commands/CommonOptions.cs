using System.CommandLine;

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

    /// <summary><c>--yes</c>: skips the question before writing.</summary>
    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask before writing." };
}
