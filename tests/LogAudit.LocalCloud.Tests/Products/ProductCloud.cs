using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;
using LogAudit.LocalCloud.Sls;
using LogAudit.LocalCloud.Sls.Policies;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

/// <summary>A LocalCloud with one administrator, for tests of products.</summary>
internal sealed class ProductCloud : IAsyncDisposable
{
    public const string Uid = "1000000000000001";
    public const string OtherUid = "1000000000000002";
    private const string Administrator =
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    private ProductCloud(LocalCloudHost host, HttpClient http)
    {
        Host = host;
        Http = http;
    }

    public LocalCloudHost Host { get; }
    public Cloud Cloud => Host.Cloud;
    public HttpClient Http { get; }
    public AccessKey Key { get; private init; } = null!;
    public ILogStorage Storage => Cloud.Services.Get<ILogStorage>();

    /// <summary>Starts one whose documented delays pass in no time, unless a scale is given.</summary>
    public static async Task<ProductCloud> StartAsync(double delayScale = 1_000_000)
    {
        var host = await LocalCloudHost.StartAsync(
            new LocalCloudOptions { Seed = 7, DelayScale = delayScale },
            CancellationToken.None
        );
        var cloud = host.Cloud;
        foreach (var uid in (string[])[Uid, OtherUid])
        {
            cloud.AddAccount(uid, "test");
        }
        var user = cloud.FindAccount(Uid)!.AddUser("admin", Administrator);
        return new ProductCloud(host, new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.Address })
        {
            Key = cloud.FindAccount(Uid)!.AddKey(user),
        };
    }

    /// <summary>A key of a user of an account who may do what the policy says.</summary>
    public AccessKey KeyOf(string uid, string userName, string policy)
    {
        lock (Cloud.Gate)
        {
            var account = Cloud.FindAccount(uid)!;
            return account.AddKey(account.AddUser(userName, policy));
        }
    }

    /// <summary>A key of an administrator of another account.</summary>
    public AccessKey OtherKey() => KeyOf(OtherUid, "admin", Administrator);

    /// <summary>Writes a collection policy of the account and waits until it acts.</summary>
    public async Task CollectAsync(string policy)
    {
        var json = JObject.Parse(policy);
        var name = (string)json["policyName"]!;
        var book = Cloud.Services.Get<SlsService>().Policies;
        book.Write(Uid, name, CollectionPolicy.Read(Uid, "0", json));
        while (!book.Acting().Any(acting => acting.Name == name))
        {
            await Task.Yield();
        }
    }

    public ILocalProduct Product(string code) => Cloud.Services.Get<LocalProducts>().Of(code);

    public void Seed(
        string product,
        string id,
        string region = "cn-hangzhou",
        string uid = Uid,
        params (string Key, string Value)[] properties
    )
    {
        lock (Cloud.Gate)
        {
            Product(product).Seed(Resource(product, id, region, uid, properties));
        }
    }

    public static ScenarioResource Resource(
        string product,
        string id,
        string region = "cn-hangzhou",
        string uid = Uid,
        params (string Key, string Value)[] properties
    ) =>
        new()
        {
            Product = product,
            Account = uid,
            Region = region,
            Id = id,
            Name = id,
            Tags = new Dictionary<string, string>(),
            Properties = properties.ToDictionary(p => p.Key, p => p.Value),
        };

    public IReadOnlyList<Deed> Do(string verb, ScenarioResource resource, bool byConsole = false)
    {
        lock (Cloud.Gate)
        {
            return Product(resource.Product).Do(new ScenarioChange(TimeSpan.Zero, verb, byConsole, resource));
        }
    }

    /// <summary>Makes a project and Logstore in the account and region.</summary>
    public void MakeLogstore(string project, string logstore, string region = "cn-hangzhou", string uid = Uid)
    {
        Storage.EnsureProject(uid, region, project);
        Storage.EnsureLogstore(project, logstore, 7, 1);
    }

    /// <summary>Calls an RPC action, signed with ACS3.</summary>
    public Task<(int Status, JObject Body)> CallAsync(
        string host,
        string version,
        string action,
        params (string Name, string Value)[] parameters
    ) => Acs3.CallAsync(Http, Key, host, version, action, parameters);

    /// <summary>The same by somebody else.</summary>
    public Task<(int Status, JObject Body)> CallAsAsync(
        AccessKey key,
        string host,
        string version,
        string action,
        params (string Name, string Value)[] parameters
    ) => Acs3.CallAsync(Http, key, host, version, action, parameters);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        Assert.Empty(Cloud.Background.Failures);
    }
}
