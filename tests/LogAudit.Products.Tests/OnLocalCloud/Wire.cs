using LogAudit.LocalCloud;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;
using LogAudit.OpenApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Products.Tests;

/// <summary>The handlers against LocalCloud over loopback: an emulation that was written from the reference and not from our data.</summary>
internal sealed class Wire : IAsyncDisposable, IAccountCredentials, ICredentialSource
{
    public const string Project = "logaudit-region-1000000000000001-cn-hangzhou";

    private readonly LocalCloudHost host;
    private readonly SocketsHttpHandler handler = new();
    private readonly AccessKey key;
    private readonly ProductCatalogue catalogue = new();
    private readonly HandlerParts parts;

    private Wire(LocalCloudHost host)
    {
        this.host = host;
        var account = host.Cloud.AddAccount(Cloud.Account.Value, "central");
        key = account.AddRootKey();
        var invocation = new CurrentInvocation();
        var quick = new OpenApiOptions
        {
            CallsPerSecond = 10_000,
            Burst = 10_000,
            Backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), 4),
        };
        var to = new EndpointOverride(host.Address);
        var api = new OpenApiClient(
            this,
            handler,
            to,
            TimeProvider.System,
            invocation,
            quick,
            NullLogger<OpenApiClient>.Instance
        );
        var oss = new OssClient(
            this,
            handler,
            to,
            TimeProvider.System,
            invocation,
            quick,
            NullLogger<OssClient>.Instance
        );
        var settings = new ProductOptions
        {
            Accounts = AccountsMode.CentralOnly,
            Central = new CentralSettings
            {
                Account = Cloud.Account,
                Region = Cloud.Region,
                Project = new ProjectName(Project),
            },
        };
        parts = new HandlerParts(api, oss, new Writing(api, invocation, TimeProvider.System), settings);
    }

    public Kernel Inside => new(host.Cloud);

    public static async Task<Wire> StartAsync() =>
        new(
            await LocalCloudHost.StartAsync(
                new LocalCloudOptions { Seed = 11, DelayScale = 1_000_000 },
                CancellationToken.None
            )
        );

    public IProductHandler Handler(string product) => catalogue.Handler(product, parts);

    public async Task<Dictionary<string, Observed>> ObserveAsync(string product, string kind, string logstore)
    {
        var handlerOf = Handler(product);
        var resources = await handlerOf.ListAsync(Cloud.All, default).ToListAsync();
        return await handlerOf
            .ObserveAsync(Cloud.Kind(product, kind), resources, Cloud.Target(logstore), default)
            .ToDictionaryAsync(observed => observed.Resource.Id);
    }

    public ICredentialSource For(AccountId account) => this;

    public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
        new(new Credentials(key.Id, new Secret(key.Secret), null, null));

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }

    /// <summary>What a test may do inside the cloud.</summary>
    internal readonly record struct Kernel(LogAudit.LocalCloud.Kernel.Cloud Cloud)
    {
        public void MakeLogstore(string logstore)
        {
            var storage = Cloud.Services.Get<ILogStorage>();
            storage.EnsureProject("1000000000000001", "cn-hangzhou", Project);
            storage.EnsureLogstore(Project, logstore, 7, 1);
        }

        public void Seed(string product, string id, params (string Key, string Value)[] properties)
        {
            lock (Cloud.Gate)
            {
                Cloud
                    .Services.Get<LocalProducts>()
                    .Of(product)
                    .Seed(
                        new ScenarioResource
                        {
                            Product = product,
                            Account = "1000000000000001",
                            Region = "cn-hangzhou",
                            Id = id,
                            Name = id,
                            Tags = new Dictionary<string, string> { ["env"] = "prod" },
                            Properties = properties.ToDictionary(pair => pair.Key, pair => pair.Value),
                        }
                    );
            }
        }
    }
}
