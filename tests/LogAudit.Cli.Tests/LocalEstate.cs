using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;

namespace LogAudit.Cli.Tests;

/// <summary>One account on LocalCloud with a resource or two of each product, and the environment and settings file of its administrator.</summary>
internal sealed class LocalEstate : IAsyncDisposable
{
    public const string Account = "1000000000000001";
    public const string Region = "cn-hangzhou";

    private const string Scenario = """
        version: 1
        central: { account: hub, region: cn-hangzhou }
        accounts:
          - { uid: "1000000000000001", name: hub }
        resources:
          - { product: slb, account: hub, region: cn-hangzhou, name: web, properties: { listener: https } }
          - { product: slb, account: hub, region: cn-hangzhou, name: vpn, properties: { listener: tcp } }
          - { product: vpc, account: hub, region: cn-hangzhou, name: net }
          - { product: oss, account: hub, region: cn-hangzhou, name: files }
          - { product: rds, account: hub, region: cn-hangzhou, name: orders, properties: { engine: MySQL, version: "8.0" } }
        """;

    private const string Wanted = """
        central:
          account: "1000000000000001"
          region: cn-hangzhou
        accounts:
          mode: central
        regions: [cn-hangzhou]
        collect:
          actiontrail_enabled: true
          oss_access_enabled: true
          rds_enabled: true
          slb_access_enabled: true
          vpc_flow_enabled: true
        """;

    private const string Organisation = """
        version: 1
        central: { account: hub, region: cn-hangzhou }
        directory: { management: hub }
        accounts:
          - { uid: "1000000000000001", name: hub }
          - { uid: "1000000000000002", name: shop }
          - { uid: "1000000000000003", name: legacy, deniesAccess: true }
        resources:
          - { product: slb, account: hub, region: cn-hangzhou, name: web, properties: { listener: https } }
          - { product: slb, account: shop, region: cn-hangzhou, name: shop, properties: { listener: https } }
        """;

    private const string WantedOfOrganisation = """
        central:
          account: "1000000000000001"
          region: cn-hangzhou
        accounts:
          mode: directory
        regions: [cn-hangzhou]
        collect:
          slb_access_enabled: true
        """;

    private readonly LocalCloudHost host;
    private readonly TemporaryFolder folder = new();
    private readonly ProcessEnvironment environment;

    private LocalEstate(LocalCloudHost host, string scenario, string wanted)
    {
        this.host = host;
        Runner = ScenarioRunner.Prepare(host.Cloud, ScenarioFile.Parse(scenario, "estate.yaml"));
        Settings = folder.With("logaudit.yaml", wanted);
        Administrator = Runner.Administrator(Account);
        environment = new(
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", Administrator.Id),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", Administrator.Secret),
            ("ALIBABA_CLOUD_SECURITY_TOKEN", null),
            ("LOGAUDIT_ENDPOINT", Endpoint),
            ("LOGAUDIT_CALLS_PER_SECOND", "100")
        );
    }

    public ScenarioRunner Runner { get; }

    /// <summary>Path of the settings file.</summary>
    public string Settings { get; }

    public (string Id, string Secret) Administrator { get; }

    public Cloud Cloud => host.Cloud;

    public string Endpoint => host.Address.GetLeftPart(UriPartial.Authority);

    public static Task<LocalEstate> StartAsync() => StartAsync(Scenario, Wanted);

    /// <summary>A resource directory with a member, and another that lets nobody in.</summary>
    public static Task<LocalEstate> StartOrganisationAsync() => StartAsync(Organisation, WantedOfOrganisation);

    /// <summary>Runs a command on this estate's settings.</summary>
    public Task<Ended> RunAsync(string command, params string[] options) =>
        CommandLine.RunAsync([command, "--settings", Settings, .. options]);

    /// <summary>Runs it as with a person who types an answer.</summary>
    public Task<Ended> AnswerAsync(string typed, string command) =>
        CommandLine.AnswerAsync(typed, command, "--settings", Settings);

    /// <summary>Write requests that the cloud received after one of them.</summary>
    public IReadOnlyList<string> WritesSince(long request) =>
        [.. Cloud.Requests.Since(request).Where(entry => entry.IsWrite).Select(entry => entry.Action)];

    /// <summary>Resources that collect by the cloud's own state.</summary>
    public IReadOnlyList<string> Collecting() =>
        [
            .. Runner
                .Resources()
                .Where(row => row.State is CoverageState.Collecting)
                .Select(row => row.Product)
                .Order(StringComparer.Ordinal),
        ];

    public async ValueTask DisposeAsync()
    {
        environment.Dispose();
        await host.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<LocalEstate> StartAsync(string scenario, string wanted) =>
        new(
            await LocalCloudHost.StartAsync(
                new LocalCloudOptions { Seed = 7, DelayScale = 1_000_000 },
                CancellationToken.None
            ),
            scenario,
            wanted
        );
}
