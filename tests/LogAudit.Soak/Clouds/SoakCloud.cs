using System.Globalization;
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
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LogAudit.Soak;

/// <summary>A LocalCloud with the central side in place and the function <c>Sync</c> deployed from <c>s.yaml</c>; its rights are those that bootstrap gives it.</summary>
internal sealed class SoakCloud : IAsyncDisposable, IAccountCredentials, ICredentialSource
{
    public const string Uid = "1000000000000001";
    public const string Region = "cn-hangzhou";
    public const string Project = $"logaudit-center-{Uid}-{Region}";

    private const string FunctionName = "logaudit-sync";

    // A time-out that a run of minutes meets.
    private const int FunctionTimeoutSeconds = 60;
    private const int MostDeployments = 10;

    private readonly LocalCloudHost host;
    private readonly HttpMessageHandler handler = OpenApiRegistration.CreateHandler();
    private readonly AccessKey key;
    private readonly OpenApiClient api;
    private readonly string package;

    private SoakCloud(LocalCloudHost host, string package)
    {
        (this.host, this.package) = (host, package);
        key = host.Cloud.FindAccount(Uid)!.AddRootKey();
        api = new OpenApiClient(
            this,
            handler,
            new EndpointOverride(host.Address),
            TimeProvider.System,
            new CurrentInvocation(),
            new OpenApiOptions(),
            NullLogger<OpenApiClient>.Instance
        );
        var clients = new SlsClients(
            this,
            new EndpointOverride(host.Address),
            handler,
            TimeProvider.System,
            new SlsOptions(),
            NullLogger<SlsClients>.Instance
        );
        State = new SlsStateStore(clients, Central, TimeProvider.System);
    }

    public Cloud Cloud => host.Cloud;

    /// <summary>Reads ledger and dead letters.</summary>
    public SlsStateStore State { get; }

    public DeployedFunction Function =>
        Cloud.Services.Get<FunctionService>().Find(Uid, Region, FunctionName)
        ?? throw new InvalidOperationException($"{FunctionName} is not deployed");

    private static CentralSettings Central { get; } =
        new()
        {
            Account = new AccountId(Uid),
            Region = new RegionId(Region),
            Project = new ProjectName(Project),
        };

