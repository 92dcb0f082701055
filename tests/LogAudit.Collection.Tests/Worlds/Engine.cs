using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Collection.Tests.Worlds;

/// <summary>The whole engine over a world in memory. Three products: slb by switch, oss by policy, rds by both.</summary>
internal sealed class Engine
{
    public static readonly AccountId Central = new("1000000000000001");
    public static readonly AccountId Member = new("1000000000000002");
    public static readonly AccountId Other = new("1000000000000003");
    public static readonly RegionId Hangzhou = new("cn-hangzhou");
    public static readonly RegionId Shanghai = new("cn-shanghai");

    public Engine(
        Func<Settings, Settings>? change = null,
        ReconcileOptions? options = null,
        World? world = null,
        IReadOnlyList<ProductSpec>? specs = null
    )
    {
        World = world ?? new World();
        Settings = (change ?? (settings => settings))(Default);
        Options = options ?? new ReconcileOptions();
        Layout = new Layout(Settings);
        IProductHandler[] products = [.. (specs ?? Specs).Select(spec => new WorldProduct(World, spec))];
        Collect = CollectSettings.Resolve(Settings, specs ?? Specs);
        Handlers = new SettingHandlers([
            .. products,
            new WorldSettings(
                World,
                SettingKinds.Project,
                SettingKinds.Logstore,
                SettingKinds.Index,
                SettingKinds.Dashboard,
                SettingKinds.CollectionPolicy,
                SettingKinds.Etl
            ),
        ]);
        Journal = new ListJournal();
        Store = new ListRunStore();
        Estate = new Estate(Collect, Layout, products, new WorldArrivals(World), Options, Time);
        Applier = new Applier(Handlers, Journal, Time, Options, NullLogger<Applier>.Instance);
        Undo = new Undo(Journal, Handlers, Applier, Layout, Time, NullLogger<Undo>.Instance);
        Reconciler = new Reconciler(
            Estate,
            new FixedAccounts(this),
            new WorldPolicies(World),
            new Planner(
                Collect,
                Layout,
                Handlers,
                new DashboardTurns(new WorldDashboards(World), Options, Time),
                Options,
                NullLogger<Planner>.Instance
            ),
            Applier,
            new JournalMender(Journal, Handlers, Time, NullLogger<JournalMender>.Instance),
            Store,
            new DelayedLooks(Store, Time, Options, NullLogger<DelayedLooks>.Instance),
            Time,
            Options,
            NullLoggerFactory.Instance
        );
    }

    public static Settings Default { get; } =
        new()
        {
            Central = new CentralSettings
            {
                Account = Central,
                Region = Hangzhou,
                Project = new ProjectName($"logaudit-center-{Central}-{Hangzhou}"),
            },
            Accounts = new AccountsSettings { Mode = AccountsMode.List, Members = [Member] },
            Regions = [Hangzhou, Shanghai],
            Collect = new Dictionary<string, string>
            {
                ["slb_access_enabled"] = "true",
                ["oss_access_enabled"] = "true",
                ["rds_enabled"] = "true",
            },
        };

    public static IReadOnlyList<ProductSpec> Specs { get; } =
    [
        Some.Spec("oss", Routes.Policy, perRegion: false),
        Some.Spec("rds", Routes.Switch | Routes.Policy),
        Some.Spec("slb", Routes.Switch, regionalFirst: true),
    ];

    public World World { get; }

    public Settings Settings { get; }

    public ReconcileOptions Options { get; }

    public Layout Layout { get; }

    public CollectSettings Collect { get; }

    public SettingHandlers Handlers { get; }

    public ListJournal Journal { get; }

    public ListRunStore Store { get; }

    public Estate Estate { get; }

    public Applier Applier { get; }

    public Undo Undo { get; }

    public Reconciler Reconciler { get; }

    public FakeTimeProvider Time { get; } =
        new(new DateTimeOffset(2026, 1, 5, 4, 0, 0, TimeSpan.Zero))
        {
            AutoAdvanceAmount = TimeSpan.FromMilliseconds(1),
        };

    public Task<RunReport> RunAsync() => Reconciler.RunAsync("timer", Deadline.None, CancellationToken.None);

