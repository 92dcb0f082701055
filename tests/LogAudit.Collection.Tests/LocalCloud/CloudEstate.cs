using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls.Jobs;
using LogAudit.LocalCloud.Sls.Policies;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Sls.Wire;
using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Collection.Tests.LocalCloud;

/// <summary>An organisation on LocalCloud, bootstrapped by an administrator, reconciled with the rights of the generated roles only.</summary>
internal sealed class CloudEstate : IAsyncDisposable
{
    public const string Central = "1000000000000001";
    public const string Member = "1000000000000002";

    private readonly LocalCloudHost host;
    private readonly TimeProvider clock;
    private readonly HttpMessageHandler handler = OpenApiRegistration.CreateHandler();
    private readonly Settings settings;

    private CloudEstate(
        LocalCloudHost host,
        AccountsMode mode,
        IReadOnlyDictionary<string, string> collect,
        TimeProvider clock
    )
    {
        (this.host, this.clock) = (host, clock);
        settings = new Settings
        {
            Central = new CentralSettings
            {
                Account = new AccountId(Central),
                Region = new RegionId("cn-hangzhou"),
                Project = new ProjectName($"logaudit-center-{Central}-cn-hangzhou"),
            },
            Accounts = new AccountsSettings { Mode = mode, Members = [new AccountId(Member)] },
            Regions = [new RegionId("cn-hangzhou"), new RegionId("cn-shanghai")],
            Collect = collect,
        };
        lock (Cloud.Gate)
        {
            var organisation = Organisation.Create(Cloud, Cloud.AddAccount(Central, "central"));
            organisation.AddMember(Cloud.AddAccount(Member, "member"));
        }
    }

    public Cloud Cloud => host.Cloud;

    /// <param name="mode">How accounts are found.</param>
    /// <param name="collect">What the settings ask for.</param>
    /// <param name="clock">Clock of the cloud and of LogAudit; null for the real one.</param>
    public static async Task<CloudEstate> StartAsync(
        AccountsMode mode,
        IReadOnlyDictionary<string, string> collect,
        TimeProvider? clock = null
    ) =>
        new(
            await LocalCloudHost.StartAsync(
                new LocalCloudOptions
                {
                    Seed = 5,
                    DelayScale = 1_000_000,
                    Clock = clock ?? TimeProvider.System,
                },
                CancellationToken.None
            ),
            mode,
            collect,
            clock ?? TimeProvider.System
        );

    /// <summary>Names of resources that are not called by their ids; given before they are seeded.</summary>
    public Dictionary<string, string> Names { get; } = new(StringComparer.Ordinal);

    public ScenarioResource Seed(
        string product,
        string account,
        string region,
        string id,
        params (string Key, string Value)[] properties
    )
    {
        var resource = new ScenarioResource
        {
            Product = product,
            Account = account,
            Region = region,
            Id = id,
            Name = Names.GetValueOrDefault(id, id),
            Tags = new Dictionary<string, string>(),
            Properties = properties.ToDictionary(pair => pair.Key, pair => pair.Value),
        };
        lock (Cloud.Gate)
        {
            Cloud.Services.Get<LocalProducts>().Of(product).Seed(resource);
        }

        return resource;
    }

    public IReadOnlyList<LoggingState> Logging(string product)
    {
        lock (Cloud.Gate)
        {
            return [.. Cloud.Services.Get<LocalProducts>().Of(product).Logging()];
        }
    }

    public static ProjectName Project { get; } = new($"logaudit-center-{Central}-cn-hangzhou");

