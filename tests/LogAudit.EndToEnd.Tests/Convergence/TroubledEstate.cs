using System.Text;
using LogAudit.Collection;
using LogAudit.EndToEnd.Tests.Permissions;
using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Scenario;
using LogAudit.OpenApi;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;

namespace LogAudit.EndToEnd.Tests.Convergence;

/// <summary>Makes trouble by a seed, and keeps a book of what people did to which resource: what the estate must come to is read from it.</summary>
internal sealed class TroubledEstate
{
    private static readonly (string, string) Sandbox = ("env", "sandbox");

    private readonly GovernedCloud cloud;
    private readonly Random random;
    private readonly List<Kept> book = [];
    private int created;

    public TroubledEstate(GovernedCloud cloud, int seed)
    {
        (this.cloud, random) = (cloud, new Random(seed));
        foreach (var account in GovernedCloud.Accounts)
        {
            // These stay as they are, so that there is always something to mend.
            book.AddRange(
                new[]
                {
                    $"slb/lb-{account}",
                    $"vpc/vpc-{account}",
                    $"rds/rm-{account}",
                    $"oss/bucket-{account}",
                }.Select(one => Entry(one, account, GovernedCloud.Region, anchor: true))
            );
            book.Add(Entry($"slb/lb-{account}-other", account, GovernedCloud.OtherRegion, anchor: false));
            book.Add(Entry($"vpc/vpc-{account}-second", account, GovernedCloud.Region, anchor: false));
            book.Add(Entry($"rds/rm-{account}-second", account, GovernedCloud.OtherRegion, anchor: false));
            book.AddRange(Sandboxes(account).Select(resource => new Kept(resource) { Sandbox = true }));
        }
    }

    /// <summary>What is there before LogAudit comes, besides the usual resources.</summary>
    public static void Build(GovernedCloud cloud)
    {
        foreach (var account in GovernedCloud.Accounts)
        {
            cloud.Seed(GovernedCloud.Resource("rds", account, GovernedCloud.OtherRegion, $"rm-{account}-second"));
            foreach (var sandbox in Sandboxes(account))
            {
                cloud.Seed(sandbox);
            }
        }
    }

    /// <summary>What happened, for a message.</summary>
    public List<string> Story { get; } = [];

    /// <summary>How often each kind really struck.</summary>
    public Dictionary<Trouble, int> Struck { get; } = [];

    /// <summary>The resources that live, with what people did to them.</summary>
    public IEnumerable<Kept> Living => book.Where(one => !one.Deleted);

    /// <summary>One step of a kind; a function runs in it, or may run after it.</summary>
    public async Task MakeAsync(Trouble kind)
    {
        switch (kind)
        {
            case Trouble.Create:
                Create();
                break;
            case Trouble.Delete:
                Delete();
                break;
            case Trouble.Tag or Trouble.Untag:
                Tag(kind);
                break;
            case Trouble.SwitchOff:
                await SwitchOffAsync();
                break;
            case Trouble.ApiError:
                await UnderFaultsAsync(kind, ApiErrors());
                break;
            case Trouble.LostAnswer:
                await UnderFaultsAsync(kind, LostAnswers());
                break;
            case Trouble.Kill:
                await KillAsync();
                break;
            default:
                await OverlapAsync();
                break;
        }

        if (kind <= Trouble.SwitchOff && random.Next(2) == 0)
        {
            await RunAsync();
        }
    }

    /// <summary>A function starts, does a full run and is gone; what it had in memory with it.</summary>
    public async Task<RunReport> RunAsync()
    {
        await using var function = cloud.AsFunction();
        var report = await function
            .GetRequiredService<DiscoverFunction>()
            .InvokeAsync(Deadline.None, CancellationToken.None);
        NoteTaken();
        return report;
    }

    private void Create()
    {
        var (product, head) = Pick([("slb", "lb"), ("vpc", "vpc"), ("rds", "rm"), ("oss", "bucket")]);
        var account = Pick(GovernedCloud.Accounts);
        var region = Pick([GovernedCloud.Region, GovernedCloud.OtherRegion]);
        var sandbox = random.Next(3) == 0;
        var one = new Kept(
            GovernedCloud.Resource(product, account, region, $"{head}-new-{++created}", sandbox ? [Sandbox] : [])
        )
        {
            Sandbox = sandbox,
        };
        cloud.Do("create", one.Resource);
        book.Add(one);
        Note(Trouble.Create, one.Resource);
    }

    private void Delete()
    {
        var one = Pick([.. Living.Where(one => !one.Anchor)]);
        cloud.Do("delete", one.Resource);
        one.Deleted = true;
        Note(Trouble.Delete, one.Resource);
    }

