using LogAudit.Testing;

namespace LogAudit.Cli.Tests.Deployment;

/// <summary>
/// <c>scripts/deploy</c> in a checkout of its own, with the real command against LocalCloud. What only a cloud or a linker could do is
/// stood in for: <c>scripts/publish</c> makes empty packages, and <c>s</c> on the path writes down how it was called.
/// </summary>
internal sealed class DeployScript : IDisposable
{
    private readonly TemporaryFolder checkout = new();

    public DeployScript()
    {
        Directory.CreateDirectory(checkout.Of("scripts"));
        File.Copy(Path.Combine(Peers.Repository, "scripts/deploy"), checkout.Of("scripts/deploy"));
        File.Copy(Path.Combine(Peers.Repository, "s.yaml"), checkout.Of("s.yaml"));
        Program(
            "scripts/publish",
            $"""
            echo "publish $*" >>'{Log}'
            for function in Discover OnChange Poll Sync; do mkdir -p "artifacts/functions/$function"; done
            """
        );
        // The command is built already; the script finds it where its own build would have put it.
        Program(
            "bin/dotnet",
            $$"""
            if [ "$1" = build ]; then echo "build $2" >>'{{Log}}'; exit; fi
            shift
            echo "logaudit $1" >>'{{Log}}'
            PATH=${PATH#*:} exec dotnet '{{Command}}' "$@"
            """
        );
        Program("bin/s", $"""echo "s $* as $LOGAUDIT_ACCOUNT $LOGAUDIT_RUNTIME" >>'{Log}'""");
    }

    private string Log => checkout.Of("log");

    private static string Command =>
        Path.Combine(
            Peers.Repository,
            "artifacts/bin/LogAudit.Cli",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')),
            "logaudit.dll"
        );

    /// <summary>What was run, in order.</summary>
    public IReadOnlyList<string> Steps => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    /// <summary>Reads a file of the checkout.</summary>
    public string Read(string name) => File.ReadAllText(checkout.Of(name));

    /// <summary>Runs it with nobody at the terminal.</summary>
    public async Task<(int Code, string Told)> RunAsync(LocalEstate estate, params string[] options)
    {
        var (code, output, errors) = await Peers.RunAsync(
            "bash",
            checkout.Path,
            new Dictionary<string, string>
            {
                ["PATH"] = $"{checkout.Of("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            ["-c", "exec scripts/deploy \"$@\" </dev/null", "deploy", "--settings", estate.Settings, .. options]
        );
        return (code, output + errors);
    }

    public void Dispose() => checkout.Dispose();

    private void Program(string name, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(checkout.Of(name))!);
        File.SetUnixFileMode(
            checkout.With(name, $"#!/usr/bin/env bash\nset -euo pipefail\n{script}\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }
}
