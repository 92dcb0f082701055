using System.Text;
using LogAudit.Cli;
using LogAudit.Cli.Deployment;
using LogAudit.Collection;
using LogAudit.Forwarding;
using LogAudit.LocalCloud.Fc;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Sls;
using Microsoft.Extensions.Logging.Abstractions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LogAudit.EndToEnd.Tests.Forwarding;

/// <summary>A LocalCloud with the central side in place, on which functions run as their own processes, deployed from <c>s.yaml</c> through the API.</summary>
internal sealed class FunctionCloud : IAsyncDisposable, IAccountCredentials, ICredentialSource
{
    public const string Uid = "1000000000000001";
    public const string Region = "cn-hangzhou";
    public const string Project = $"logaudit-center-{Uid}-{Region}";

    /// <summary>Logstores that the tests fill.</summary>
    public static readonly string[] Logstores = ["slb_log", "rds_log"];

    private readonly LocalCloudHost host;
    private readonly HttpMessageHandler handler = OpenApiRegistration.CreateHandler();
    private readonly AccessKey key;
    private readonly OpenApiClient api;

    private FunctionCloud(LocalCloudHost host)
    {
        this.host = host;
        key = host.Cloud.FindAccount(Uid)!.AddRootKey();
        var endpoint = new EndpointOverride(host.Address);
        api = new OpenApiClient(
            this,
            handler,
            endpoint,
            TimeProvider.System,
            new CurrentInvocation(),
            new OpenApiOptions(),
            NullLogger<OpenApiClient>.Instance
        );
        Clients = ClientsOver(handler);
    }

    public Cloud Cloud => host.Cloud;

    /// <summary>Script that points a Node client here.</summary>
    public string NodePreload => LocalCloud.Kernel.NodePreload.For(host);

    public SlsStore Store => Cloud.Services.Get<SlsStore>();

    public SlsClients Clients { get; }

    /// <summary>The central side as settings.</summary>
    public static CentralSettings CentralSide { get; } =
        new()
        {
            Account = new AccountId(Uid),
            Region = new RegionId(Region),
            Project = new ProjectName(Project),
        };

    /// <summary>The central settings of every file that is deployed here, as YAML.</summary>
    public static string Central =>
        $"""
            central:
              account: "{Uid}"
              region: {Region}

            """;

    /// <summary>Starts a cloud with project, Logstores and roles; nothing is deployed yet.</summary>
    /// <param name="seed">Fixes what LocalCloud chooses.</param>
    /// <param name="delayScale">Documented delays are divided by it, timers tick faster by it. As it stands no timer ticks during a test.</param>
    /// <param name="change">Changes the settings that the rights of the roles are made of.</param>
    public static async Task<FunctionCloud> StartAsync(
        int seed,
        double delayScale = 0.01,
        Func<Settings, Settings>? change = null
    )
    {
        var settings = new Settings
        {
            Central = CentralSide,
            Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
        };
        settings = change?.Invoke(settings) ?? settings;
        var host = await LocalCloudHost.StartAsync(
            new LocalCloudOptions { Seed = seed, DelayScale = delayScale },
            CancellationToken.None
        );
        var account = host.Cloud.AddAccount(Uid, "central");
        var role = Roles.Function(new ProductCatalogue(), settings);
        account.AddRole(role.Name, role.Trust, role.Policies.Values);
        foreach (var member in settings.Accounts.Members)
        {
            var entered = Roles.Member(new ProductCatalogue(), settings, member);
            host.Cloud.AddAccount(member.Value, "member").AddRole(entered.Name, entered.Trust, entered.Policies.Values);
        }

        account.AddRole(
            OwnRoles.Trigger,
            EngineRoles.TrustServices("log.aliyuncs.com"),
            EngineRoles.Allow(["fc:InvokeFunction"], [$"acs:fc:*:{Uid}:functions/*"])
        );
        var project = host.Cloud.Services.Get<SlsStore>().EnsureProject(Project, Uid, Region);
        foreach (
            var name in Logstores.Concat([
                "logaudit_journal",
                "logaudit_ledger",
                "logaudit_dead_letter",
                "logaudit_run",
                "logaudit_function",
            ])
        )
        {
            project.EnsureLogstore(name);
        }

        return new FunctionCloud(host);
    }

