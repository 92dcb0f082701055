using LogAudit.OpenApi;
using LogAudit.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

/// <summary>Takes each handler through everything that it can do, once, and gives the calls that it made.</summary>
internal static class Drills
{
    public static async Task<IReadOnlyList<SeenRequest>> RunAsync(string product) =>
        product switch
        {
            "ack" => await AckAsync(),
            "dns" => await DnsAsync(),
            "actiontrail" => await ActionTrailAsync(),
            "alb" => await AlbAsync(),
            "bastionhost" => await BastionhostAsync(),
            "apigateway" => await ApiGatewayAsync(),
            "cloudconfig" => await CloudConfigAsync(),
            "drds" => await DrdsAsync(),
            "nas" => await NasAsync(),
            "oss" => await OssAsync(),
            "polardb" => await PolardbAsync(),
            "rds" => await RdsAsync(),
            "sas" => await SasAsync(),
            "slb" => await SlbAsync(),
            "vpc" => await VpcAsync(),
            "waf" => await WafAsync(),
            "cloudfirewall" => await CloudFirewallAsync(),
            "ddos" => await DdosAsync(),
            _ => throw new ArgumentOutOfRangeException(nameof(product), product, "has no drill yet: add one"),
        };

    /// <summary>Product and action of a call, as the data files name it.</summary>
    public static string NameOf(SeenRequest call) =>
        call.Action.Length > 0 ? $"{OpenApiMeta.ProductOf(call)}:{call.Action}" : "oss:ListBuckets";

