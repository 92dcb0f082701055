using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.ResourceDirectory;
using LogAudit.LocalCloud.Sls.Policies;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class CollectionPolicyTests
{
    private const string Path = "/collectionpolicy";
    private const string Shanghai = "cn-shanghai";

    [Fact]
    public async Task Policy_lives_through_upsert_get_list_delete()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal("200", (await UpsertAsync(cloud, Body())).Outcome);
        var early = await ReadAsync(cloud, "/audit-rds");
        cloud.Clock.Advance(TimeSpan.FromSeconds(6));
        var got = (await ReadAsync(cloud, "/audit-rds?productCode=rds&dataCode=audit_log")).Json["collectionPolicy"]!;
        var list = (
            await ReadAsync(cloud, "?offset=0&size=100&productCode=rds&dataCode=audit_log&instanceId=rm-1")
        ).Json;
        var deleted = await cloud.SendAsync("DELETE", Path + "/audit-rds", [], project: null, region: Shanghai);
        cloud.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("404 PolicyNotExist", early.Outcome);
        Assert.Equal(
            (true, "audit-center", ""),
            (
                (bool)got["enabled"]!,
                (string?)got["centralizeConfig"]!["destProject"],
                (string?)got["resourceDirectory"]!["accountGroupType"]
            )
        );
        Assert.Equal(
            (1, 1, "audit-rds"),
            (
                (int)list["totalCount"]!,
                (int)list["currentCount"]!,
                (string?)list["statistics"]![0]!["policySourceList"]![0]!["policyName"]
            )
        );
        Assert.Equal("{}", deleted.Json.ToString());
        Assert.Equal("404 PolicyNotExist", (await ReadAsync(cloud, "/audit-rds")).Outcome);
        Assert.Equal(
            "404 PolicyNotExist",
            (await cloud.SendAsync("DELETE", Path + "/audit-rds", [], project: null, region: Shanghai)).Outcome
        );
    }

    [Fact]
    public async Task Policies_are_served_in_two_regions_only()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal("400 NotSupported", (await cloud.JsonAsync("POST", Path, Body(), project: null)).Outcome);
        Assert.Equal(
            "200",
            (await cloud.JsonAsync("POST", Path, Body(), project: null, region: "ap-southeast-1")).Outcome
        );
    }

    [Theory]
    [InlineData("policyName", "\"1abc\"")]
    [InlineData("policyName", "\"ab\"")]
    [InlineData("dataCode", "\"unknown\"")]
    [InlineData("enabled", "null")]
    [InlineData("enabled", "\"yes\"")]
    [InlineData("policyConfig", """{"resourceMode":"some"}""")]
    [InlineData("policyConfig", """{"resourceMode":"instanceMode"}""")]
    [InlineData("resourceDirectory", """{"accountGroupType":"custom"}""")]
    [InlineData("policyName", "\"internal_cloudlens_rds_audit_log\"")]
    public async Task Upsert_refuses_wrong_fields(string field, string value)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = Body();
        body[field] = JToken.Parse(value);

        Assert.Equal("400 ParameterInvalid", (await UpsertAsync(cloud, body)).Outcome);
    }

    [Theory]
    [InlineData("sls", "audit_log", "attributeMode", "cn-hangzhou")]
    [InlineData("sls", "audit_log", "all", "")]
    [InlineData("kms", "audit_log", "all", "")]
    public async Task Upsert_refuses_modes_that_a_kind_of_log_does_not_have(
        string product,
        string data,
        string mode,
        string dataRegion
    )
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = Body();
        (body["productCode"], body["dataCode"]) = (product, data);
        body["policyConfig"] = new JObject { ["resourceMode"] = mode };
        body["dataConfig"] = new JObject { ["dataRegion"] = dataRegion };

        Assert.Equal("400 ParameterInvalid", (await UpsertAsync(cloud, body)).Outcome);
    }

    [Fact]
    public async Task Upsert_refuses_a_central_project_that_is_not_the_callers()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var missing = Body();
        missing["centralizeConfig"]!["destProject"] = "no-project";

        Assert.Equal("404 ProjectNotExist", (await UpsertAsync(cloud, missing)).Outcome);
        Assert.Equal(
            "401 Unauthorized",
            (await cloud.JsonAsync("POST", Path, Body(), project: null, key: cloud.Other, region: Shanghai)).Outcome
        );
    }

    [Fact]
    public async Task Product_and_kind_cannot_be_changed()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await UpsertAsync(cloud, Body());
        var other = Body();
        other["dataCode"] = "slow_log";

        Assert.Equal("400 ParameterInvalid", (await UpsertAsync(cloud, other)).Outcome);
    }

    [Fact]
    public async Task First_policy_needs_the_right_to_make_the_linked_role()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var without = cloud.UserKey(SlsCloud.Allow("log:*", "*"));
        const string Both = """
            {"Version":"1","Statement":[{"Effect":"Allow","Action":"log:*","Resource":"*"},
             {"Effect":"Allow","Action":"ram:CreateServiceLinkedRole","Resource":"*","Condition":{"StringEquals":{"ram:ServiceName":"audit.log.aliyuncs.com"}}}]}
            """;

        Assert.Equal(
            "401 Unauthorized",
            (await cloud.JsonAsync("POST", Path, Body(), project: null, key: without, region: Shanghai)).Outcome
        );
        Assert.Equal(
            "200",
            (
                await cloud.JsonAsync("POST", Path, Body(), project: null, key: cloud.UserKey(Both), region: Shanghai)
            ).Outcome
        );
        Assert.Equal(
            "200",
            (await cloud.JsonAsync("POST", Path, Body(), project: null, key: without, region: Shanghai)).Outcome
        );
    }

    [Fact]
    public async Task Directory_is_for_its_managers_and_reaches_its_members()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = Body();
        body["resourceDirectory"] = JObject.Parse("""{"accountGroupType":"all"}""");
        var custom = Body("audit-custom");
        custom["resourceDirectory"] = JObject.Parse("""{"accountGroupType":"custom","members":["1000000000000009"]}""");

        var without = await UpsertAsync(cloud, body);
        var organisation = Organisation.Create(cloud.Cloud, cloud.Cloud.FindAccount(SlsCloud.Uid)!);
        organisation.AddMember(cloud.Cloud.FindAccount(SlsCloud.OtherUid)!);
        var with = await UpsertAsync(cloud, body);
        var stranger = await UpsertAsync(cloud, custom);
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));
        var verdict = cloud
            .Cloud.Services.Get<ICollectionPolicies>()
            .Decide(Subject("rm-1") with { AccountId = SlsCloud.OtherUid });

        Assert.Equal(
            ("401 Unauthorized", "200", "400 ParameterInvalid"),
            (without.Outcome, with.Outcome, stranger.Outcome)
        );
        Assert.Equal("rds-log-" + SlsCloud.OtherUid + "-cn-hangzhou", verdict.Project);
        Assert.Equal([SlsCloud.Uid], verdict.Central.Select(target => target.AccountId));
    }

    [Fact]
    public async Task Instance_is_collected_while_one_enabled_policy_hits_it()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        await UpsertAsync(cloud, Body());
        var second = Body("audit-second");
        second["policyConfig"] = JObject.Parse("""{"resourceMode":"instanceMode","instanceIds":["rm-1"]}""");
        second["centralizeEnabled"] = false;
        await UpsertAsync(cloud, second);

        Assert.False(Decide(cloud, "rm-1").Collected);
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(Decide(cloud, "rm-1").Collected);
        Assert.Equal(["audit-center"], Decide(cloud, "rm-2").Central.Select(target => target.Project));

        var off = Body();
        off["enabled"] = false;
        await UpsertAsync(cloud, off);
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True(Decide(cloud, "rm-1").Collected);
        Assert.Empty(Decide(cloud, "rm-1").Central);
        Assert.False(Decide(cloud, "rm-2").Collected);
    }

    [Theory]
    [InlineData("""{"resourceMode":"attributeMode","regions":["cn-*"],"resourceTags":{"env":"prod"}}""", true)]
    [InlineData("""{"resourceMode":"attributeMode","regions":[],"resourceTags":{}}""", true)]
    [InlineData("""{"resourceMode":"attributeMode","regions":["us-*"],"resourceTags":{"env":"prod"}}""", false)]
    [InlineData(
        """{"resourceMode":"attributeMode","regions":["cn-*"],"resourceTags":{"env":"prod","team":"x"}}""",
        false
    )]
    public async Task Attributes_choose_by_region_and_all_tags(string config, bool hit)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = Body();
        body["policyConfig"] = JObject.Parse(config);
        await UpsertAsync(cloud, body);
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(hit, Decide(cloud, "rm-1").Collected);
    }

    [Fact]
    public async Task Logs_go_to_the_default_logstore_and_on_to_the_centre()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var body = Body();
        body["centralizeConfig"]!["destLogstore"] = "new_log";
        await UpsertAsync(cloud, body);
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));

        var delivered = cloud
            .Cloud.Services.Get<ICollectionPolicies>()
            .Deliver(Subject("rm-1"), "", "", [], [SlsCloud.Item(1768465845, ("sql", "select 1"))]);
        var centralizer = cloud.Cloud.Services.Get<Centralizer>();
        centralizer.Run();
        var early = cloud.Sls.Logstore(SlsCloud.Project, "new_log");
        cloud.Clock.Advance(TimeSpan.FromSeconds(11));
        centralizer.Run();

        Assert.True(delivered);
        Assert.Null(early);
        Assert.Equal(1, Count(cloud, "rds-log-" + SlsCloud.Uid + "-cn-hangzhou", "rds_audit_log"));
        Assert.Equal(1, Count(cloud, SlsCloud.Project, "new_log"));
        Assert.Equal(184, cloud.Sls.Logstore(SlsCloud.Project, "new_log")!.Settings.TtlDays);
    }

    private static long Count(SlsCloud cloud, string project, string logstore) =>
        cloud.Sls.Logstore(project, logstore)!.Shards.Sum(shard => shard.EndCursor - shard.BeginCursor);

    private static PolicyVerdict Decide(SlsCloud cloud, string instance) =>
        cloud.Cloud.Services.Get<ICollectionPolicies>().Decide(Subject(instance));

    private static PolicySubject Subject(string instance) =>
        new(
            SlsCloud.Uid,
            "rds",
            "audit_log",
            instance,
            SlsCloud.Region,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["env"] = "prod" }
        );

    private static Task<SlsAnswer> UpsertAsync(SlsCloud cloud, JObject body) =>
        cloud.JsonAsync("POST", Path, body, project: null, region: Shanghai);

    private static Task<SlsAnswer> ReadAsync(SlsCloud cloud, string more) =>
        cloud.SendAsync("GET", Path + more, [], project: null, region: Shanghai);

    private static JObject Body(string name = "audit-rds") =>
        JObject.Parse(
            $$$"""
            {"policyName":"{{{name}}}","productCode":"rds","dataCode":"audit_log","enabled":true,"policyConfig":{"resourceMode":"all"},
             "centralizeEnabled":true,"centralizeConfig":{"destRegion":"cn-hangzhou","destProject":"audit-center","destLogstore":"rds_log","destTTL":184}}
            """
        );
}