    /// <summary>What <c>logaudit forward</c> needs in its environment to work here: an identity with its rights and no others.</summary>
    public IReadOnlyDictionary<string, string> ForwarderEnvironment(string settings)
    {
        var central = host.Cloud.FindAccount(Uid)!;
        var read = Composition.ReadSettings(new FileInfo(settings));
        var forwarder = central.AddKey(
            central.AddUser(Path.GetRandomFileName(), Roles.Forwarder(read).Policies.Values)
        );
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = forwarder.Id,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = forwarder.Secret,
            ["LOGAUDIT_ENDPOINT"] = host.Address.GetLeftPart(UriPartial.Authority),
        };
    }

    /// <summary>SLS clients over a network of their own.</summary>
    public SlsClients ClientsOver(HttpMessageHandler network) =>
        new(
            this,
            new EndpointOverride(host.Address),
            network,
            TimeProvider.System,
            new SlsOptions(),
            NullLogger<SlsClients>.Instance
        );

    /// <summary>Deploys a function of <c>s.yaml</c>, or deploys it anew.</summary>
    /// <param name="resource">Its name in the file: <c>sync</c>, <c>onchange</c>.</param>
    /// <param name="settings">Text of <c>logaudit.yaml</c>.</param>
    /// <param name="timeoutSeconds">Time-out of the function.</param>
    /// <param name="doorbells">Logstores whose log triggers ring it every 3 s.</param>
    public async Task<DeployedFunction> DeployAsync(
        string resource,
        string settings,
        int timeoutSeconds = 60,
        params string[] doorbells
    )
    {
        var file = DeploymentFile.Parse(await File.ReadAllTextAsync(Path.Combine(Testing.Peers.Repository, "s.yaml")));
        file.Add(doorbells.Select(logstore => new Cli.Deployment.LogTrigger(resource, logstore, IntervalSeconds: 3)));
        // By way of the text, as the rendered file goes to whoever deploys it.
        var variables = new Dictionary<string, string>
        {
            ["LOGAUDIT_ACCOUNT"] = Uid,
            ["LOGAUDIT_REGION"] = Region,
            ["LOGAUDIT_PROJECT"] = Project,
        };
        var props = DeploymentFile.Parse(file.ToYaml()).Functions(variables)[resource];
        props.Children["code"] = FunctionPackage.Of(resource).Folder;
        props.Children["timeout"] = new YamlScalarNode(
            timeoutSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)
        )
        {
            Style = ScalarStyle.Plain,
        };
        await new FunctionDeployer(api, new AccountId(Uid), new RegionId(Region)).DeployAsync(
            props,
            Testing.Peers.Repository,
            new Dictionary<string, string> { ["logaudit.yaml"] = settings },
            new Dictionary<string, string> { ["LOGAUDIT_ENDPOINT"] = host.Address.ToString() },
            CancellationToken.None
        );
        return Find(resource);
    }

    /// <summary>A deployed function.</summary>
    public DeployedFunction Find(string resource) =>
        Cloud.Services.Get<FunctionService>().Find(Uid, Region, $"logaudit-{resource}")
        ?? throw new InvalidOperationException($"{resource} is not deployed");

    /// <summary>Calls a function as FC does.</summary>
    public async Task<(bool Ok, string Answer)> InvokeAsync(string resource, ReadOnlyMemory<byte> body)
    {
        var result = await Find(resource)
            .InvokeAsync("test", Guid.NewGuid().ToString(), body.ToArray(), CancellationToken.None);
        return (result.Ok, Encoding.UTF8.GetString(result.Body));
    }

    /// <inheritdoc cref="InvokeAsync(string, ReadOnlyMemory{byte})"/>
    public Task<(bool Ok, string Answer)> InvokeAsync(string resource, string body) =>
        InvokeAsync(resource, Encoding.UTF8.GetBytes(body));

    /// <summary>The timer's event: <c>Sync</c> sweeps.</summary>
    public Task<(bool Ok, string Answer)> SweepAsync() =>
        InvokeAsync("sync", """{"triggerTime":"2026-01-15T08:30:00Z","triggerName":"sweep","payload":""}""");

    /// <summary>The event of a log trigger.</summary>
    public static string Doorbell(string logstore, int shard) =>
        $$"""{"source":{"endpoint":"http://{{Region}}-intranet.log.aliyuncs.com","projectName":"{{Project}}","logstoreName":"{{logstore}}","shardId":{{shard}},"beginCursor":"MTQ=","endCursor":"MTU="},"jobName":"log","taskId":"t","cursorTime":1768465845,"parameter":{} }""";

    /// <summary>What a function wrote to its output so far.</summary>
    public string Output(string resource) =>
        File.Exists(Find(resource).LogFile) ? File.ReadAllText(Find(resource).LogFile) : "";

    /// <summary>What <c>logaudit status</c> would show for the destinations of a settings file.</summary>
    public async Task<IReadOnlyList<SyncStatus>> StatusAsync(string settings)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, settings);
            var read = Composition.ReadSettings(new FileInfo(path));
            var destinations = Destinations.Make(
                read.Destinations,
                "logaudit.yaml",
                new SecretReferences(_ => null),
                TimeProvider.System
            );
            var reader = new StatusReader(
                new SlsLogSource(Clients),
                new SlsStateStore(Clients, read.Central, TimeProvider.System),
                destinations,
                new MappingCatalogue(new ProductCatalogue().LogKinds),
                TimeProvider.System
            );
            return await reader.ReadAsync([.. Logstores.Select(Target)], CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static LogTarget Target(string logstore) =>
        new(new AccountId(Uid), new RegionId(Region), new ProjectName(Project), new LogstoreName(logstore));

    public ICredentialSource For(AccountId account) => this;

    public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
        new(new Credentials(key.Id, new Secret(key.Secret), null, null));

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }
}
