using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Runs;

/// <summary>Logs that go first where their product chooses, and logs that only a person can switch on.</summary>
public sealed class LandingTests
{
    private static readonly SettingRef Project = new(
        SettingKinds.Project,
        Engine.Member,
        Engine.Shanghai,
        $"waf-project-{Engine.Member}"
    );

    private static readonly SettingRef Carried = new(
        SettingKinds.Etl,
        Engine.Member,
        Engine.Shanghai,
        $"waf-project-{Engine.Member}/logaudit-carry-waf-logstore"
    );

    private static readonly SettingRef Store = new(
        SettingKinds.Logstore,
        Engine.Member,
        Engine.Shanghai,
        $"waf-project-{Engine.Member}/waf-logstore"
    );

    [Fact]
    public async Task Logs_that_land_in_a_project_of_the_product_are_carried_on_and_the_project_is_never_made()
    {
        var engine = Waf(kind => kind with { Carry = "* | extend owner_id = '{account}', region = '{region}'" });
        engine.World.Put(Project, SettingState.Of(("description", "made by the product")));
        engine.Add("waf", Engine.Member, Engine.Shanghai, "waf-1", "own place");

        var report = await engine.RunAsync();
        var second = await engine.RunAsync();

        var job = Assert.IsType<SettingState>(engine.World[Carried]);
        Assert.Equal("waf-logstore", job["source"]);
        Assert.Equal("waf_log", job["sinkLogstore"]);
        Assert.Equal($"* | extend owner_id = '{Engine.Member}', region = 'cn-shanghai'", job["script"]);
        Assert.DoesNotContain(
            engine.World.Writes,
            change =>
                change.Setting.Kind != SettingKinds.Etl
                && change.Setting.Id.StartsWith("waf-project-", StringComparison.Ordinal)
        );
        Assert.Equal(1, Assert.Single(report.Coverage, row => row.Account == Engine.Member).Collecting);
        Assert.Equal(0, second.Writes);
    }

    [Fact]
    public async Task Retention_where_logs_land_is_set_again_when_the_product_resets_it()
    {
        var engine = Waf(kind => kind with { RegionalTtlVariable = "", RegionalTtlDays = 30 });
        engine.Add("waf", Engine.Member, Engine.Shanghai, "waf-1", "own place");
        engine.World.Put(Project, SettingState.Of(("description", "made by the product")));
        engine.World.Put(Store, SettingState.Of(("ttl", "7"), ("shards", "fixed")));

        await engine.RunAsync();
        var set = engine.World[Store]!["ttl"];
        engine.World.Put(Store, engine.World[Store]!.With("ttl", "7"));
        await engine.RunAsync();

        Assert.Equal("30", set);
        Assert.Equal("30", engine.World[Store]!["ttl"]);
    }

    [Theory]
    [InlineData("60", "30", "60")]
    [InlineData("60", "90", "90")]
    [InlineData(null, "30", "30")]
    public async Task Days_that_the_product_keeps_by_a_call_of_its_own_only_grow_and_SLS_is_not_asked_for_them(
        string? asked,
        string before,
        string after
    )
    {
        var engine = Waf(
            kind => kind with { RegionalTtlVariable = "", RegionalTtlDays = 30, OwnTtlVariable = "waf_own_ttl" },
            asked is null ? [] : [("waf_own_ttl", asked)]
        );
        var days = WorldProduct.OwnDaysOf(engine.Add("waf", Engine.Member, Engine.Shanghai, "waf-1", "own days"));
        engine.World.Put(Project, SettingState.Of(("description", "made by the product")));
        engine.World.Put(Store, SettingState.Of(("ttl", "7"), ("shards", "fixed")));
        engine.World.Put(days, SettingState.Of(("ttl", before)));

        var report = await engine.RunAsync();

        Assert.Equal((after, "7"), (engine.World[days]!["ttl"], engine.World[Store]!["ttl"]));
        Assert.Equal(1, Assert.Single(report.Coverage, row => row.Account == Engine.Member).Collecting);
        Assert.Contains(engine.World.Writes, change => change.Setting == Carried);
    }

    [Fact]
    public async Task A_log_that_only_a_person_can_switch_on_is_told_with_what_to_do_and_plans_nothing()
    {
        var engine = Waf(kind => kind with { Route = Routes.Manual });
        engine.Add("waf", Engine.Member, Engine.Shanghai, "waf-1", "by hand");

        var report = await engine.RunAsync();

        Assert.Contains(
            report.Findings,
            finding =>
                finding.StartsWith("by hand: ", StringComparison.Ordinal)
                && finding.Contains("waf-1", StringComparison.Ordinal)
                && finding.EndsWith("open the console", StringComparison.Ordinal)
        );
        Assert.Equal(1, Assert.Single(report.Coverage, row => row.Account == Engine.Member).NotCollecting);
        Assert.DoesNotContain(engine.World.Writes, change => change.Setting.Kind == SettingKinds.Etl);
    }

