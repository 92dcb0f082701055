using LogAudit.Collection.Tests.Worlds;
using Microsoft.Extensions.Time.Testing;

namespace LogAudit.Collection.Tests.Runs;

/// <summary>Products that have no regions but a site for the mainland and one for the rest.</summary>
public sealed class SitesTests
{
    private static readonly RegionId Singapore = new("ap-southeast-1");

    [Fact]
    public void Units_hold_the_home_region_of_a_site_when_any_region_of_the_site_is_in_scope()
    {
        var estate = OfRegions(Engine.Shanghai);

        var units = estate.Units(new AccountList([new AccountEntry(Engine.Central)]));

        Assert.Equal([Engine.Hangzhou], units.Select(unit => unit.Region));
    }

    [Fact]
    public void Units_hold_every_site_when_the_settings_name_no_region()
    {
        var estate = OfRegions();

        var units = estate.Units(new AccountList([new AccountEntry(Engine.Central)]));

        Assert.Equal([Singapore, Engine.Hangzhou], units.Select(unit => unit.Region));
    }

    [Fact]
    public void Units_of_an_event_are_those_of_the_site_that_told_it()
    {
        var estate = OfRegions();

        var units = estate.Units(Engine.Central, Engine.Shanghai, "sas", ids: null);

        Assert.Equal([Engine.Hangzhou], units.Select(unit => unit.Region));
    }

    [Fact]
    public void Policies_of_a_product_of_two_sites_name_the_home_regions_that_are_in_scope()
    {
        var layout = new Layout(Engine.Default with { Regions = [Engine.Shanghai] });
        var kind = Some.Kind("waf", Routes.Policy, regionalFirst: false) with
        {
            Policy = new PolicyCodes("wafng", "access_log", Assumed: false) { OnlyMode = "attributeMode" },
            Regions = [Engine.Hangzhou, Singapore],
        };

        var policy = PolicySide.Setting(
            new CollectKind(kind, 180, 7, PolicyExpression.Everything),
            Engine.Central,
            [],
            layout
        );

        Assert.Equal("cn-hangzhou,cn-shanghai", policy!.State["regions"]);
    }

    private static Estate OfRegions(params IReadOnlyList<RegionId> regions)
    {
        var spec = Some.Spec("sas", Routes.Switch);
        spec = spec with
        {
            BySite = true,
            LogKinds = [spec.LogKinds[0] with { Regions = [Engine.Hangzhou, Singapore] }],
        };
        var settings = Engine.Default with
        {
            Regions = regions,
            Collect = new Dictionary<string, string> { ["sas_access_enabled"] = "true" },
        };
        return new Estate(
            CollectSettings.Resolve(settings, [spec]),
            new Layout(settings),
            [new WorldProduct(new World(), spec)],
            new WorldArrivals(new World()),
            new ReconcileOptions(),
            new FakeTimeProvider()
        );
    }
}
