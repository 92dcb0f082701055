using LogAudit.LocalCloud.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Sls.Tests.LocalCloud;

/// <summary>The client against LocalCloud, over loopback, with delays scaled away.</summary>
internal sealed class OnLocalCloud : IAsyncDisposable, IAccountCredentials, ICredentialSource
{
    public const string Uid = "1000000000000001";

    private readonly LocalCloudHost host;
    private readonly SocketsHttpHandler handler = new();
    private readonly AccessKey key;

    private OnLocalCloud(LocalCloudHost host, SlsOptions options)
    {
        this.host = host;
        key = host.Cloud.AddAccount(Uid, "central").AddRootKey();
        Client = new SlsClients(
            this,
            new EndpointOverride(host.Address),
            handler,
            TimeProvider.System,
            options with
            {
                Backoff = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(10), 12),
            },
            NullLogger<SlsClients>.Instance
        ).For(new AccountId(Uid), new RegionId("cn-hangzhou"));
    }

    public SlsClient Client { get; }

    public static async Task<OnLocalCloud> StartAsync(int seed = 1, SlsOptions? options = null) =>
        new(
            await LocalCloudHost.StartAsync(
                new LocalCloudOptions { Seed = seed, DelayScale = 1_000_000 },
                CancellationToken.None
            ),
            options ?? new SlsOptions()
        );

    /// <summary>From now on calls fail in this way, each with this chance.</summary>
    public void Break(FaultKind kind, double probability) =>
        host.Cloud.Faults.Add(new FaultRule(kind.ToString(), kind) { Product = "Sls", Probability = probability });

    public ICredentialSource For(AccountId account) => this;

    public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
        new(new Credentials(key.Id, new Secret(key.Secret), null, null));

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }
}
