using LogAudit.OpenApi;
using LogAudit.Testing;

namespace LogAudit.Products.Tests;

/// <summary>A denied question has no answer: nothing is planned on it, and it shows.</summary>
public sealed class DeniedSweeps
{
    private static readonly ProductCatalogue Catalogue = new();

    public static TheoryData<string> Products { get; } = [.. ProductCatalogue.Codes];

    [Theory]
    [MemberData(nameof(Products))]
    public async Task Denied_listing_is_told_and_denied_observing_is_Unknown_and_plans_nothing(string code)
    {
        var cloud = Estate(code);
        var handler = cloud.Handler(code);
        var resources = await handler.ListAsync(Cloud.All, default).ToListAsync();
        Assert.NotEmpty(resources);
        cloud.Exchanges.When(
            _ => true,
            _ =>
                code is "oss"
                    ? Reply.Xml("<Error><Code>AccessDenied</Code><Message>no</Message></Error>", 403)
                    : Reply.Error(403, "Forbidden.RAM")
        );
        var asked = cloud.Exchanges.Seen.Count;

        foreach (var kind in Catalogue.Find(code)!.LogKinds.Where(kind => kind.Ended.Length == 0))
        {
            var before = cloud.Exchanges.Seen.Count;
            var answers = await handler
                .ObserveAsync(
                    kind,
                    resources,
                    Cloud.Target(kind.Logstore.Replace("{trail}", "logaudit", StringComparison.Ordinal)),
                    default
                )
                .ToListAsync();
            if (cloud.Exchanges.Seen.Count > before)
            {
                Assert.Contains(answers, answer => answer.State is Observation.Unknown);
                Assert.All(answers, answer => Assert.Empty(answer.Fixes));
                Assert.DoesNotContain(answers, answer => answer.State is Observation.Enabled or Observation.Disabled);
            }
        }

        var listing = await Record.ExceptionAsync(async () =>
            await handler.ListAsync(Cloud.All, default).ToListAsync()
        );
        Assert.True(cloud.Exchanges.Seen.Count > asked, "nothing was asked, so nothing could be denied");
        Assert.True(listing is null or OpenApiException { IsDenied: true }, listing?.ToString());
    }

    private static Cloud Estate(string code) =>
        code switch
        {
            "ack" => new AckCloud("c-1", "c-2").Cloud,
            "actiontrail" => new TrailCloud().Cloud,
            "alb" => new AlbCloud("alb-1", "alb-2").Cloud,
            "apigateway" => new ApiGatewayCloud().Cloud,
            "bastionhost" => BastionhostTests.Region(("bastionhost-1", "RUNNING", false)),
            "cloudconfig" => new ConfigCloud { Recorder = "REGISTRABLE" }.Cloud,
            "cloudfirewall" => new CloudFirewallCloud { IsOpen = false }.Cloud,
            "ddos" => new DdosCloud("www.example.com").Cloud,
            "dns" => Gtm().Cloud,
            "drds" => new DrdsCloud("orders", "stock").Cloud,
            "nas" => new NasCloud(NasCloud.FileSystem("nas-1")).Cloud,
            "oss" => OssTests.Buckets(),
            "polardb" => new PolardbCloud(PolardbCloud.Cluster("pc-1")).Cloud,
            "rds" => new RdsCloud(RdsCloud.Instance("rm-1")).Cloud,
            "sas" => new SasCloud { ["OpenStatus"] = "no" }.Cloud,
            "slb" => SlbTests.Regions([], [("lb-1", "http"), ("lb-2", "http")]),
            "vpc" => new VpcCloud("vpc-1", "vpc-2") { IsOpen = false }.Cloud,
            "waf" => new WafCloud("www.example.com-waf") { Service = "" }.Cloud,
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, "has no estate yet: add one"),
        };

    private static DnsCloud Gtm()
    {
        var account = new DnsCloud();
        account.Add("gtm", "config-1", "DISABLE");
        return account;
    }
}
