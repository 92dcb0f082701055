using LogAudit.OpenApi;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Products.Tests;

/// <summary>One account in one region of a cloud that answers from exchanges, and the handlers over it.</summary>
internal sealed class Cloud
{
    public static AccountId Account { get; } = new("1000000000000001");
    public static RegionId Region { get; } = new("cn-hangzhou");
    public static Scope All { get; } = new(Account, Region);

    private static readonly ProductCatalogue Catalogue = new();
    private readonly HandlerParts parts;

    public Cloud(Func<ProductOptions, ProductOptions>? change = null)
    {
        var invocation = new CurrentInvocation();
        var options = new OpenApiOptions
        {
            CallsPerSecond = 1_000_000,
            Burst = 1_000_000,
            Backoff = new Backoff(TimeSpan.Zero, TimeSpan.Zero, 2),
        };
        var keys = new OneKey();
        var api = new OpenApiClient(
            keys,
            Exchanges,
            EndpointOverride.None,
            TimeProvider.System,
            invocation,
            options,
            NullLogger<OpenApiClient>.Instance
        );
        var oss = new OssClient(
            keys,
            Exchanges,
            EndpointOverride.None,
            TimeProvider.System,
            invocation,
            options,
            NullLogger<OssClient>.Instance
        );
        var settings = new ProductOptions
        {
            Accounts = AccountsMode.Directory,
            Central = new CentralSettings
            {
                Account = Account,
                Region = Region,
                Project = new ProjectName("logaudit-center-1000000000000001-cn-hangzhou"),
            },
        };
        parts = new HandlerParts(
            api,
            oss,
            new Writing(api, invocation, new InstantTime()),
            change?.Invoke(settings) ?? settings
        );
    }

    public Exchanges Exchanges { get; } = new();

    public static LogKind Kind(string product, string name) =>
        Catalogue.Find(product)!.LogKinds.Single(kind => kind.Name == name);

    public static LogTarget Target(string logstore) =>
        new(
            Account,
            Region,
            new ProjectName("logaudit-region-1000000000000001-cn-hangzhou"),
            new LogstoreName(logstore)
        );

    public static ResourceRef Resource(string product, string id, params (string Name, string Value)[] properties) =>
        new()
        {
            Product = product,
            Account = Account,
            Region = Region,
            Id = id,
            Name = id,
            Properties = properties.ToDictionary(pair => pair.Name, pair => pair.Value),
        };

    public IProductHandler Handler(string product) => Catalogue.Handler(product, parts);

    /// <summary>Lists, observes and gives the answers by resource id.</summary>
    public async Task<Dictionary<string, Observed>> ObserveAsync(
        string product,
        string kind,
        LogTarget target,
        Scope? scope = null
    )
    {
        var handler = Handler(product);
        var resources = await handler.ListAsync(scope ?? All, default).ToListAsync();
        return await handler
            .ObserveAsync(Kind(product, kind), resources, target, default)
            .ToDictionaryAsync(observed => observed.Resource.Id);
    }

    private sealed class OneKey : IAccountCredentials, ICredentialSource
    {
        public ICredentialSource For(AccountId account) => this;

        public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
            ValueTask.FromResult(
                new Credentials("LTAI-TEST", new Secret("secret"), SecurityToken: null, Expires: null)
            );
    }
}
