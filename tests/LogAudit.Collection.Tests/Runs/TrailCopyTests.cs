using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Runs;

/// <summary>The copy of a trail's records under the name that queries of the old service use.</summary>
public sealed class TrailCopyTests
{
    private static readonly SettingRef Job = new(
        SettingKinds.Etl,
        Engine.Central,
        Engine.Hangzhou,
        $"logaudit-center-{Engine.Central}-{Engine.Hangzhou}/logaudit-carry-trail-logaudit"
    );

    [Theory]
    [InlineData(AccountsMode.CentralOnly, "true", true)]
    [InlineData(AccountsMode.CentralOnly, "false", false)]
    [InlineData(AccountsMode.List, "true", false)]
    public async Task A_copy_is_made_only_where_it_is_asked_for_and_members_are_not_gathered_there_anyway(
        AccountsMode mode,
        string asked,
        bool copied
    )
    {
        var engine = new Engine(
            settings =>
                settings with
                {
                    Accounts = settings.Accounts with { Mode = mode },
                    Collect = new Dictionary<string, string>
                    {
                        ["trail_access_enabled"] = "true",
                        ["trail_copy_enabled"] = asked,
                    },
                },
            specs: [Some.Spec("trail", Routes.Delivery, perRegion: false)]
        );

        await engine.RunAsync();
        var written = engine.World.Writes.Count;
        await engine.RunAsync();

        Assert.Equal(copied ? "trail_log" : null, engine.World[Job]?["sinkLogstore"]);
        Assert.Equal(copied ? "trail_logaudit" : null, engine.World[Job]?["source"]);
        Assert.Equal(written, engine.World.Writes.Count);
    }

    [Fact]
    public void The_job_of_a_copy_may_read_the_central_project()
    {
        var settings = Engine.Default with
        {
            Accounts = new AccountsSettings { Mode = AccountsMode.CentralOnly },
            Collect = new Dictionary<string, string> { ["trail_copy_enabled"] = "true" },
        };
        var kind = CollectSettings.AsAsked(Some.Kind("trail", Routes.Delivery, regionalFirst: false), settings);

        var role = EngineRoles
            .All(new Layout(settings), [], [kind])
            .Single(role => role.Name == OwnRoles.Etl && role.Account == Engine.Central);

        Assert.Contains(
            $"acs:log:*:{Engine.Central}:project/{settings.Central.Project}",
            Assert.Single(role.Policies).Value,
            StringComparison.Ordinal
        );
    }
}
