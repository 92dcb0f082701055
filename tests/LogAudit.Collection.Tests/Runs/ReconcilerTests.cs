using LogAudit.Collection.Tests.Worlds;

namespace LogAudit.Collection.Tests.Runs;

public sealed class ReconcilerTests
{
    [Fact]
    public async Task RunAsync_turns_everything_on_and_a_second_run_writes_nothing()
    {
        var engine = Estate();

        var first = await engine.RunAsync();
        var written = engine.World.Writes.Count;
        var rows = engine.Journal.Rows.Count;
        var second = await engine.RunAsync();

        Assert.Empty(first.Errors);
        Assert.All(first.Coverage, row => Assert.Equal(row.Resources, row.Collecting));
        Assert.True(first.Writes > 0);
        Assert.Equal(written, engine.World.Writes.Count);
        Assert.Equal(rows, engine.Journal.Rows.Count);
        Assert.Equal(0, second.Writes);
        Assert.All(second.Coverage, row => Assert.Equal(row.Resources, row.CollectingBefore));
        Assert.Single(engine.Store.Reports.Select(one => one.Digest).Distinct());
    }

    [Fact]
    public async Task RunAsync_writes_its_report_again_only_when_it_says_something_new_or_a_day_has_passed()
    {
        var engine = Estate();
        await engine.RunAsync();

        await engine.RunAsync();
        Assert.Single(engine.Store.Reports);

        engine.Time.Advance(TimeSpan.FromHours(25));
        await engine.RunAsync();
        Assert.Equal(2, engine.Store.Reports.Count);
    }

    [Fact]
    public async Task Every_write_has_an_intent_before_it_and_an_outcome_after_it()
    {
        var engine = Estate();

        await engine.RunAsync();

        var intents = engine.Journal.Rows.Where(row => row.Event == JournalEvent.Intent).ToList();
        Assert.Equal(engine.World.Writes.Count, intents.Count);
        Assert.All(
            intents,
            intent => Assert.Single(engine.Journal.Rows, row => row.Id == intent.Id && row.Event == JournalEvent.Done)
        );
    }

    [Fact]
    public async Task A_change_is_not_written_when_its_intent_is_not_acknowledged()
    {
        var engine = Estate();
        engine.Journal.Refuses = rows => rows.Any(row => row.Change.Setting.Kind == "slb.switch");

        var report = await engine.RunAsync();

        Assert.DoesNotContain(engine.World.Writes, change => change.Setting.Kind == "slb.switch");
        Assert.Contains(report.Errors, error => error.Contains("slb.switch", StringComparison.Ordinal));
        Assert.All(
            report.Coverage.Where(row => row.Product is "oss"),
            row => Assert.Equal(row.Resources, row.Collecting)
        );
    }