    /// <summary>Starts it.</summary>
    /// <param name="options">Seed and package.</param>
    /// <param name="logstores">Logstores of records.</param>
    public static async Task<SoakCloud> StartAsync(SoakOptions options, IEnumerable<string> logstores)
    {
        var host = await LocalCloudHost.StartAsync(
            // The sweep's minute takes ten seconds; what is short already stays so.
            new LocalCloudOptions { Seed = options.Seed, DelayScale = 6 },
            CancellationToken.None
        );
        var account = host.Cloud.AddAccount(Uid, "central");
        var settings = new Settings
        {
            Central = Central,
            Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
        };
        var role = Roles.Function(new ProductCatalogue(), settings);
        account.AddRole(role.Name, role.Trust, role.Policies.Values);
        account.AddRole(
            OwnRoles.Trigger,
            EngineRoles.TrustServices("log.aliyuncs.com"),
            EngineRoles.Allow(["fc:InvokeFunction"], [$"acs:fc:*:{Uid}:functions/*"])
        );
        var project = host.Cloud.Services.Get<SlsStore>().EnsureProject(Project, Uid, Region);
        foreach (
            var name in logstores.Concat([
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

        return new SoakCloud(host, options.Sync);
    }

    public SlsLogstore Logstore(string name) => Cloud.Services.Get<SlsStore>().Logstore(Project, name)!;

    /// <summary>Deploys <c>Sync</c>, or deploys it anew.</summary>
    /// <param name="settings">Text of <c>logaudit.yaml</c>.</param>
    /// <param name="doorbells">Logstores whose log triggers ring it every 3 s, the shortest interval of the service.</param>
    public async Task DeployAsync(string settings, IEnumerable<string> doorbells)
    {
        var file = DeploymentFile.Parse(await File.ReadAllTextAsync(Path.Combine(Peers.Repository, "s.yaml")));
        file.Add(doorbells.Select(logstore => new Cli.Deployment.LogTrigger("sync", logstore, IntervalSeconds: 3)));
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LOGAUDIT_ACCOUNT"] = Uid,
            ["LOGAUDIT_REGION"] = Region,
            ["LOGAUDIT_PROJECT"] = Project,
        };
        var props = DeploymentFile.Parse(file.ToYaml()).Functions(variables)["sync"];
        props.Children["code"] = package;
        props.Children["timeout"] = new YamlScalarNode(FunctionTimeoutSeconds.ToString(CultureInfo.InvariantCulture))
        {
            Style = ScalarStyle.Plain,
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await DeployAsync(props, settings);
                return;
            }
            catch (OpenApiException) when (attempt < MostDeployments)
            {
                // The faults of the cloud strike whoever deploys, too: its clock, above all.
                await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            }
        }
    }

    private Task DeployAsync(YamlMappingNode props, string settings) =>
        new FunctionDeployer(api, new AccountId(Uid), new RegionId(Region)).DeployAsync(
            props,
            Peers.Repository,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["logaudit.yaml"] = settings },
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LOGAUDIT_ENDPOINT"] = host.Address.GetLeftPart(UriPartial.Authority),
            },
            CancellationToken.None
        );

    /// <summary>What <c>logaudit forward</c> and <c>logaudit replay</c> need in their environment: an identity with the rights that <c>logaudit roles --forward</c> prints.</summary>
    public IReadOnlyDictionary<string, string> ForwarderEnvironment(string settingsFile)
    {
        var central = host.Cloud.FindAccount(Uid)!;
        var read = Composition.ReadSettings(new FileInfo(settingsFile));
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

    /// <summary>Calls the function as FC does.</summary>
    /// <returns>Whether it answered 200; false also while it is throttled.</returns>
    public async Task<bool> InvokeAsync(string body, CancellationToken cancel)
    {
        try
        {
            var result = await Function.InvokeAsync(
                "soak",
                Guid.NewGuid().ToString(),
                Encoding.UTF8.GetBytes(body),
                cancel
            );
            return result.Ok;
        }
        catch (CloudError)
        {
            return false;
        }
    }

    /// <summary>The timer's event.</summary>
    public const string Sweep = """{"triggerTime":"2026-01-15T08:30:00Z","triggerName":"sweep","payload":""}""";

    /// <summary>The event of a log trigger.</summary>
    public static string Doorbell(string logstore, int shard) =>
        $$"""{"source":{"endpoint":"http://{{Region}}-intranet.log.aliyuncs.com","projectName":"{{Project}}","logstoreName":"{{logstore}}","shardId":{{shard}},"beginCursor":"MTQ=","endCursor":"MTU="},"jobName":"log","taskId":"t","cursorTime":1768465845,"parameter":{} }""";

    /// <summary>Another instance of the function, beside those that Function Compute runs, as on a deployment.</summary>
    public async Task<(FunctionInstance Instance, FunctionCredentials Credentials)> StartAnotherInstanceAsync(
        CancellationToken cancel
    )
    {
        var role = Cloud.FindRole(Function.Definition.Role)!;
        AccessKey session;
        lock (Cloud.Gate)
        {
            session = Cloud.Keys.OpenSession(role, "another", TimeSpan.FromHours(1));
        }

        var credentials = new FunctionCredentials(session.Id, session.Secret, session.Session!.Token);
        return (await FunctionInstance.StartAsync(Function.Definition, credentials, _ => { }, cancel), credentials);
    }

    public ICredentialSource For(AccountId account) => this;

    public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
        new(new Credentials(key.Id, new Secret(key.Secret), null, null));

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }
}