    [Fact]
    public async Task The_log_turns_green_once_its_records_arrive_and_is_unknown_while_nobody_can_tell()
    {
        var engine = Waf(kind => kind with { Route = Routes.Manual });
        engine.Add("waf", Engine.Central, Engine.Hangzhou, "waf-1", "by hand");

        engine.World.Arrived = [("waf_log", Engine.Central)];
        var green = await engine.RunAsync();
        engine.World.Arrived = null;
        var dark = await engine.RunAsync();

        Assert.Equal(1, Assert.Single(green.Coverage, row => row.Account == Engine.Central).Collecting);
        Assert.DoesNotContain(green.Findings, finding => finding.StartsWith("by hand", StringComparison.Ordinal));
        Assert.Equal(1, Assert.Single(dark.Coverage, row => row.Account == Engine.Central).Unknown);
        Assert.Contains(dark.Unknown, why => why.Contains("the index did not answer", StringComparison.Ordinal));
    }

    [Fact]
    public void Arrivals_are_asked_for_by_topic_and_by_account_and_resource_where_the_records_name_them()
    {
        var resource = new ResourceRef
        {
            Product = "waf",
            Account = Engine.Member,
            Region = Engine.Hangzhou,
            Id = "waf-1",
        };
        var kind = Some.Kind("waf", Routes.Manual, regionalFirst: false);
        var owned = kind with
        {
            Topics = ["waf_access_log", "waf_attack_log"],
            Mapping = kind.Mapping with
            {
                Fields = [new FieldMapping("owner_id", "cloud.account.id", FieldConversion.Text)],
            },
        };

        Assert.Equal("__topic__: \"waf_log\"", Arrivals.Query(kind, resource));
        Assert.Equal(
            $"(__topic__: \"waf_access_log\" or __topic__: \"waf_attack_log\") and owner_id: \"{Engine.Member}\"",
            Arrivals.Query(owned, resource)
        );
        Assert.Equal(
            "(__topic__: \"waf_log\") and instance_id: \"waf-1\"",
            Arrivals.Query(kind with { ResourceField = "instance_id" }, resource)
        );
        Assert.Equal(
            $"(__topic__: \"waf_access_log\" or __topic__: \"waf_attack_log\") and event.owner_id: \"{Engine.Member}\"",
            Arrivals.Query(owned with { Mapping = owned.Mapping with { JsonField = "event" } }, resource)
        );
    }

    [Fact]
    public async Task Codes_that_the_settings_give_make_a_policy_in_the_only_mode_that_the_service_allows()
    {
        var engine = Waf(
            kind =>
                kind with
                {
                    Route = Routes.Policy,
                    Policy = new PolicyCodes("waf", "guessed", Assumed: true) { OnlyMode = "attributeMode" },
                    PolicyCodesVariable = "waf_policy",
                    Regions = [Engine.Hangzhou, Engine.Shanghai],
                },
            ("waf_policy", "wafng/access_log")
        );
        engine.Add("waf", Engine.Central, Engine.Hangzhou, "waf-1");

        await engine.RunAsync();

        var policy = engine.World[
            new(SettingKinds.CollectionPolicy, Engine.Central, Engine.Hangzhou, "logaudit-wafng-access_log")
        ]!;
        Assert.Equal(
            ("wafng", "access_log", "attributeMode", "cn-hangzhou,cn-shanghai"),
            (policy["productCode"], policy["dataCode"], policy["mode"], policy["regions"])
        );
    }

    [Fact]
    public void A_kind_whose_codes_nobody_knows_is_not_collected_by_policy()
    {
        var engine = Waf(kind =>
            kind with
            {
                Route = Routes.Policy | Routes.Poll,
                Policy = null,
                PolicyCodesVariable = "waf_policy",
            }
        );

        Assert.Equal(Routes.Poll, Assert.Single(engine.Collect.Kinds).Kind.Route);
    }

    private static Engine Waf(Func<LogKind, LogKind> change, params (string Key, string Value)[] more)
    {
        var spec = Some.Spec("waf", Routes.Switch);
        return new Engine(
            settings =>
                settings with
                {
                    Collect = more.Append(("waf_access_enabled", "true"))
                        .ToDictionary(variable => variable.Item1, variable => variable.Item2),
                },
            specs: [spec with { LogKinds = [change(spec.LogKinds[0])] }]
        );
    }
}