    private void Tag(Trouble kind)
    {
        var one = Pick(
            [.. Living.Where(one => !one.Anchor && (kind is Trouble.Tag || one.Sandbox))],
            or: () => Pick([.. Living.Where(one => !one.Anchor)])
        );
        cloud.Do(
            kind is Trouble.Tag ? "tag" : "untag",
            GovernedCloud.Resource(
                one.Resource.Product,
                one.Resource.Account,
                one.Resource.Region,
                one.Resource.Id,
                Sandbox
            )
        );
        one.Sandbox = kind is Trouble.Tag;
        Note(kind, one.Resource);
    }

    private async Task SwitchOffAsync()
    {
        var logging = cloud.Logging();
        var on = Living.Where(one =>
            one.Resource.Product is not "oss" && logging.GetValueOrDefault(one.SwitchKey, "").Length > 0
        );
        if (random.Next(3) > 0 && on.ToList() is { Count: > 0 } switches)
        {
            var one = Pick(switches);
            cloud.Do("switchOff", one.Resource);
            one.OffWhileDropped = one.IsDropped;
            Note(Trouble.SwitchOff, one.Resource);
            return;
        }

        if (random.Next(2) == 0 && cloud.Made().Contains($"trail of {GovernedCloud.Central}"))
        {
            cloud.Do("switchOff", "actiontrail", GovernedCloud.Central, "logaudit");
            Note(Trouble.SwitchOff, "the trail");
            return;
        }

        await using var administrator = cloud.AsAdministrator();
        var settings = administrator.GetRequiredService<SettingHandlers>();
        var policy = new SettingRef(
            SettingKinds.CollectionPolicy,
            new AccountId(GovernedCloud.Central),
            new RegionId(GovernedCloud.Region),
            Pick(["logaudit-oss-access_log", "logaudit-rds-audit_log", "logaudit-rds-slow_log"])
        );
        if (await settings.ReadAsync(policy, CancellationToken.None) is { } present && present["enabled"] is "true")
        {
            await settings.WriteAsync(
                new(policy, present, present.With("enabled", "false"), "by hand"),
                CancellationToken.None
            );
            Note(Trouble.SwitchOff, policy);
        }
    }

    private IReadOnlyList<FaultRule> ApiErrors()
    {
        var kinds = new[]
        {
            FaultKind.ServerError,
            FaultKind.Throttle,
            FaultKind.Deny,
            FaultKind.Malformed,
            FaultKind.CutBefore,
            FaultKind.Timeout,
        };
        random.Shuffle(kinds);
        return
        [
            .. kinds
                .Take(2)
                .Select(kind => new FaultRule($"error {kind}", kind)
                {
                    Probability = 0.05 + random.NextDouble() / 4,
                    Length = TimeSpan.FromMilliseconds(20),
                }),
        ];
    }

    /// <summary>The first answer about an access log is lost for sure, others by chance.</summary>
    private static IReadOnlyList<FaultRule> LostAnswers() =>
        [
            new("lost slb", FaultKind.LostAnswer)
            {
                Product = "Slb",
                Writes = true,
                Count = 1,
            },
            new("lost", FaultKind.LostAnswer) { Writes = true, Probability = 0.3 },
        ];

    private async Task UnderFaultsAsync(Trouble kind, IReadOnlyList<FaultRule> rules)
    {
        BreakAnchors();
        foreach (var rule in rules)
        {
            cloud.Cloud.Faults.Add(rule);
        }

        Story.Add($"{kind}: {string.Join(", ", rules.Select(rule => $"{rule.Kind} {rule.Probability:0.00}"))}");
        await TryRunAsync();
        Struck[kind] = Struck.GetValueOrDefault(kind) + cloud.Cloud.Faults.All().Sum(one => one.Struck);
        cloud.Cloud.Faults.Clear();
    }

    private async Task KillAsync()
    {
        BreakAnchors();
        using var life = new CancellationTokenSource();
        var writes = random.Next(1, 6);
        KilledProcess? process = null;
        await using var function = cloud.AsFunction(wire: inner =>
            process = new KilledProcess(inner, cloud, writes, life)
        );
        var ended = await Record.ExceptionAsync(() =>
            function.GetRequiredService<DiscoverFunction>().InvokeAsync(Deadline.None, life.Token)
        );
        Assert.True(ended is null or OperationCanceledException, ended?.ToString());
        NoteTaken();
        if (process!.Killed)
        {
            Note(Trouble.Kill, $"after write {writes}");
        }
    }

