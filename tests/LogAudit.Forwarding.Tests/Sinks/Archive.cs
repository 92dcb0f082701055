using System.IO.Compression;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;
using LogAudit.OpenApi;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LogAudit.Forwarding.Tests.Sinks;

/// <summary>A bucket on LocalCloud, which checks signature, digest and rights, and the client that writes to it.</summary>
internal sealed class Archive : IAsyncDisposable
{
    public const string Bucket = "audit-archive";
    public const string Uid = "1000000000000001";
    public const string OtherUid = "1000000000000002";

    private readonly LocalCloudHost host;
    private readonly HttpMessageHandler handler = OpenApiRegistration.CreateHandler();

    private Archive(LocalCloudHost host) => this.host = host;

    public Cloud Cloud => host.Cloud;

    /// <summary>Starts with the bucket in an account.</summary>
    public static async Task<Archive> StartAsync(string owner = Uid)
    {
        var host = await LocalCloudHost.StartAsync(new LocalCloudOptions { Seed = 1 }, CancellationToken.None);
        host.Cloud.AddAccount(Uid, "central");
        host.Cloud.AddAccount(OtherUid, "archive");
        lock (host.Cloud.Gate)
        {
            host.Cloud.Services.Get<LocalProducts>()
                .Of("oss")
                .Seed(
                    new ScenarioResource
                    {
                        Product = "oss",
                        Account = owner,
                        Region = "cn-hangzhou",
                        Id = Bucket,
                        Name = Bucket,
                        Tags = new Dictionary<string, string>(StringComparer.Ordinal),
                        Properties = new Dictionary<string, string>(StringComparer.Ordinal),
                    }
                );
        }

        return new Archive(host);
    }

    /// <summary>Lets the bucket treat requests in a mood until the faults are cleared.</summary>
    public void Treat(SocMood mood)
    {
        if (mood != SocMood.Takes)
        {
            Cloud.Faults.Add(
                new FaultRule($"{mood}", mood == SocMood.Cuts ? FaultKind.CutBefore : FaultKind.Timeout)
                {
                    Product = "Oss",
                    Length = TimeSpan.FromSeconds(20),
                }
            );
        }
    }

    /// <summary>A key with all rights in an account.</summary>
    public Credentials KeyOf(string uid)
    {
        var key = Cloud.FindAccount(uid)!.AddRootKey();
        return new Credentials(key.Id, new Secret(key.Secret), null, null);
    }

    /// <summary>The sink, as composition makes its client.</summary>
    public Forwarding.Oss Sink(OssOptions? options = null, TimeSpan? timeout = null) =>
        new(
            options ?? Options,
            new OssObjects(
                new Own(KeyOf(Uid)),
                new Settings
                {
                    Central = new CentralSettings
                    {
                        Account = new AccountId(Uid),
                        Region = new RegionId("cn-hangzhou"),
                        Project = new ProjectName("logaudit-center"),
                    },
                    Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
                },
                handler,
                new EndpointOverride(host.Address),
                TimeProvider.System,
                new CurrentInvocation(),
                new OpenApiOptions { CallTimeout = timeout ?? TimeSpan.FromSeconds(30) },
                NullLogger<OssObjects>.Instance
            )
        );

    public static OssOptions Options { get; } = new() { Region = new RegionId("cn-hangzhou"), Bucket = Bucket };

    /// <summary>The gzip objects as texts, by name.</summary>
    public IReadOnlyDictionary<string, string> Objects() =>
        Bodies().ToDictionary(one => one.Key, one => Unpack(one.Value), StringComparer.Ordinal);

    /// <summary>The objects as they stand, by name.</summary>
    public IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> Bodies() =>
        ((LocalCloud.Products.Oss)Cloud.Services.Get<LocalProducts>().Of("oss")).ObjectsOf(Bucket);

    public async ValueTask DisposeAsync()
    {
        handler.Dispose();
        await host.DisposeAsync();
    }

    private static string Unpack(ReadOnlyMemory<byte> packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var plain = new StreamReader(gzip, Encoding.UTF8);
        return plain.ReadToEnd();
    }

    private sealed class Own(Credentials key) : IAccountCredentials, ICredentialSource
    {
        public ICredentialSource For(AccountId account) => this;

        public ValueTask<Credentials> GetAsync(CancellationToken cancel) => new(key);
    }
}