    public ResourceRef Add(
        string product,
        AccountId account,
        RegionId region,
        string id,
        string status = "",
        Dictionary<string, string>? tags = null
    )
    {
        var resource = new ResourceRef
        {
            Product = product,
            Account = account,
            Region = region,
            Id = id,
            Properties = new Dictionary<string, string> { ["status"] = status },
            Tags = tags ?? [],
        };
        World.Resources.Add(resource);
        return resource;
    }

    private sealed class FixedAccounts(Engine engine) : IAccountDirectory
    {
        public Task<AccountList> ListAsync(CancellationToken cancel) =>
            Task.FromResult(
                new AccountList([
                    new(Central),
                    .. engine.Settings.Accounts.Members.Select(member => new AccountEntry(member)),
                ])
            );
    }
}

internal static class Some
{
    public static ProductSpec Spec(string code, Routes route, bool regionalFirst = false, bool perRegion = true) =>
        new()
        {
            Code = code,
            Title = code,
            LogKinds = [Kind(code, route, regionalFirst)],
            ChangeEvents = [],
            RamActions = [],
            ListsPerRegion = perRegion,
        };

    public static LogKind Kind(string product, Routes route, bool regionalFirst) =>
        new()
        {
            Product = product,
            Name = "access",
            Route = route,
            RegionalFirst = regionalFirst,
            Policy = route.HasFlag(Routes.Policy) ? new PolicyCodes(product, "access_log", Assumed: false) : null,
            MakesLogstore = route == Routes.Delivery,
            ServesOrganisation = route == Routes.Delivery,
            CopyLogstore = route == Routes.Delivery ? $"{product}_log" : "",
            CopyVariable = route == Routes.Delivery ? $"{product}_copy_enabled" : "",
            Logstore = route == Routes.Delivery ? $"{product}_{{trail}}" : $"{product}_log",
            Topics = [$"{product}_log"],
            Regions = [],
            EnabledVariable = product is "rds" ? "rds_enabled" : $"{product}_access_enabled",
            TtlVariable = $"{product}_sync_ttl",
            RegionalTtlVariable = $"{product}_access_ttl",
            PolicyVariable = $"{product}_access_collection_policy",
            Fields = [new IndexField("client_ip", "text"), new IndexField("status", "long")],
            Mapping = new RecordMapping
            {
                Dataset = $"aliyun.{product}",
                Category = "web",
                Fields = [],
            },
            Dashboards =
            [
                new DashboardSpec($"{product}_audit", product, [new ChartSpec("all", "table", "* | select 1")]),
            ],
        };
}

internal sealed class ListJournal : IJournal
{
    public List<JournalRow> Rows { get; } = [];

    public Func<IReadOnlyList<JournalRow>, bool> Refuses { get; set; } = _ => false;

    public async Task AppendAsync(IReadOnlyList<JournalRow> rows, CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        if (Refuses(rows))
        {
            throw new IOException("the journal did not answer");
        }

        lock (Rows)
        {
            Rows.AddRange(rows.Select(row => JournalJson.Read(JournalJson.Write(row))));
        }
    }

    public async IAsyncEnumerable<JournalRow> ReadAsync(
        DateTimeOffset? since,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await Task.Yield();
        JournalRow[] rows;
        lock (Rows)
        {
            rows = [.. Rows];
        }

        foreach (var row in rows.Where(row => since is null || row.At >= since).Reverse())
        {
            yield return row;
        }
    }
}

internal sealed class ListRunStore : IRunStore
{
    public List<(RunReport Report, string Digest)> Reports { get; } = [];

    public List<DelayedLook> Looks { get; } = [];

    /// <summary>How often somebody read it.</summary>
    public int Recalls { get; private set; }

    public Task<RunMemory> RecallAsync(CancellationToken cancel)
    {
        Recalls++;
        var last = Reports.LastOrDefault(one => one.Report.Full);
        return Task.FromResult(
            new RunMemory(
                last.Report,
                last.Digest ?? "",
                [.. Looks.GroupBy(look => look.Id).Select(group => group.Last()).Where(look => !look.Done)]
            )
        );
    }

    public Task RememberAsync(RunReport report, string digest, CancellationToken cancel)
    {
        Reports.Add((RunJson.Read(RunJson.Write(report)), digest));
        return Task.CompletedTask;
    }

    public Task RememberAsync(IReadOnlyList<DelayedLook> looks, CancellationToken cancel)
    {
        Looks.AddRange(looks);
        return Task.CompletedTask;
    }
}
