using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Sls;

public sealed class ProjectTests
{
    [Fact]
    public async Task Project_lives_through_create_get_update_list_delete()
    {
        await using var cloud = await SlsCloud.StartAsync();

        Assert.Equal("200", (await cloud.JsonAsync("POST", "/", Body("my-project"), project: null)).Outcome);
        Assert.Equal("200", (await cloud.JsonAsync("POST", "/", Body("my-second"), project: "my-second")).Outcome);
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(
            "200",
            (await cloud.JsonAsync("PUT", "/", new JObject { ["description"] = "new" }, "my-project")).Outcome
        );
        var got = (await cloud.GetAsync("/", "my-project")).Json;
        var list = (await cloud.GetAsync("/?offset=1&size=1", project: null)).Json;

        Assert.Equal("new", (string?)got["description"]);
        Assert.Equal("1768465845", (string?)got["createTime"]);
        Assert.Equal(
            ("1", "2", "my-second"),
            ((string?)list["count"], (string?)list["total"], (string?)list["projects"]![0]!["projectName"])
        );
        Assert.Equal("200", (await cloud.DeleteAsync("/", "my-project")).Outcome);
        Assert.Equal("404 ProjectNotExist", (await cloud.GetAsync("/", "my-project")).Outcome);
    }

    [Fact]
    public async Task Project_name_is_taken_for_every_account()
    {
        await using var cloud = await SlsCloud.StartAsync();
        await cloud.JsonAsync("POST", "/", Body("my-project"), project: null);

        var again = await cloud.JsonAsync("POST", "/", Body("my-project"), project: null, key: cloud.Other);
        var foreign = await cloud.GetAsync("/", "my-project", cloud.Other);

        Assert.Equal("400 ProjectAlreadyExist", again.Outcome);
        Assert.Equal("401 Unauthorized", foreign.Outcome);
    }

    [Fact]
    public async Task New_project_refuses_its_children_for_a_minute()
    {
        await using var cloud = await SlsCloud.StartAsync();
        await cloud.JsonAsync("POST", "/", Body("my-project"), project: null);

        var early = await cloud.GetAsync("/logstores", "my-project");
        var itself = await cloud.GetAsync("/", "my-project");
        cloud.Clock.Advance(TimeSpan.FromSeconds(61));
        var late = await cloud.GetAsync("/logstores", "my-project");

        Assert.Equal(("404 ProjectNotExist", "200", "200"), (early.Outcome, itself.Outcome, late.Outcome));
    }

    [Fact]
    public async Task Project_answers_on_all_networks_of_its_region_and_on_no_other_region()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var local = await cloud.SendAsync("GET", "/", [], SlsCloud.Project, region: SlsCloud.Region);
        var elsewhere = await cloud.SendAsync("GET", "/", [], SlsCloud.Project, region: "cn-shanghai");

        Assert.Equal(("200", "404 ProjectNotExist"), (local.Outcome, elsewhere.Outcome));
        Assert.Equal(24, local.Headers["x-log-requestid"].Length);
    }

    [Theory]
    [InlineData("hmac-sha1")]
    [InlineData("hmac-sha256")]
    public async Task Version_1_signatures_are_accepted(string digest)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var answer = await cloud.SendAsync("GET", "/logstores?offset=0&size=10", [], v1: digest);

        Assert.Equal("200", answer.Outcome);
    }

    [Theory]
    [InlineData("log:GetLogStore", "acs:log:*:*:project/audit-center/logstore/rds_log", "200")]
    [InlineData("log:GetLogStore", "acs:log:*:*:project/audit-center/logstore/other", "401 Unauthorized")]
    [InlineData("log:ListLogStores", "*", "401 Unauthorized")]
    public async Task Ram_decides_by_action_and_resource(string action, string resource, string outcome)
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        var answer = await cloud.GetAsync("/logstores/rds_log", key: cloud.UserKey(SlsCloud.Allow(action, resource)));

        Assert.Equal(outcome, answer.Outcome);
        if (outcome != "200")
            Assert.Equal("ImplicitDeny", (string?)answer.Json["accessDeniedDetail"]!["NoPermissionType"]);
    }

    [Fact]
    public async Task Unknown_parameters_and_operations_are_refused()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();

        Assert.Equal("400 ParameterInvalid", (await cloud.GetAsync("/logstores?limit=5")).Outcome);
        Assert.Equal("501 NotImplemented", (await cloud.GetAsync("/machinegroups")).Outcome);
    }

    [Fact]
    public async Task Tags_are_set_listed_and_removed()
    {
        await using var cloud = await SlsCloud.StartWithLogstoreAsync();
        var tag = JObject.Parse(
            """{"resourceType":"project","resourceId":["audit-center"],"tags":[{"key":"env","value":"prod"}]}"""
        );

        Assert.Equal("200", (await cloud.JsonAsync("POST", "/tag", tag, project: null)).Outcome);
        var listed = await cloud.GetAsync(
            "/tags?resourceType=project&resourceId=" + Uri.EscapeDataString("""["audit-center"]"""),
            project: null
        );
        var untag = JObject.Parse("""{"resourceType":"project","resourceId":["audit-center"],"tags":["env"]}""");
        Assert.Equal("200", (await cloud.JsonAsync("POST", "/untag", untag, project: null)).Outcome);

        Assert.Equal("prod", (string?)listed.Json["tagResources"]![0]!["tagValue"]);
        Assert.Empty((await cloud.GetAsync("/tags?resourceType=project", project: null)).Json["tagResources"]!);
    }

    private static JObject Body(string name) => new() { ["projectName"] = name, ["description"] = "" };
}
