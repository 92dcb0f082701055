using LogAudit.Cli;
using LogAudit.Collection;
using LogAudit.Forwarding;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.EndToEnd.Tests.Permissions;

/// <summary>An organisation of two accounts on LocalCloud: bootstrapped by an administrator, then served with the rights of the generated roles alone.</summary>
internal sealed class GovernedCloud : IAsyncDisposable
{
    public const string Central = "1000000000000001";
    public const string Member = "1000000000000002";
    public const string Region = "cn-hangzhou";
    public const string OtherRegion = "cn-shanghai";
    public const string Project = $"logaudit-center-{Central}-{Region}";

    /// <summary>Role that an administrator of the organisation enters members with.</summary>
    private const string AccessRole = Composition.DirectoryAccessRole;

    /// <summary>Pauses between tries that make a test neither long nor patient.</summary>
    private static readonly Backoff Impatient = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(40), 3);

    private readonly LocalCloudHost host;
    private readonly HttpMessageHandler handler = OpenApiRegistration.CreateHandler();
    private readonly Settings settings;
    private readonly AccessKey administrator;

    private GovernedCloud(LocalCloudHost host, AccountsMode mode, Uri? soc, Func<Settings, Settings> change)
    {
        this.host = host;
        settings = change(
            new Settings
            {
                Central = new CentralSettings
                {
                    Account = new AccountId(Central),
                    Region = new RegionId(Region),
                    Project = new ProjectName(Project),
                },
                Accounts = new AccountsSettings { Mode = mode, Members = [new AccountId(Member)] },
                Regions = [new RegionId(Region), new RegionId(OtherRegion)],
                Collect = new Dictionary<string, string>
                {
                    ["actiontrail_enabled"] = "true",
                    ["oss_access_enabled"] = "true",
                    ["oss_metering_enabled"] = "true",
                    ["rds_enabled"] = "true",
                    ["rds_slow_enabled"] = "true",
                    ["slb_access_enabled"] = "true",
                    ["vpc_flow_enabled"] = "true",
                },
                Destinations = soc is null
                    ? []
                    :
                    [
                        new DestinationSettings
                        {
                            Name = "soc",
                            Sink = "webhook",
                            Format = "json",
                            Options = new Dictionary<string, string> { ["address"] = soc.ToString() },
                        },
                    ],
            }
        );
        lock (Cloud.Gate)
        {
            var central = Cloud.AddAccount(Central, "central");
            Organisation.Create(Cloud, central).AddMember(Cloud.AddAccount(Member, "member"));
            administrator = central.AddKey(central.AddUser("administrator", EngineRoles.Allow(["*"], ["*"])));
        }
    }

    public Cloud Cloud => host.Cloud;

    public Settings Settings => settings;

    /// <summary>Where each resource logged to before LogAudit came.</summary>
    public IReadOnlyDictionary<string, string> Before { get; private set; } = new Dictionary<string, string>();

    public static string[] Accounts => [Central, Member];

    /// <summary>Starts it with resources of every product in each account and bootstraps it.</summary>
    /// <param name="mode">How the member is found.</param>
    /// <param name="soc">Where logs are forwarded to; null for nowhere.</param>
    /// <param name="seed">Seed of every random choice of the cloud.</param>
    /// <param name="change">Settings other than the usual ones; null for those.</param>
    /// <param name="before">What else is there before LogAudit comes.</param>
    public static async Task<GovernedCloud> StartAsync(
        AccountsMode mode,
        Uri? soc = null,
        int seed = 7,
        Func<Settings, Settings>? change = null,
        Action<GovernedCloud>? before = null
    )
    {
        var cloud = new GovernedCloud(
            await LocalCloudHost.StartAsync(
                new LocalCloudOptions { Seed = seed, DelayScale = 1_000_000 },
                CancellationToken.None
            ),
            mode,
            soc,
            change ?? (usual => usual)
        );
        foreach (var account in Accounts)
        {
            cloud.Seed("slb", account, Region, $"lb-{account}");
            cloud.Seed("slb", account, OtherRegion, $"lb-{account}-other");
            cloud.Seed("vpc", account, Region, $"vpc-{account}");
            cloud.Seed("vpc", account, Region, $"vpc-{account}-second");
            cloud.Seed("oss", account, Region, $"bucket-{account}");
            cloud.Seed("rds", account, Region, $"rm-{account}");
        }

        before?.Invoke(cloud);
        cloud.Before = cloud.Logging();
        await cloud.BootstrapAsync();
        return cloud;
    }

    /// <summary>As an administrator of the organisation, in members too.</summary>
    public ServiceProvider AsAdministrator() =>
        Compose(
            settings with
            {
                Accounts = settings.Accounts with { MemberRole = AccessRole, ExternalId = null },
            },
            administrator,
            handler
        );

    /// <summary>As a function that has just started: a session of the function role, which bootstrap made.</summary>
    /// <param name="session">Name of the session; it stands in the cloud's request log.</param>
    /// <param name="wire">Carries the requests; null for the usual way.</param>
    /// <param name="change">Settings other than those of the bootstrap; null for those.</param>
    public ServiceProvider AsFunction(
        string session = "function-session",
        Func<HttpMessageHandler, HttpMessageHandler>? wire = null,
        Func<Settings, Settings>? change = null
    ) =>
        Compose(
            change is null ? settings : change(settings),
            Cloud.Keys.OpenSession(
                Cloud.FindAccount(Central)!.Roles[OwnRoles.Function],
                session,
                TimeSpan.FromHours(1)
            ),
            wire is null ? handler : wire(handler)
        );

    /// <summary>Somebody does something to a resource by hand.</summary>
    public void Do(string verb, string product, string account, string id, string region = Region) =>
        Do(verb, Resource(product, account, region, id));

    /// <inheritdoc cref="Do(string, string, string, string, string)"/>
    public void Do(string verb, ScenarioResource resource)
    {
        lock (Cloud.Gate)
        {
            Product(resource.Product).Do(new ScenarioChange(TimeSpan.Zero, verb, false, resource));
        }
    }

    /// <summary>Requests since a number that changed something, as the cloud counts them; to enter a member is none.</summary>
    public IReadOnlyList<string> WritesSince(long number) =>
        [
            .. Cloud
                .Requests.Since(number)
                .Where(request => request is { IsWrite: true, Product: not "Sts" })
                .Select(request => $"{request.Product} {request.Action}"),
        ];

    /// <summary>Where each resource logs to, by the cloud's own state: <c>product/id/kind</c> → places.</summary>
    public IReadOnlyDictionary<string, string> Logging()
    {
        lock (Cloud.Gate)
        {
            return new[] { "slb", "vpc", "oss", "rds" }
                .SelectMany(product => Product(product).Logging())
                // The settings ask for neither of these.
                .Where(state => state.Kind is not ("error" or "performance"))
                .ToDictionary(
                    state => $"{state.Resource.Product}/{state.Resource.Id}/{state.Kind}",
                    state => string.Join(' ', state.Places)
                );
        }
    }

    /// <summary>What LogAudit made beside switches, by the cloud's own state; logs and what holds them are not part of it.</summary>
    public IReadOnlyList<string> Made()
    {
        lock (Cloud.Gate)
        {
            var projects = Cloud.Services.Get<SlsStore>().Projects;
            return
            [
                .. Accounts.SelectMany(account =>
                    Cloud
                        .FindAccount(account)!
                        .Roles.Values.Where(role => role is { ServiceLinked: false, Name: not AccessRole })
                        .Select(role => $"role {account}/{role.Name}")
                ),
                .. Accounts.SelectMany(account =>
                    Cloud.FindAccount(account)!.Policies.Keys.Select(name => $"policy {account}/{name}")
                ),
                .. projects.SelectMany(project => project.Jobs.Keys.Select(job => $"job {project.Name}/{job}")),
                .. projects.SelectMany(project => project.Dashboards.Keys.Select(name => $"dashboard {name}")),
                .. Product("actiontrail")
                    .Logging()
                    .Where(state => state.Places.Count > 0)
                    .Select(state => $"trail of {state.Resource.Account}"),
            ];
        }
    }

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }

    /// <summary>An administrator makes what bootstrap makes, in every account that is there now.</summary>
    public async Task BootstrapAsync()
    {
        await using var services = AsAdministrator();
        var bootstrap = services.GetRequiredService<IBootstrap>();
        var catalogue = services.GetRequiredService<ProductCatalogue>();
        var plan = await bootstrap.PlanAsync(
            account =>
                account.Value is Central
                    ? Roles.Function(catalogue, settings)
                    : Roles.Member(catalogue, settings, account),
            CancellationToken.None
        );
        var result = await bootstrap.ApplyAsync(plan, Deadline.None, CancellationToken.None);
        Assert.True(result.Complete, string.Join('\n', result.Applied.Where(one => !one.InPlace)));
    }

    private void Seed(string product, string account, string region, string id) =>
        Seed(Resource(product, account, region, id));

    /// <summary>A resource is there before LogAudit comes.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="logsTo">Where somebody lets it log to; null for nowhere.</param>
    public void Seed(ScenarioResource resource, LogPlace? logsTo = null)
    {
        lock (Cloud.Gate)
        {
            Product(resource.Product).Seed(resource);
            if (logsTo is { } place)
            {
                Product(resource.Product).SwitchOn(resource, place);
            }
        }
    }

    /// <summary>A resource as scenarios describe them.</summary>
    public static ScenarioResource Resource(
        string product,
        string account,
        string region,
        string id,
        params (string Key, string Value)[] tags
    ) =>
        new()
        {
            Product = product,
            Account = account,
            Region = region,
            Id = id,
            Name = id,
            Tags = tags.ToDictionary(tag => tag.Key, tag => tag.Value),
            Properties = new Dictionary<string, string>(),
        };

    private ILocalProduct Product(string product) => Cloud.Services.Get<LocalProducts>().Of(product);

    private ServiceProvider Compose(Settings wanted, AccessKey key, HttpMessageHandler wire)
    {
        var catalogue = new ProductCatalogue();
        return new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(wanted)
            .AddSingleton(catalogue)
            .AddSingleton(new EndpointOverride(host.Address))
            .AddSingleton(wire)
            .AddSingleton<ICredentialSource>(new FixedKey(key))
            .AddSingleton(
                new OpenApiOptions
                {
                    CallsPerSecond = 10_000,
                    Burst = 10_000,
                    Backoff = Impatient,
                }
            )
            // Every dashboard in every run: what a test sees must not hang on the hour.
            .AddSingleton(new ReconcileOptions { NewProjectWait = TimeSpan.FromSeconds(5), DashboardTurns = 1 })
            .AddLogAuditOpenApi()
            .AddLogAuditSls(new SlsOptions { Backoff = Impatient })
            .AddLogAuditProducts(ProductCatalogue.Codes)
            .AddLogAuditCollection()
            .AddLogAuditForwarding(
                wanted,
                "logaudit.yaml",
                catalogue.LogKinds,
                catalogue.LogKindsIn,
                new SyncOptions(),
                new SecretReferences(_ => null)
            )
            .BuildServiceProvider();
    }

    private sealed class FixedKey(AccessKey key) : ICredentialSource
    {
        public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
            new(
                new Credentials(
                    key.Id,
                    new Secret(key.Secret),
                    key.Session?.Token is { } token ? new Secret(token) : null,
                    null
                )
            );
    }
}