    private async Task OverlapAsync()
    {
        BreakAnchors();
        var from = cloud.Cloud.Requests.Latest;
        var meeting = new Meeting();
        await using var one = cloud.AsFunction("one", meeting.Join);
        await using var two = cloud.AsFunction("two", meeting.Join);
        await Task.WhenAll(
            one.GetRequiredService<DiscoverFunction>().InvokeAsync(Deadline.None, CancellationToken.None),
            random.Next(2) == 0
                ? two.GetRequiredService<DiscoverFunction>().InvokeAsync(Deadline.None, CancellationToken.None)
                : two.GetRequiredService<OnChangeFunction>()
                    .InvokeAsync(EventOf(GovernedCloud.Central), Deadline.None, CancellationToken.None)
        );
        NoteTaken();
        var requests = cloud.Cloud.Requests.Since(from);
        var (first, second) = (Of("one"), Of("two"));
        if (first.Min() < second.Max() && second.Min() < first.Max())
        {
            Note(Trouble.Overlap, $"{first.Count} and {second.Count} requests");
        }

        List<long> Of(string session) =>
            [.. requests.Where(request => request.SessionName == session).Select(request => request.Number)];
    }

    /// <summary>Lets every load balancer that always stays need mending.</summary>
    private void BreakAnchors()
    {
        var logging = cloud.Logging();
        foreach (var one in book.Where(one => one is { Anchor: true, Resource.Product: "slb" }))
        {
            if (logging[one.SwitchKey].Length > 0)
            {
                cloud.Do("switchOff", one.Resource);
            }
        }
    }

    /// <summary>A run while calls fail: it may end with a failure of the cloud, and with no other.</summary>
    private async Task TryRunAsync()
    {
        try
        {
            await RunAsync();
        }
        catch (Exception failure) when (failure is OpenApiException or SlsException)
        {
            Story.Add($"  the function failed: {failure.Message}");
            NoteTaken();
        }
    }

    /// <summary>What a run saw without the tag may collect from now on.</summary>
    private void NoteTaken()
    {
        foreach (var one in Living.Where(one => !one.IsDropped))
        {
            one.WasTaken = true;
            one.OffWhileDropped = false;
        }
    }

    private void Note(Trouble kind, object what)
    {
        Struck[kind] = Struck.GetValueOrDefault(kind) + 1;
        Story.Add($"{kind}: {(what is ScenarioResource resource ? $"{resource.Product} {resource.Id}" : what)}");
    }

    private T Pick<T>(IReadOnlyList<T> from, Func<T>? or = null) =>
        from.Count == 0 && or is not null ? or() : from[random.Next(from.Count)];

    private static Kept Entry(string key, string account, string region, bool anchor) =>
        new(GovernedCloud.Resource(key.Split('/')[0], account, region, key.Split('/')[1])) { Anchor = anchor };

    private static IEnumerable<ScenarioResource> Sandboxes(string account) =>
        [
            GovernedCloud.Resource("slb", account, GovernedCloud.Region, $"lb-{account}-sandbox", Sandbox),
            GovernedCloud.Resource("vpc", account, GovernedCloud.OtherRegion, $"vpc-{account}-sandbox", Sandbox),
            GovernedCloud.Resource("rds", account, GovernedCloud.Region, $"rm-{account}-sandbox", Sandbox),
        ];

    private static byte[] EventOf(string account) =>
        Encoding.UTF8.GetBytes(
            $$$"""
            {"id":"{{{Guid.NewGuid()}}}","specversion":"1.0","type":"slb:ActionTrail:ApiCall","source":"acs.slb","aliyunaccountid":"{{{account}}}",
             "data":{"eventRW":"Write","serviceName":"Slb","eventName":"DeleteAccessLogsDownloadAttribute","acsRegion":"{{{GovernedCloud.Region}}}",
             "requestParameters":{"LoadBalancerId":"lb-{{{account}}}"},"userIdentity":{"userName":"alice"} } }
            """
        );
}

/// <summary>A resource in scope and what people did to it.</summary>
internal sealed class Kept(ScenarioResource resource)
{
    public ScenarioResource Resource => resource;

    /// <summary>Never deleted and never tagged.</summary>
    public bool Anchor { get; init; }

    public bool Deleted { get; set; }

    /// <summary>Carries the tag that the expression drops.</summary>
    public bool Sandbox { get; set; }

    /// <summary>Whether the expression drops it; there is none for buckets.</summary>
    public bool IsDropped => Sandbox && Resource.Product is not "oss";

    /// <summary>A run may have seen it while the expression took it.</summary>
    public bool WasTaken { get; set; }

    /// <summary>Turned off by hand while the expression dropped it: nobody may turn it on again.</summary>
    public bool OffWhileDropped { get; set; }

    /// <summary>Its switch in the cloud's book of what logs where.</summary>
    public string SwitchKey =>
        $"{Resource.Product}/{Resource.Id}/{Resource.Product switch { "slb" or "oss" => "access", "vpc" => "flow", _ => "audit" }}";
}