    /// <summary>Puts records into the Logstore of the trail, with the times of now.</summary>
    public void Record(IReadOnlyList<string> events) =>
        Cloud
            .Services.Get<ILogStorage>()
            .Append(
                Project.Value,
                "actiontrail_logaudit",
                "actiontrail_audit_event",
                "",
                [],
                [
                    .. events.Select(json => new LogItem(
                        (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
                        [new("event", json)]
                    )),
                ]
            );

    /// <summary>Has the resources of a product write lines, and the jobs carry them.</summary>
    /// <returns>Lines written.</returns>
    public int WriteAndCarry(string product, int lines)
    {
        var written = new LogGenerator(Cloud, 5).Write(lines, product);
        // By collection policies first: where members keep projects of their own, a job carries on what they brought there.
        var policies = Cloud.Services.Get<Centralizer>();
        SpinWait.SpinUntil(
            () =>
            {
                policies.Run();
                return policies.Pending == 0;
            },
            TimeSpan.FromSeconds(10)
        );
        Cloud.Services.Get<EtlRunner>().Run();
        return written;
    }

    /// <summary>Records of a topic in a central Logstore.</summary>
    public int Stored(string logstore, string topic) =>
        Groups(logstore).Where(group => group.Topic == topic).Sum(group => group.Logs.Count);

    /// <summary>The values of a field in a central Logstore, each once.</summary>
    public IReadOnlyList<string> Values(string logstore, string field) =>
        [
            .. Groups(logstore)
                .SelectMany(group => group.Logs)
                .Select(log => log.Contents.FirstOrDefault(content => content.Key == field)?.Value.ToStringUtf8() ?? "")
                .Distinct(),
        ];

    /// <summary>Every record of a central Logstore or Metricstore, as a map of its fields.</summary>
    public IReadOnlyList<Dictionary<string, string>> Records(string store) =>
        [
            .. Groups(store)
                .SelectMany(group => group.Logs)
                .Select(log => log.Contents.ToDictionary(field => field.Key, field => field.Value.ToStringUtf8())),
        ];

    /// <summary>Somebody does something to a resource by hand.</summary>
    public void Do(string verb, ScenarioResource resource)
    {
        lock (Cloud.Gate)
        {
            Cloud
                .Services.Get<LocalProducts>()
                .Of(resource.Product)
                .Do(new ScenarioChange(TimeSpan.Zero, verb, false, resource));
        }
    }

    /// <summary>As an administrator of the organisation.</summary>
    public ServiceProvider AsAdministrator() =>
        Compose(
            settings with
            {
                Accounts = settings.Accounts with { MemberRole = "ResourceDirectoryAccountAccessRole" },
            },
            AdministratorKey()
        );

    /// <summary>As a function: a session of the function role, which the bootstrap made.</summary>
    public ServiceProvider AsFunction() =>
        Compose(
            settings,
            Cloud.Keys.OpenSession(
                Cloud.FindAccount(Central)!.Roles[OwnRoles.Function],
                "function-session",
                TimeSpan.FromHours(1)
            )
        );

    /// <summary>The functions' role in an account, as the command line makes it: of what products and engine declare.</summary>
    public WantedRole RoleOf(AccountId account)
    {
        var catalogue = new ProductCatalogue();
        var kinds = catalogue.LogKinds.Select(kind => CollectSettings.AsAsked(kind, settings));
        var products = RamPolicies.ActionsOf(catalogue.All).Concat(EngineRights.Landing(kinds)).ToList();
        return account.Value is Central
            ? new(
                account,
                OwnRoles.Function,
                EngineRoles.TrustServices("fc.aliyuncs.com"),
                Documents(
                    OwnRoles.Function,
                    account,
                    products
                        .Concat(EngineRights.Central(AccountsMode.Directory, OwnRoles.Member))
                        .Concat(EngineRights.Arrivals(catalogue.LogKinds))
                        .Concat(EngineRights.Metrics(catalogue.LogKinds))
                )
            )
            : new(
                account,
                OwnRoles.Member,
                EngineRoles.TrustIdentity($"acs:ram::{Central}:role/{OwnRoles.Function}", externalId: null),
                Documents(OwnRoles.Member, account, products.Concat(EngineRights.Member(AccountsMode.List)))
            );
    }

    private IEnumerable<LogGroup> Groups(string logstore) =>
        Cloud
            .Services.Get<SlsStore>()
            .Logstore(Project.Value, logstore)!
            .Shards.SelectMany(shard => shard.Groups(shard.BeginCursor, int.MaxValue))
            .Select(stored => LogGroup.Parser.ParseFrom(stored.Bytes.Span));

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }

    /// <summary>A user, because the account itself cannot assume roles.</summary>
    private AccessKey AdministratorKey()
    {
        lock (Cloud.Gate)
        {
            var account = Cloud.FindAccount(Central)!;
            return account.AddKey(account.AddUser("administrator", EngineRoles.Allow(["*"], ["*"])));
        }
    }

    private static Dictionary<string, string> Documents(
        string name,
        AccountId account,
        IEnumerable<RamAction> actions
    ) => RamPolicies.For(name, account, actions).ToDictionary(one => one.Name, one => one.Document);

    private ServiceProvider Compose(Settings wanted, AccessKey key) =>
        new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(clock)
            .AddSingleton(wanted)
            .AddSingleton(new EndpointOverride(host.Address))
            .AddSingleton(handler)
            .AddSingleton<ICredentialSource>(new FixedKey(key))
            .AddSingleton(new OpenApiOptions { CallsPerSecond = 1000, Burst = 1000 })
            .AddLogAuditOpenApi()
            .AddLogAuditSls(new SlsOptions())
            .AddLogAuditProducts(ProductCatalogue.Codes)
            .AddLogAuditCollection()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

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
