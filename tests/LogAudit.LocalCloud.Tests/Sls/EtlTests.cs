using LogAudit.LocalCloud.Sls.Jobs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class EtlTests
{
    private const string Member = "logaudit-region";
    private const string Sink = "acs:ram::" + SlsCloud.Uid + ":role/logaudit-etl-sink";
    private const string Source = "acs:ram::" + SlsCloud.OtherUid + ":role/logaudit-etl";

    private const string ReadPolicy = """
        {"Version":"1","Statement":[{"Effect":"Allow","Action":["log:ListShards","log:GetCursorOrData","log:GetConsumerGroupCheckPoint","log:UpdateConsumerGroup",
        "log:ConsumerGroupHeartBeat","log:ConsumerGroupUpdateCheckPoint","log:ListConsumerGroup","log:CreateConsumerGroup"],
        "Resource":["acs:log:*:*:project/logaudit-region/logstore/slb_log","acs:log:*:*:project/logaudit-region/logstore/slb_log/*"]}]}
        """;

    [Fact]
    public async Task Job_copies_across_accounts_with_tags_and_topic()
    {
        await using var cloud = await WithRolesAsync();

        var made = await cloud.JsonAsync(
            "POST",
            "/etls",
            Job("""* | extend "__tag__:origin" = 'member', kind = 'slb''s'"""),
            Member,
            cloud.Other
        );
        Write(cloud, "one");
        Run(cloud);
        Write(cloud, "two");
        Run(cloud);
        var pulled = await cloud.PullAsync(await cloud.CursorAsync("begin"));

        Assert.Equal("200", made.Outcome);
        Assert.Equal(["one", "two"], pulled.Messages());
        Assert.Equal(["slb's", "slb's"], pulled.Messages("kind"));
        Assert.Equal("access", pulled.Groups[0].Topic);
        Assert.Equal(["host=h1", "origin=member"], pulled.Groups[0].LogTags.Select(tag => tag.Key + "=" + tag.Value));
        Assert.Equal("RUNNING", await StatusAsync(cloud));
    }

    [Fact]
    public async Task Job_may_give_its_records_another_topic()
    {
        await using var cloud = await WithRolesAsync();
        await cloud.JsonAsync(
            "POST",
            "/etls",
            Job("* | extend __topic__ = 'audit', owner_id = '1'"),
            Member,
            cloud.Other
        );
        Write(cloud, "one");

        Run(cloud);

        var pulled = await cloud.PullAsync(await cloud.CursorAsync("begin"));
        Assert.Equal("audit", Assert.Single(pulled.Groups).Topic);
        Assert.Equal(["1"], pulled.Messages("owner_id"));
    }

    [Fact]
    public async Task Job_takes_a_part_of_the_topic_into_a_field_before_it_changes_the_topic()
    {
        await using var cloud = await WithRolesAsync();
        await cloud.JsonAsync(
            "POST",
            "/etls",
            Job(
                "* | extend __topic__ = 'audit_one_two' | parse-regexp __topic__, '^audit_([^_]+)_' as part | parse-regexp __topic__, '^other_(.*)' as none | extend __topic__ = 'audit'"
            ),
            Member,
            cloud.Other
        );
        Write(cloud, "one");

        Run(cloud);

        var pulled = await cloud.PullAsync(await cloud.CursorAsync("begin"));
        Assert.Equal("audit", Assert.Single(pulled.Groups).Topic);
        Assert.Equal(["one"], pulled.Messages("part"));
        Assert.DoesNotContain(pulled.Groups[0].Logs[0].Contents, content => content.Key is "none");
    }

    [Theory]
    [InlineData("log.aliyuncs.com")]
    [InlineData("1000000000000009@log.aliyuncs.com")]
    public async Task Job_stands_still_while_the_sink_role_does_not_trust_its_account(string principal)
    {
        await using var cloud = await WithRolesAsync(sinkTrust: principal);
        await cloud.JsonAsync("POST", "/jobs", Job("*", "ETL"), Member, cloud.Other);
        Write(cloud, "one");

        Run(cloud);

        Assert.Equal("FAILED", await StatusAsync(cloud));
        Assert.Empty((await cloud.PullAsync(await cloud.CursorAsync("begin"))).Body);
    }

    [Fact]
    public async Task Job_goes_on_where_it_stood_once_its_rights_are_mended()
    {
        await using var cloud = await WithRolesAsync(
            sinkPolicy: SlsCloud.Allow("log:PostLogStoreLogs", "acs:log:*:*:project/other/*")
        );
        await cloud.JsonAsync("POST", "/etls", Job("*"), Member, cloud.Other);
        Write(cloud, "one");
        Run(cloud);
        var failed = (await cloud.GetAsync("/etls/to-center", Member, cloud.Other)).Json;

        var role = cloud.Cloud.FindRole(Sink)!;
        role.Attached.Add(LocalCloud.Kernel.PolicyAttachment.Inline(SlsCloud.Allow("log:PostLogStoreLogs", "*")));
        Write(cloud, "two");
        Run(cloud);

        Assert.Contains("log:PostLogStoreLogs", (string?)failed["statusReason"], StringComparison.Ordinal);
        Assert.Equal(["one", "two"], (await cloud.PullAsync(await cloud.CursorAsync("begin"))).Messages());
        Assert.Equal("RUNNING", await StatusAsync(cloud));
    }

    [Fact]
    public async Task Job_stops_and_starts_on_demand()
    {
        await using var cloud = await WithRolesAsync();
        await cloud.JsonAsync("POST", "/etls", Job("*"), Member, cloud.Other);
        await cloud.SendAsync("PUT", "/etls/to-center?action=STOP", [], Member, cloud.Other);
        Write(cloud, "one");
        Run(cloud);

        Assert.Equal("STOPPED", await StatusAsync(cloud));
        Assert.Empty((await cloud.PullAsync(await cloud.CursorAsync("begin"))).Body);
        await cloud.SendAsync("PUT", "/etls/to-center?action=START", [], Member, cloud.Other);
        Run(cloud);
        Assert.Equal(["one"], (await cloud.PullAsync(await cloud.CursorAsync("begin"))).Messages());
    }

    [Fact]
    public async Task Job_is_seen_in_both_families_of_paths()
    {
        await using var cloud = await WithRolesAsync();
        await cloud.JsonAsync("POST", "/etls", Job("*"), Member, cloud.Other);

        var jobs = await cloud.GetAsync("/jobs?jobType=ETL&offset=0&size=10", Member, cloud.Other);
        var etls = await cloud.GetAsync("/etls?logstore=slb_log&offset=0&size=10", Member, cloud.Other);
        var twice = await cloud.JsonAsync("POST", "/jobs", Job("*", "ETL"), Member, cloud.Other);

        Assert.Equal((1, 1), ((int)jobs.Json["total"]!, (int)etls.Json["count"]!));
        Assert.Equal("400 JobAlreadyExist", twice.Outcome);
        Assert.Equal("404 JobNotExist", (await cloud.GetAsync("/alerts/to-center", Member, cloud.Other)).Outcome);
    }

    [Theory]
    [InlineData("* | where status > 200")]
    [InlineData("* | extend a = upper(b)")]
    [InlineData("* | parse-regexp a, '(' as b")]
    [InlineData("* | parse-regexp a, '(.)(.)' as b, c")]
    [InlineData("e_set(\"a\", \"b\")")]
    public async Task Scripts_that_cannot_be_run_are_refused_by_name(string script)
    {
        await using var cloud = await WithRolesAsync();

        var answer = await cloud.JsonAsync("POST", "/etls", Job(script), Member, cloud.Other);

        Assert.Equal("400 ParameterInvalid", answer.Outcome);
        Assert.Contains("LocalCloud runs scripts of", (string?)answer.Json["errorMessage"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_must_be_passed_by_somebody_who_may()
    {
        await using var cloud = await WithRolesAsync();
        cloud.Sls.EnsureProject("own-project", SlsCloud.Uid, SlsCloud.Region);
        var job = Job("*");
        job["configuration"]!["roleArn"] = Sink;

        var without = await cloud.JsonAsync(
            "POST",
            "/etls",
            job,
            "own-project",
            cloud.UserKey(SlsCloud.Allow("log:CreateJob", "*"))
        );
        var with = await cloud.JsonAsync("POST", "/etls", job, "own-project", cloud.UserKey(SlsCloud.Allow("*", "*")));

        Assert.Equal(("401 Unauthorized", "200"), (without.Outcome, with.Outcome));
    }

    private static JObject Job(string script, string? type = null)
    {
        var job = JObject.Parse(
            $$$"""
            {"name":"to-center","displayName":"To the centre","description":"",
             "configuration":{"version":2,"lang":"SPL","logstore":"slb_log","script":"","parameters":{},"roleArn":"{{{Source}}}","fromTime":0,"toTime":0,
               "sinks":[{"name":"center","type":"AliyunLOG","endpoint":"cn-hangzhou-intranet.log.aliyuncs.com","project":"audit-center","logstore":"rds_log","roleArn":"{{{Sink}}}","datasets":["__UNNAMED__"]}]},
             "schedule":{"type":"Resident"}}
            """
        );
        job["configuration"]!["script"] = script;
        if (type is not null)
            job["type"] = type;
        return job;
    }

    private static async Task<SlsCloud> WithRolesAsync(
        string sinkTrust = SlsCloud.OtherUid + "@log.aliyuncs.com",
        string? sinkPolicy = null
    )
    {
        var cloud = await SlsCloud.StartWithLogstoreAsync();
        cloud.Sls.EnsureProject(Member, SlsCloud.OtherUid, SlsCloud.Region).EnsureLogstore("slb_log", 7, 1);
        cloud.Cloud.FindAccount(SlsCloud.OtherUid)!.AddRole("logaudit-etl", Trust("log.aliyuncs.com"), ReadPolicy);
        cloud
            .Cloud.FindAccount(SlsCloud.Uid)!
            .AddRole(
                "logaudit-etl-sink",
                Trust(sinkTrust),
                sinkPolicy ?? SlsCloud.Allow("log:PostLogStoreLogs", "acs:log:*:*:project/audit-center/logstore/*")
            );
        return cloud;
    }

    private static string Trust(string service) =>
        $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["{{{service}}}"]}}]}""";

    private static void Write(SlsCloud cloud, string text) =>
        cloud
            .Sls.Logstore(Member, "slb_log")!
            .Append([SlsCloud.Item(1768465845, ("message", text))], "access", "", [new("host", "h1")]);

    private static void Run(SlsCloud cloud) => cloud.Cloud.Services.Get<EtlRunner>().Run();

    private static async Task<string?> StatusAsync(SlsCloud cloud) =>
        (string?)(await cloud.GetAsync("/etls/to-center", Member, cloud.Other)).Json["status"];
}
