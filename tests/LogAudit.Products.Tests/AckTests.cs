using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

public sealed class AckTests
{
    private const string Ingress = """{"IngressDashboardEnabled":"true","sls_project_name":"k8s-log-c-1"}""";

    [Fact]
    public async Task ListAsync_follows_the_pages_of_a_path_and_reads_what_the_policy_language_asks_for()
    {
        var region = new AckCloud([.. Enumerable.Range(1, 51).Select(number => $"c-{number}")]);

        var clusters = await region.Cloud.Handler("ack").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(51, clusters.Count);
        Assert.Equal("ManagedKubernetes", clusters[0].Properties["cluster.type"]);
        Assert.Equal("prod", clusters[50].Tags["env"]);
        Assert.Equal("GET", region.Exchanges.Seen[0].Method);
        Assert.Equal("/regions/cn-hangzhou/clusters", region.Exchanges.Seen[0].Path);
        Assert.Equal(2, region.Exchanges.Count("DescribeClustersForRegion"));
    }

    [Theory]
    [InlineData("audit", "audit-c-1")]
    [InlineData("event", "k8s-event")]
    [InlineData("ingress", "nginx-ingress")]
    public async Task ObserveAsync_says_where_the_log_of_a_cluster_lands(string kind, string logstore)
    {
        var region = new AckCloud("c-1");
        region.Audit("c-1", "k8s-log-c-1");
        region.Components["c-1"] = new()
        {
            ["ack-node-problem-detector"] = """{"sls_project_name":"k8s-log-c-1"}""",
            ["nginx-ingress-controller"] = "",
            ["logtail-ds"] = Ingress,
        };

        var observed = (await region.ObserveAsync(kind))["c-1"];

        Assert.IsType<Observation.Enabled>(observed.State);
        Assert.Equal(
            new LogTarget(Cloud.Account, Cloud.Region, new ProjectName("k8s-log-c-1"), new LogstoreName(logstore)),
            observed.Lands
        );
    }

    [Fact]
    public async Task ObserveAsync_leaves_an_audit_that_goes_to_another_project_and_says_what_to_do()
    {
        var region = new AckCloud("c-1");
        region.Audit("c-1", "team-logs");

        var observed = (await region.ObserveAsync("audit"))["c-1"];

        Assert.Contains("k8s-log-c-1", Assert.IsType<Observation.Disabled>(observed.State).Todo);
        Assert.Empty(observed.Fixes);
    }

    [Theory]
    [InlineData("ExternalKubernetes", "running", typeof(Observation.NotApplicable))]
    [InlineData("ManagedKubernetes", "deleting", typeof(Observation.NotApplicable))]
    [InlineData("ManagedKubernetes", "initial", typeof(Observation.Unknown))]
    public async Task ObserveAsync_asks_nothing_of_a_cluster_that_cannot_answer(string type, string state, Type answer)
    {
        var region = new AckCloud();
        region.Clusters.Add(AckCloud.Cluster("c-1", state, type));

        var observed = (await region.ObserveAsync("audit"))["c-1"];

        Assert.IsType(answer, observed.State);
        Assert.True(observed.State is not Observation.Unknown { LookAgain: false });
        Assert.Single(region.Exchanges.Seen);
    }

    [Fact]
    public async Task ObserveAsync_tells_a_person_to_install_what_writes_the_events()
    {
        var region = new AckCloud("c-1");
        region.Components["c-1"].Clear();

        var observed = (await region.ObserveAsync("event"))["c-1"];

        Assert.Contains(
            "install the component ack-node-problem-detector",
            Assert.IsType<Observation.Disabled>(observed.State).Todo
        );
        Assert.Empty(observed.Fixes);
    }

    [Fact]
    public async Task ObserveAsync_knows_a_cluster_without_ingress_from_one_whose_ingress_is_not_logged()
    {
        var region = new AckCloud("c-none", "c-off");
        region.Components["c-off"]["nginx-ingress-controller"] = "";
        region.Components["c-off"]["logtail-ds"] =
            """{"IngressDashboardEnabled":"false","sls_project_name":"k8s-log-c-off"}""";

        var observed = await region.ObserveAsync("ingress");

        Assert.IsType<Observation.NotApplicable>(observed["c-none"].State);
        Assert.Contains("ingress dashboard", Assert.IsType<Observation.Disabled>(observed["c-off"].State).Todo);
    }

