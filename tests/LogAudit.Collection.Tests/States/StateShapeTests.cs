using LogAudit.Sls;

namespace LogAudit.Collection.Tests.States;

/// <summary>What is written reads back as the same state; otherwise every run would write again.</summary>
public sealed class StateShapeTests
{
    [Fact]
    public void A_dashboard_reads_back_as_it_was_written_and_an_edit_shows()
    {
        var target = new LogTarget(new("1"), new("cn-hangzhou"), new("logaudit-center-1-cn-hangzhou"), new("slb_log"));
        var wanted = Wanted.Dashboard(
            target,
            new DashboardSpec(
                "slb_audit",
                "Audit",
                [
                    new("a", "table", "* | select 1"),
                    new("b", "linepro", "status >= 400"),
                    new("c", "aggpro", "*") { Logstore = "vpc_log", Days = 30 },
                ]
            )
        );

        var json = DashboardSettings.Json(target.Project, "slb_audit", wanted.State);
        Assert.Equal(wanted.State, DashboardSettings.State(json));
        Assert.Equal(
            ("vpc_log", "-2592000s"),
            ((string?)json["charts"]![2]!["search"]!["logstore"], (string?)json["charts"]![2]!["search"]!["start"])
        );

        json["charts"]![0]!["title"] = "edited";
        Assert.IsType<Verdict.Leave>(SettingRules.Judge(wanted, DashboardSettings.State(json)));
    }

    [Fact]
    public void A_collection_policy_reads_back_as_it_was_written()
    {
        var state = SettingState.Of(
            ("productCode", "rds"),
            ("dataCode", "audit_log"),
            ("enabled", "true"),
            ("mode", "instanceMode"),
            ("regions", ""),
            ("instanceIds", "rm-1,rm-2"),
            ("tags", ""),
            ("dataRegion", ""),
            ("destRegion", "cn-hangzhou"),
            ("destProject", "logaudit-center-1-cn-hangzhou"),
            ("destLogstore", "rds_log"),
            ("destTtl", "184"),
            ("members", "all")
        );

        Assert.Equal(
            state,
            CollectionPolicySettings.State(CollectionPolicySettings.Policy("logaudit-rds-audit_log", state))
        );
    }

    [Fact]
    public void An_index_gains_what_is_wanted_and_keeps_what_somebody_typed_otherwise()
    {
        var present = new IndexConfig
        {
            Keys = new Dictionary<string, IndexKey>
            {
                ["status"] = new() { Type = "text", Alias = "theirs" },
                ["event"] = new() { Type = "json" },
            },
        };
        var target = new LogTarget(new("1"), new("cn-hangzhou"), new("abc"), new("slb_log"));
        var wanted = Wanted.Index(
            Phase.Central,
            target,
            [new("status", "long"), new("event", "json"), new("event.eventName", "text"), new("host", "text")],
            "test"
        );

        var before = IndexSettings.State(present);
        var to = Assert.IsType<Verdict.Change>(SettingRules.Judge(wanted, before)).To;
        var after = IndexSettings.Meet(present, before, to);

        Assert.Equal(to, IndexSettings.State(after));
        Assert.Equal(("text", "theirs"), (after.Keys["status"].Type, after.Keys["status"].Alias));
        Assert.Equal("text", after.Keys["event"].JsonKeys["eventName"].Type);
        Assert.Equal(present, IndexSettings.Meet(after, to, before));
    }
}
