using System.CommandLine;
using LogAudit.Cli.Deployment;
using LogAudit.Collection;
using LogAudit.Forwarding;
using LogAudit.Products;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit render</c>: the deployment file with the log triggers that the settings ask for.</summary>
internal static class RenderCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = CommonOptions.Settings();
        var deployment = new Option<FileInfo>("--deployment")
        {
            Description = "The deployment file.",
            DefaultValueFactory = _ => new FileInfo("s.yaml"),
        };
        var to = new Option<FileInfo>("--to") { Description = "Where the rendered file goes.", Required = true };
        var variables = new Option<FileInfo?>("--variables")
        {
            Description = "Where the variables of the deployment go, as NAME=value lines.",
        };
        var interval = new Option<int>("--interval")
        {
            Description = "Seconds between two rings of a log trigger, 3 to 600.",
            DefaultValueFactory = _ => 30,
        };
        interval.Within(3, 600);
        var command = new Command("render", "Adds the log triggers to s.yaml.")
        {
            settings,
            deployment,
            to,
            variables,
            interval,
        };
        command.SetWork(
            terminal,
            async (parsed, cancel) =>
            {
                var read = Composition.ReadSettings(parsed.GetValue(settings)!);
                var file = DeploymentFile.Parse(
                    await File.ReadAllTextAsync(parsed.GetValue(deployment)!.FullName, cancel)
                );
                file.Add(Triggers(read, parsed.GetValue(interval)));
                await File.WriteAllTextAsync(parsed.GetValue(to)!.FullName, file.ToYaml(), cancel);
                if (parsed.GetValue(variables) is { } lines)
                {
                    await File.WriteAllLinesAsync(
                        lines.FullName,
                        Variables(read).Select(pair => $"{pair.Key}={pair.Value}"),
                        cancel
                    );
                }

                terminal.Tell($"wrote {parsed.GetValue(to)!.FullName}");
                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>One trigger of <c>sync</c> per forwarded Logstore, and one of <c>onchange</c> on the trail's.</summary>
    public static IReadOnlyList<LogTrigger> Triggers(Settings settings, int intervalSeconds)
    {
        var catalogue = new ProductCatalogue();
        var wanted = CollectSettings.Resolve(settings, catalogue.All);
        var layout = new Layout(settings);
        var trails = wanted
            .Triggered.Where(kind => kind.Kind.MakesLogstore)
            .Select(kind => layout.Logstore(kind.Kind))
            .ToList();
        // The trails of listed members are carried to a Logstore beside the central account's own.
        trails.AddRange(
            wanted
                .Triggered.Where(kind => kind.Kind.MakesLogstore && layout.Mode == AccountsMode.List)
                .Select(kind => new LogstoreName(kind.Kind.CopyLogstore))
        );
        var forwarded =
            settings.Destinations.Count == 0
                ? []
                : wanted.Triggered.Select(kind => layout.Logstore(kind.Kind)).Concat(trails).Distinct();
        return
        [
            .. forwarded.Select(logstore => new LogTrigger("sync", logstore.Value, intervalSeconds)),
            .. trails.Distinct().Select(logstore => new LogTrigger("onchange", logstore.Value, intervalSeconds)),
        ];
    }

    /// <summary>The variables that the deployment file reads.</summary>
    public static IReadOnlyDictionary<string, string> Variables(Settings settings) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LOGAUDIT_ACCOUNT"] = settings.Central.Account.Value,
            ["LOGAUDIT_REGION"] = settings.Central.Region.Value,
            ["LOGAUDIT_PROJECT"] = settings.Central.Project.Value,
        };
}