    [Fact]
    public async Task ObserveAsync_looks_again_while_a_component_is_changed()
    {
        var region = new AckCloud("c-1") { ComponentState = "upgrading" };

        var state = (await region.ObserveAsync("event"))["c-1"].State;

        Assert.True(Assert.IsType<Observation.Unknown>(state).LookAgain);
    }

    [Theory]
    [InlineData("audit", "GetClusterAuditProject", 403, "Forbidden")]
    [InlineData("event", "ListClusterAddonInstances", 429, "Throttling.User")]
    [InlineData("event", "GetClusterAddonInstance", 500, "InternalError")]
    public async Task ObserveAsync_reports_unknown_when_a_read_is_refused(
        string kind,
        string action,
        int status,
        string code
    )
    {
        var region = new AckCloud("c-1");
        region.Exchanges.Fail(action, status, code);

        var observed = (await region.ObserveAsync(kind))["c-1"];

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(observed.State).Why);
        Assert.Empty(observed.Fixes);
    }

    [Theory]
    [InlineData("GetClusterAuditProject", "audit", "{}")]
    [InlineData("GetClusterAddonInstance", "event", """{"config":"no json"}""")]
    [InlineData("ListClusterAddonInstances", "event", "{}")]
    public async Task ObserveAsync_reports_unknown_when_an_answer_lacks_what_it_must_say(
        string action,
        string kind,
        string answer
    )
    {
        var region = new AckCloud("c-1");
        region.Exchanges.Answer(action, answer);

        var state = Assert.IsType<Observation.Unknown>((await region.ObserveAsync(kind))["c-1"].State);
        Assert.StartsWith($"CS:{action} failed in account {Cloud.Account}, region {Cloud.Region}: ", state.Why);
    }

    [Fact]
    public async Task WriteAsync_switches_the_audit_on_once_and_off_again()
    {
        var region = new AckCloud("c-1");
        var fix = Assert.Single((await region.ObserveAsync("audit"))["c-1"].Fixes);
        var handler = region.Cloud.Handler("ack");

        await handler.WriteAsync(fix, default);
        await handler.WriteAsync(fix, default);
        Assert.IsType<Observation.Enabled>((await region.ObserveAsync("audit"))["c-1"].State);
        await handler.WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        Assert.Equal(2, region.Exchanges.Count("UpdateClusterAuditLogConfig"));
        Assert.Equal(fix.From, await handler.ReadAsync(fix.Setting, default));
    }

    [Fact]
    public async Task WriteAsync_keeps_the_rest_of_the_configuration_of_a_component()
    {
        var region = new AckCloud("c-1");
        var fix = Assert.Single((await region.ObserveAsync("event"))["c-1"].Fixes);

        await region.Cloud.Handler("ack").WriteAsync(fix, default);

        var config = JObject.Parse(region.Components["c-1"]["ack-node-problem-detector"]);
        Assert.Equal(("keep", "k8s-log-c-1"), ((string?)config["Retention"], (string?)config["sls_project_name"]));
    }

    [Fact]
    public async Task WriteAsync_waits_while_the_cluster_is_busy()
    {
        var region = new AckCloud("c-1");
        var fix = Assert.Single((await region.ObserveAsync("audit"))["c-1"].Fixes);
        region.Exchanges.Once(
            "UpdateClusterAuditLogConfig",
            _ => Reply.Json("""{"code":"ErrorClusterState","message":"busy","requestId":"R"}""", 409)
        );

        await region.Cloud.Handler("ack").WriteAsync(fix, default);

        Assert.Equal(2, region.Exchanges.Count("UpdateClusterAuditLogConfig"));
    }

    [Fact]
    public async Task WriteAsync_refuses_a_setting_that_somebody_moved()
    {
        var region = new AckCloud("c-1");
        var fix = Assert.Single((await region.ObserveAsync("audit"))["c-1"].Fixes);
        region.Audit("c-1", "team-logs");

        await Assert.ThrowsAsync<SettingMovedException>(() => region.Cloud.Handler("ack").WriteAsync(fix, default));
        Assert.Equal(0, region.Exchanges.Count("UpdateClusterAuditLogConfig"));
    }
}