    /// <summary>Calls of the clients that stand under every handler.</summary>
    public static async Task<IReadOnlyList<SeenRequest>> AssumeRoleAsync()
    {
        var exchanges = new Exchanges().Answer(
            "AssumeRole",
            """{"Credentials":{"AccessKeyId":"STS.A","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2999-01-01T00:00:00Z"}}"""
        );
        var credentials = new AccountCredentials(
            new MemberAccess(Cloud.Account, Cloud.Region, "logaudit-member", "external"),
            new Own(),
            exchanges,
            EndpointOverride.None,
            TimeProvider.System,
            new CurrentInvocation(),
            new OpenApiOptions(),
            NullLogger<AccountCredentials>.Instance
        );
        await credentials.For(new AccountId("1000000000000002")).GetAsync(default);
        return exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> SlbAsync()
    {
        var cloud = SlbTests.Regions([], [("lb-1", "http"), ("lb-2", "http")]);
        var target = Cloud.Target("slb_log");
        await ThereAndBackAsync(cloud, "slb", () => cloud.ObserveAsync("slb", "access", target));
        await cloud.ObserveAsync("slb", "access", target, Cloud.All with { ResourceIds = ["lb-1"] });
        return cloud.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> AlbAsync()
    {
        var region = new AlbCloud("alb-1", "alb-2");
        await ThereAndBackAsync(region.Cloud, "alb", () => region.ObserveAsync());
        await region.ObserveAsync(Cloud.All with { ResourceIds = ["alb-1"] });
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> NasAsync()
    {
        var region = new NasCloud(NasCloud.FileSystem("nas-1"), NasCloud.FileSystem("nas-2", "SMB"));
        await ThereAndBackAsync(region.Cloud, "nas", () => region.ObserveAsync());
        await region.ObserveAsync(Cloud.All with { ResourceIds = ["nas-1"] });
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> DrdsAsync()
    {
        var region = new DrdsCloud("orders", "stock");
        await ThereAndBackAsync(region.Cloud, "drds", () => region.ObserveAsync());
        await region.ObserveAsync(Cloud.All with { ResourceIds = ["drds1"] });
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> ApiGatewayAsync()
    {
        var empty = new ApiGatewayCloud();
        await ThereAndBackAsync(empty.Cloud, "apigateway", () => empty.ObserveAsync());
        var renamed = new ApiGatewayCloud().SlotGoesTo("logaudit-region-1000000000000001-cn-hangzhou", "old");
        await ThereAndBackAsync(renamed.Cloud, "apigateway", () => renamed.ObserveAsync());
        return [.. empty.Exchanges.Seen, .. renamed.Exchanges.Seen];
    }

    private static async Task<IReadOnlyList<SeenRequest>> VpcAsync()
    {
        var region = new VpcCloud("vpc-1", "vpc-2") { IsOpen = false };
        region.Instances.Add(new JObject { ["InstanceId"] = "i-1", ["InstanceTypeFamily"] = "ecs.g7" });
        region.Add("vpc-2", "logaudit-region-1000000000000001-cn-hangzhou", "vpc_log", "Inactive", "by-hand");
        await ThereAndBackAsync(region.Cloud, "vpc", () => region.ObserveAsync());
        await region.ObserveAsync(Cloud.All with { ResourceIds = ["vpc-1"] });
        var log = new SettingRef("vpc.flow-log", Cloud.Account, Cloud.Region, "vpc-2/fl-1");
        var handler = region.Cloud.Handler("vpc");
        var state = (await handler.ReadAsync(log, default))!;
        await handler.WriteAsync(
            new SettingChange(log, state, state.With("aggregationInterval", "1"), "drill"),
            default
        );
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> WafAsync()
    {
        var site = new WafCloud("www.example.com-waf", "api.example.com-waf") { Service = "" };
        site.Domains["old.example.com"] = false;
        await ThereAndBackAsync(site.Cloud, "waf", () => site.ObserveAsync());
        return site.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> CloudFirewallAsync()
    {
        var site = new CloudFirewallCloud { IsOpen = false };
        await ThereAndBackAsync(site.Cloud, "cloudfirewall", () => site.ObserveAsync());
        await KeepAsync(site.Cloud, "cloudfirewall", await site.ObserveAsync());
        return site.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> DdosAsync()
    {
        var site = new DdosCloud("www.example.com", "api.example.com");
        await ThereAndBackAsync(site.Cloud, "ddos", () => site.ObserveAsync());
        await KeepAsync(site.Cloud, "ddos", await site.ObserveAsync());
        site.Origins["ddosbgp-cn-1"] = true;
        await site.ObserveAsync("origin");
        return site.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> RdsAsync()
    {
        var region = new RdsCloud(RdsCloud.Instance("rm-1"));
        await ThereAndBackAsync(region.Cloud, "rds", () => region.ObserveAsync());
        await region.Cloud.Handler("rds").ListAsync(Cloud.All with { ResourceIds = ["rm-1"] }, default).ToListAsync();
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> SasAsync()
    {
        var site = new SasCloud { ["OpenStatus"] = "no" };
        await ThereAndBackAsync(site.Cloud, "sas", () => site.ObserveAsync("login"));
        return site.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> AckAsync()
    {
        var region = new AckCloud("c-1", "c-2");
        foreach (var kind in (string[])["audit", "event"])
        {
            await ThereAndBackAsync(region.Cloud, "ack", () => region.ObserveAsync(kind));
        }

        await region.ObserveAsync("audit", Cloud.All with { ResourceIds = ["c-1"] });
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> PolardbAsync()
    {
        var region = new PolardbCloud(PolardbCloud.Cluster("pc-1"));
        await ThereAndBackAsync(region.Cloud, "polardb", () => region.ObserveAsync());
        await region
            .Cloud.Handler("polardb")
            .ListAsync(Cloud.All with { ResourceIds = ["pc-1"] }, default)
            .ToListAsync();
        return region.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> BastionhostAsync()
    {
        var cloud = BastionhostTests.Region(("bastionhost-1", "RUNNING", false));
        var target = Cloud.Target("baston_log");
        await cloud.ObserveAsync("bastionhost", "operation", target);
        await cloud.ObserveAsync(
            "bastionhost",
            "operation",
            target,
            Cloud.All with
            {
                ResourceIds = ["bastionhost-1"],
            }
        );
        return cloud.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> CloudConfigAsync()
    {
        var account = new ConfigCloud { Recorder = "REGISTRABLE" };
        await ThereAndBackAsync(account.Cloud, "cloudconfig", account.ObserveBothAsync);
        return account.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> DnsAsync()
    {
        var account = new DnsCloud();
        account.Add("gtm", "config-1", "DISABLE");
        await ThereAndBackAsync(account.Cloud, "dns", () => account.ObserveAsync("gtm"));
        account.Add("intranet", "vpc-1");
        await account.ObserveAsync("intranet");
        return account.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> OssAsync()
    {
        var cloud = OssTests.Buckets();
        await cloud.Handler("oss").ListAsync(Cloud.All, default).ToListAsync();
        return cloud.Exchanges.Seen;
    }

    private static async Task<IReadOnlyList<SeenRequest>> ActionTrailAsync()
    {
        var directory = new TrailCloud();
        await ThereAndBackAsync(
            directory.Cloud,
            "actiontrail",
            async () => new() { ["trail"] = await directory.ObserveAsync() }
        );
        directory.Add("logaudit")["EventRW"] = "Write";
        await ThereAndBackAsync(
            directory.Cloud,
            "actiontrail",
            async () => new() { ["trail"] = await directory.ObserveAsync() }
        );
        var list = new TrailCloud(AccountsMode.List);
        var member = new AccountId("1000000000000002");
        await ThereAndBackAsync(
            list.Cloud,
            "actiontrail",
            async () => new() { ["trail"] = await list.ObserveAsync(member) }
        );
        return [.. directory.Exchanges.Seen, .. list.Exchanges.Seen];
    }

    /// <summary>Mends everything, finds nothing more to mend, and takes every change back that can be.</summary>
    private static async Task ThereAndBackAsync(
        Cloud cloud,
        string product,
        Func<Task<Dictionary<string, Observed>>> observe
    )
    {
        var handler = cloud.Handler(product);
        var fixes = (await observe()).Values.SelectMany(answer => answer.Fixes).ToArray();
        Assert.NotEmpty(fixes);
        foreach (var fix in fixes)
        {
            await handler.WriteAsync(fix, default);
            Assert.Equal(fix.To, await handler.ReadAsync(fix.Setting, default));
        }

        Assert.All(
            (await observe()).Values,
            answer =>
            {
                Assert.IsType<Observation.Enabled>(answer.State);
                Assert.Empty(answer.Fixes);
            }
        );
        foreach (var fix in fixes.Reverse().Where(fix => fix.Reversal == Reversal.Restores))
        {
            await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);
            Assert.Equal(fix.From, await handler.ReadAsync(fix.Setting, default));
        }
    }

    /// <summary>Changes the days that a product keeps its logs itself, and changes them back.</summary>
    private static async Task KeepAsync(Cloud cloud, string product, Dictionary<string, Observed> answers)
    {
        var handler = cloud.Handler(product);
        var setting = answers.Values.Select(answer => answer.KeptBy).First(one => one is not null)!;
        var before = await handler.ReadAsync(setting, default);
        var after = SettingState.Of(("ttl", "30"));
        foreach (
            var change in new[]
            {
                new SettingChange(setting, before, after, "drill"),
                new(setting, after, before, "undo"),
            }
        )
        {
            await handler.WriteAsync(change, default);
            Assert.Equal(change.To, await handler.ReadAsync(setting, default));
        }
    }

    private sealed class Own : ICredentialSource
    {
        public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
            ValueTask.FromResult(
                new Credentials("LTAI-TEST", new Secret("secret"), SecurityToken: null, Expires: null)
            );
    }
}