    [Fact]
    public async Task A_denied_account_is_unknown_and_the_others_go_on()
    {
        var engine = Estate();
        engine.World.Denied.Add(Engine.Member);

        var report = await engine.RunAsync();

        Assert.All(report.Coverage.Where(row => row.Account == Engine.Member), row => Assert.True(row.Unreadable));
        Assert.All(
            report.Coverage.Where(row => row.Account == Engine.Central),
            row => Assert.Equal(row.Resources, row.Collecting)
        );
        Assert.DoesNotContain(engine.World.Writes, change => change.Setting.Account == Engine.Member);
        Assert.Contains(report.Unknown, reason => reason.Contains("denies access", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_that_the_service_takes_only_later_is_no_error_and_a_later_run_makes_it()
    {
        var engine = new Engine();
        var busy = WorldProduct.SwitchOf(engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-1"));
        engine.World.OnlyLater.Add(busy);

        var first = await engine.RunAsync();
        engine.World.OnlyLater.Clear();
        var second = await engine.RunAsync();

        Assert.True(first.More);
        Assert.Empty(first.Errors);
        Assert.False(second.More);
        Assert.Equal(busy, Assert.Single(engine.World.Writes, change => change.Setting.Kind == busy.Kind).Setting);
        Assert.DoesNotContain(
            engine.Journal.Rows.GroupBy(row => row.Id),
            rows => rows.All(row => row.Event == JournalEvent.Intent)
        );
    }

    [Fact]
    public async Task Logs_that_stay_in_a_project_of_their_product_are_carried_by_a_job_and_need_no_policy()
    {
        var engine = new Engine();
        var project = new SettingRef(SettingKinds.Project, Engine.Member, Engine.Hangzhou, "product-own");
        engine.World.Put(project, SettingState.Of(("description", "")));
        engine.Add("rds", Engine.Member, Engine.Hangzhou, "rm-1", status: "lands:product-own");

        var first = await engine.RunAsync();
        var written = engine.World.Writes.Count;
        var second = await engine.RunAsync();

        var job = Assert.Single(
            engine.World.Writes,
            change =>
                change.Setting.Kind == SettingKinds.Etl
                && change.Setting.Id.StartsWith("product-own/", StringComparison.Ordinal)
        );
        Assert.Equal("own-logstore", job.To!["source"]);
        Assert.Empty(first.Errors);
        Assert.Equal(written, engine.World.Writes.Count);
        Assert.Equal(
            1,
            Assert.Single(second.Coverage, row => row.Product is "rds" && row.Account == Engine.Member).CollectingBefore
        );
    }

    [Fact]
    public async Task What_a_person_must_do_is_told_also_while_the_policy_is_missing()
    {
        var engine = new Engine();
        engine.Add("rds", Engine.Central, Engine.Hangzhou, "rm-1", status: "unbought");

        var plan = await engine.Reconciler.PlanAsync(CancellationToken.None);

        Assert.Contains(
            plan.Plan.Findings,
            finding =>
                finding.StartsWith("by hand: ", StringComparison.Ordinal)
                && finding.EndsWith("buy it", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Kinds_that_share_a_policy_ask_for_it_once_and_for_the_most_days()
    {
        var layout = new Layout(Engine.Default);
        WantedSetting Wanted(int days) =>
            PolicySide.Setting(
                new CollectKind(
                    Some.Kind("oss", Routes.Policy, regionalFirst: false),
                    days,
                    7,
                    PolicyExpression.Everything
                ),
                Engine.Central,
                [],
                layout
            )!;

        var merged = Assert.Single(PolicySide.Merged([Wanted(30), Wanted(365), Wanted(180)]));

        Assert.Equal("365", merged.State["destTtl"]);
    }

    [Fact]
    public async Task What_cannot_log_is_not_applicable_what_is_not_ready_is_looked_at_again_and_a_full_quota_is_told()
    {
        var engine = new Engine();
        engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-1", "excluded");
        engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-2", "creating");
        engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-3", "stuck");

        var report = await engine.RunAsync();

        var row = report.Coverage.Single(row => row.Account == Engine.Central && row.Product is "slb");
        Assert.Equal(
            (3, 1, 1, 1, 0),
            (row.Resources, row.NotApplicable, row.Unknown, row.NotCollecting, row.Collecting)
        );
        Assert.Equal(["1000000000000001/cn-hangzhou/slb/lb-2"], report.LookAgain);
    }

    [Fact]
    public async Task A_policy_expression_leaves_resources_out_and_names_the_rest_one_by_one()
    {
        var engine = new Engine(settings =>
            settings with
            {
                Collect = new Dictionary<string, string>(settings.Collect)
                {
                    ["slb_access_collection_policy"] = "keep tag.env == \"prod\"",
                    ["oss_access_collection_policy"] = "keep tag.env == \"prod\"",
                },
            }
        );
        var prod = new Dictionary<string, string> { ["env"] = "prod" };
        engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-1", tags: prod);
        engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-2");
        engine.Add("oss", Engine.Central, Engine.Hangzhou, "b-1", tags: prod);
        engine.Add("oss", Engine.Central, Engine.Hangzhou, "b-2");

        var report = await engine.RunAsync();

        Assert.All(
            report.Coverage.Where(row =>
                row.Account == Engine.Central && row.Product is "slb" or "oss" && row.Resources > 0
            ),
            row => Assert.Equal((1, 1, 1), (row.Resources, row.Collecting, row.Excluded))
        );
        Assert.DoesNotContain(engine.World.Writes, change => change.Setting.Id is "lb-2");
        var policy = engine.World.Writes.Single(change =>
            change.Setting.Id is "logaudit-oss-access_log" && change.Setting.Account == Engine.Central
        );
        Assert.Equal(("instanceMode", "b-1"), (policy.To!["mode"], policy.To["instanceIds"]));
    }

    [Fact]
    public async Task In_a_list_of_accounts_each_member_has_its_own_policy_project_and_job()
    {
        var engine = Estate();

        await engine.RunAsync();

        var project = $"logaudit-region-{Engine.Member}-{Engine.Hangzhou}";
        var policy = engine.World[
            new(SettingKinds.CollectionPolicy, Engine.Member, Engine.Hangzhou, "logaudit-oss-access_log")
        ];
        Assert.Equal((project, ""), (policy!["destProject"], policy["members"]));
        var job = engine.World[
            new(SettingKinds.Etl, Engine.Member, Engine.Hangzhou, $"{project}/logaudit-carry-oss-log")
        ];
        Assert.Equal(engine.Layout.CentralProject.Value, job!["sinkProject"]);
        Assert.Equal($"acs:ram::{Engine.Member}:role/logaudit-etl", job["roleArn"]);
        Assert.Equal($"acs:ram::{Engine.Central}:role/logaudit-etl-sink", job["sinkRoleArn"]);
    }

    [Fact]
    public async Task In_a_directory_one_policy_of_the_central_account_serves_everybody()
    {
        var engine = Estate(settings =>
            settings with
            {
                Accounts = settings.Accounts with { Mode = AccountsMode.Directory },
            }
        );

        var report = await engine.RunAsync();

        Assert.All(report.Coverage, row => Assert.Equal(row.Resources, row.Collecting));
        var policy = Assert.Single(
            engine.World.Settings,
            pair => pair.Key.Kind == SettingKinds.CollectionPolicy && pair.Key.Id is "logaudit-oss-access_log"
        );
        Assert.Equal(Engine.Central, policy.Key.Account);
        Assert.Equal(
            (Engine.Member.Value, engine.Layout.CentralProject.Value),
            (policy.Value["members"], policy.Value["destProject"])
        );
    }

    [Fact]
    public async Task A_run_over_one_resource_reads_nothing_else_and_mends_it()
    {
        var engine = Estate();
        await engine.RunAsync();
        var fresh = engine.Add("slb", Engine.Member, Engine.Shanghai, "lb-new");
        engine.World.Reads = 0;

        var report = await engine.Reconciler.RunAsync(
            [new Unit(Engine.Member, Engine.Shanghai, "slb", ["lb-new"])],
            "bus",
            Deadline.None,
            CancellationToken.None
        );

        Assert.Equal(1, report.Writes);
        Assert.Equal((1, 1), (report.Coverage.Single().Resources, report.Coverage.Single().Collecting));
        Assert.NotNull(engine.World[WorldProduct.SwitchOf(fresh)]);
        Assert.InRange(engine.World.Reads, 1, 8);
    }

    [Fact]
    public async Task A_project_of_the_old_service_is_never_written_and_its_resources_are_told()
    {
        var engine = new Engine();
        var balancer = engine.Add("slb", Engine.Central, Engine.Hangzhou, "lb-1");
        var before = SettingState.Of(("project", "slsaudit-region-1-cn-hangzhou"), ("logstore", "slb_log"));
        engine.World.Put(WorldProduct.SwitchOf(balancer), before);

        var report = await engine.RunAsync();

        Assert.Equal(before, engine.World[WorldProduct.SwitchOf(balancer)]);
        Assert.Contains(
            report.Findings,
            finding => finding.Contains("old Log Audit Service", StringComparison.Ordinal)
        );
        Assert.Equal(
            1,
            report.Coverage.Single(row => row.Account == Engine.Central && row.Product is "slb").NotCollecting
        );
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            engine.Handlers.WriteAsync(
                new(
                    new(SettingKinds.Logstore, Engine.Central, Engine.Hangzhou, "slsaudit-center-1-cn-hangzhou/x"),
                    null,
                    null,
                    "test"
                ),
                CancellationToken.None
            )
        );
    }

    [Fact]
    public async Task A_run_without_time_says_so_and_the_next_one_goes_on_where_it_ended()
    {
        var engine = Estate();
        var now = engine.Time.GetUtcNow();

        var first = await engine.Reconciler.RunAsync("timer", new Deadline(now, TimeSpan.Zero), CancellationToken.None);
        var second = await engine.RunAsync();

        Assert.True(first.More);
        Assert.NotEmpty(first.Next);
        Assert.Equal(0, first.Writes);
        Assert.False(second.More);
        Assert.All(second.Coverage, row => Assert.Equal(row.Resources, row.Collecting));
    }

    [Fact]
    public async Task PlanAsync_changes_nothing_and_says_what_the_run_then_does()
    {
        var engine = Estate();

        var shown = await engine.Reconciler.PlanAsync(CancellationToken.None);
        Assert.Empty(engine.World.Writes);
        var copy = PlanJson.Read(PlanJson.Write(shown.Plan));
        await engine.Reconciler.ApplyAsync(shown, "command", Deadline.None, CancellationToken.None);

        Assert.Equal(
            copy.Changes.Select(planned => planned.Change).OrderBy(change => change.Setting.ToString()),
            engine.World.Writes.OrderBy(change => change.Setting.ToString())
        );
    }

    [Fact]
    public async Task Retention_is_never_shortened()
    {
        var engine = Estate();
        await engine.RunAsync();
        var logstore = new SettingRef(
            SettingKinds.Logstore,
            Engine.Central,
            Engine.Hangzhou,
            $"{engine.Layout.CentralProject}/slb_log"
        );
        engine.World.Put(logstore, engine.World[logstore]!.With("ttl", "3650"));

        var report = await engine.RunAsync();

        Assert.Equal(0, report.Writes);
        Assert.Equal("3650", engine.World[logstore]!["ttl"]);
    }

    [Fact]
    public async Task Two_runs_at_once_end_in_the_same_state_as_one()
    {
        var engine = Estate();

        var reports = await Task.WhenAll(engine.RunAsync(), engine.RunAsync());
        var third = await engine.RunAsync();

        Assert.All(
            reports,
            report => Assert.DoesNotContain(report.Errors, error => error.Contains("Failed", StringComparison.Ordinal))
        );
        Assert.Equal(0, third.Writes);
        Assert.All(third.Coverage, row => Assert.Equal(row.Resources, row.Collecting));
    }

    internal static Engine Estate(Func<Settings, Settings>? change = null)
    {
        var engine = new Engine(change);
        foreach (var account in new[] { Engine.Central, Engine.Member })
        {
            foreach (var region in new[] { Engine.Hangzhou, Engine.Shanghai })
            {
                engine.Add("slb", account, region, $"lb-{account}-{region}");
                engine.Add("rds", account, region, $"rm-{account}-{region}");
                engine.Add("oss", account, region, $"bucket-{account}-{region}");
            }
        }

        return engine;
    }
}
