using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Collecting;

public sealed class CollectSettingsTests
{
    [Theory]
    [InlineData(ComplianceProfile.Mlps, 184)]
    [InlineData(ComplianceProfile.Cis, 365)]
    [InlineData(ComplianceProfile.Pci, 365)]
    public void Resolve_takes_the_days_of_the_compliance_profile_where_none_are_set(ComplianceProfile profile, int days)
    {
        var collect = Resolve(("slb_access_enabled", "true"), profile);

        var kind = Assert.Single(collect.Kinds);
        Assert.Equal((days, 7), (kind.CentralDays, kind.RegionalDays));
        Assert.True(kind.Policy.TakesEverything);
    }

    [Fact]
    public void Resolve_keeps_what_is_set_and_leaves_out_what_is_not_switched_on()
    {
        var collect = CollectSettings.Resolve(
            With(
                ("slb_access_enabled", "true"),
                ("slb_sync_ttl", "400"),
                ("slb_access_ttl", "3"),
                ("slb_access_collection_policy", "keep region == \"cn-*\""),
                ("oss_access_enabled", "false")
            ),
            Engine.Specs
        );

        var kind = Assert.Single(collect.Kinds);
        Assert.Equal(("slb", 400, 3), (kind.Kind.Product, kind.CentralDays, kind.RegionalDays));
        Assert.False(kind.Policy.TakesEverything);
    }

    [Fact]
    public void AsAsked_lets_a_log_land_in_the_projects_that_the_settings_name()
    {
        var kind = Some.Kind("slb", Routes.Switch, regionalFirst: true) with { LandsInVariable = "slb_projects" };

        var asked = CollectSettings.AsAsked(kind, With(("slb_projects", "team-logs,other-logs")));

        Assert.Equal(["team-logs", "other-logs"], asked.LandsIn);
        Assert.Empty(CollectSettings.AsAsked(kind, With()).LandsIn);
    }

    [Fact]
    public void Resolve_tells_every_mistake_at_once()
    {
        var failure = Assert.Throws<SettingsException>(() =>
            CollectSettings.Resolve(
                With(
                    ("slb_acces_enabled", "true"),
                    ("slb_sync_ttl", "90"),
                    ("slb_access_collection_policy", "take everything"),
                    ("oss_access_collection_policy", "keep (")
                ),
                Engine.Specs
            )
        );

        Assert.Equal(
            [
                "collect.oss_access_collection_policy",
                "collect.slb_acces_enabled",
                "collect.slb_access_collection_policy",
                "collect.slb_sync_ttl",
            ],
            failure.Errors.Select(error => error.Key).Order()
        );
        Assert.Contains(failure.Errors, error => error.Problem.Contains("fewer than", StringComparison.Ordinal));
        Assert.All(failure.Errors, error => Assert.NotEmpty(error.Example));
    }

    private static CollectSettings Resolve((string, string) variable, ComplianceProfile profile) =>
        CollectSettings.Resolve(With(variable) with { Compliance = profile }, Engine.Specs);

    private static Settings With(params (string Key, string Value)[] variables) =>
        Engine.Default with
        {
            Collect = variables.ToDictionary(variable => variable.Key, variable => variable.Value),
        };
}
