using LogAudit.Cli.Deployment;
using LogAudit.LocalCloud.Fc;
using LogAudit.OpenApi;
using LogAudit.Testing;
using Microsoft.Extensions.DependencyInjection;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Cli.Tests.Deployment;

/// <summary>Deploys the repository's own file to LocalCloud, with a script in place of the functions' programs.</summary>
[Collection(ProcessEnvironmentTests.Name)]
public sealed class FunctionDeployerTests
{
    [Fact]
    public async Task Deploying_creates_the_functions_and_deploying_again_updates_them()
    {
        await using var estate = await LocalEstate.StartAsync();
        using var packages = new TemporaryFolder();
        Package(packages, "Discover", "OnChange", "Poll", "Sync");
        var bootstrapped = await estate.RunAsync("bootstrap", "--yes");
        Assert.True(bootstrapped.Code == 0, bootstrapped.Progress);

        var first = await DeployAsync(estate, packages, timeout: 300);
        var second = await DeployAsync(estate, packages, timeout: 120);

        Assert.Equal(4, first.Count(action => action == "CreateFunction"));
        Assert.DoesNotContain(first, action => action.StartsWith("Update", StringComparison.Ordinal));
        Assert.Equal(4, second.Count(action => action == "UpdateFunction"));
        Assert.DoesNotContain(second, action => action.StartsWith("Create", StringComparison.Ordinal));
        var functions = estate.Cloud.Services.Get<FunctionService>().All;
        Assert.Equal(
            ["logaudit-discover", "logaudit-onchange", "logaudit-poll", "logaudit-sync"],
            functions.Select(function => function.Definition.Name)
        );
        var sync = functions[3];
        Assert.Equal(120, sync.Definition.TimeoutSeconds);
        Assert.Equal("there", sync.Definition.Environment["HELLO"]);
        Assert.Equal(1, sync.Pool.MaxInstances);
        Assert.Contains("log-slb-log", sync.Triggers.Keys);
        var program = Path.Combine(sync.Definition.CodeDirectory, "LogAudit.Sync");
        Assert.True(File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal(
            "central: {}",
            await File.ReadAllTextAsync(Path.Combine(sync.Definition.CodeDirectory, "logaudit.yaml"))
        );
    }

    [Fact]
    public async Task A_package_that_was_not_published_is_told_with_what_to_run()
    {
        await using var estate = await LocalEstate.StartAsync();
        using var packages = new TemporaryFolder();

        var failure = await Assert.ThrowsAnyAsync<IOException>(() => DeployAsync(estate, packages, timeout: 60));

        Assert.Contains("scripts/publish", failure.Message, StringComparison.Ordinal);
    }

    private static void Package(TemporaryFolder packages, params string[] functions)
    {
        foreach (var function in functions)
        {
            Directory.CreateDirectory(packages.Of(function));
            var program = packages.With($"{function}/LogAudit.{function}", "#!/bin/sh\nexit 0\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    /// <summary>Gives the write calls that it took.</summary>
    private static async Task<IReadOnlyList<string>> DeployAsync(
        LocalEstate estate,
        TemporaryFolder packages,
        int timeout
    )
    {
        var from = estate.Cloud.Requests.Latest;
        var settings = Composition.ReadSettings(new FileInfo(estate.Settings));
        await using var services = Composition.Services(
            settings,
            new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null)
        );
        var deployer = new FunctionDeployer(
            services.GetRequiredService<OpenApiClient>(),
            settings.Central.Account,
            settings.Central.Region
        );
        var file = DeploymentFile.Parse(await File.ReadAllTextAsync(Path.Combine(Peers.Repository, "s.yaml")));
        file.Add([new("sync", "slb_log", 600)]);
        var variables = new Dictionary<string, string>(Cli.Commands.RenderCommand.Variables(settings))
        {
            ["LOGAUDIT_CODE"] = packages.Path,
        };
        foreach (var (_, props) in file.Functions(variables))
        {
            props.Children["timeout"] = new YamlScalarNode($"{timeout}");
            Still(props);
            await deployer.DeployAsync(
                props,
                packages.Path,
                new Dictionary<string, string> { ["logaudit.yaml"] = "central: {}" },
                new Dictionary<string, string> { ["HELLO"] = "there" },
                CancellationToken.None
            );
        }

        return
        [
            .. estate
                .Cloud.Requests.Since(from)
                .Where(entry => entry.IsWrite && entry.Product == "FC")
                .Select(entry => entry.Action),
        ];
    }

    /// <summary>Timers that do not tick while the test runs.</summary>
    private static void Still(YamlMappingNode props)
    {
        foreach (var trigger in ((YamlSequenceNode)props["triggers"]).Cast<YamlMappingNode>())
        {
            var config = (YamlMappingNode)trigger["triggerConfig"];
            if (config.Children.ContainsKey("cronExpression"))
            {
                config.Children["enable"] = new YamlScalarNode("false");
            }
        }
    }
}
