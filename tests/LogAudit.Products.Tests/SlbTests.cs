using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

public sealed class SlbTests
{
    private const string Regional = "logaudit-region-1000000000000001-cn-hangzhou";
    private static readonly LogTarget Target = Cloud.Target("slb_log");

    [Fact]
    public async Task ListAsync_reads_every_page_with_names_properties_and_tags()
    {
        var cloud = new Cloud();
        cloud.Exchanges.Load("Exchanges/slb/two-pages.json");

        var resources = await cloud.Handler("slb").ListAsync(Cloud.All, default).ToListAsync();

        Assert.Equal(101, resources.Count);
        Assert.Equal("web", resources[0].Name);
        Assert.Equal("vpc", resources[0].Properties["instance.network_type"]);
        Assert.Equal("prod", resources[0].Tags["env"]);
        Assert.Equal("lb-last", resources[^1].Name);
    }

    [Fact]
    public async Task ListAsync_asks_only_for_the_ids_in_scope()
    {
        var cloud = Regions(attributes: [], listeners: []);

        await cloud.Handler("slb").ListAsync(Cloud.All with { ResourceIds = ["lb-1", "lb-2"] }, default).ToListAsync();

        Assert.Equal("lb-1,lb-2", Assert.Single(cloud.Exchanges.Seen)["LoadBalancerId"]);
    }

    [Fact]
    public async Task ObserveAsync_tells_on_off_and_not_applicable_apart_with_one_list_of_each()
    {
        var cloud = Regions(
            attributes: [("lb-1", Regional, "slb_log")],
            listeners: [("lb-1", "https"), ("lb-2", "http"), ("lb-3", "tcp")]
        );

        var observed = await cloud.ObserveAsync("slb", "access", Target);

        Assert.IsType<Observation.Enabled>(observed["lb-1"].State);
        Assert.IsType<Observation.Disabled>(observed["lb-2"].State);
        Assert.Equal(new Observation.NotApplicable("it has no HTTP or HTTPS listener"), observed["lb-3"].State);
        Assert.Equal(1, cloud.Exchanges.Count("DescribeAccessLogsDownloadAttribute"));
        Assert.Equal(1, cloud.Exchanges.Count("DescribeLoadBalancerListeners"));
        Assert.Equal($"logstore=slb_log project={Regional}", Assert.Single(observed["lb-2"].Fixes).To!.ToString());
    }

    [Fact]
    public async Task ObserveAsync_leaves_the_log_of_somebody_else_unless_it_may_redirect()
    {
        var attributes = new[] { ("lb-1", "team-logs", "access") };
        var listeners = new[] { ("lb-1", "https") };

        var left = await Regions(attributes, listeners).ObserveAsync("slb", "access", Target);
        var moved = await Regions(attributes, listeners, options => options with { RedirectAccessLogs = ["slb"] })
            .ObserveAsync("slb", "access", Target);

        Assert.Contains("team-logs/access", Assert.IsType<Observation.Disabled>(left["lb-1"].State).Why);
        Assert.Empty(left["lb-1"].Fixes);
        Assert.Collection(
            moved["lb-1"].Fixes,
            off => Assert.Null(off.To),
            on => Assert.Equal("slb_log", on.To!["logstore"])
        );
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(400, "Throttling.User")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ObserveAsync_reports_unknown_when_the_read_is_refused(int status, string code)
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        cloud.Exchanges.Fail("DescribeAccessLogsDownloadAttribute", status, code);

        var observed = await cloud.ObserveAsync("slb", "access", Target);

        Assert.Contains(code, Assert.IsType<Observation.Unknown>(observed["lb-1"].State).Why);
        Assert.Empty(observed["lb-1"].Fixes);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"LogsDownloadAttributes":{"LogsDownloadAttribute":[{"LoadBalancerId":"lb-1"}]}}""")]
    [InlineData("<html>")]
    public async Task ObserveAsync_reports_unknown_when_the_answer_is_unreadable(string answer)
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        cloud.Exchanges.Answer("DescribeAccessLogsDownloadAttribute", answer);

        var observed = await cloud.ObserveAsync("slb", "access", Target);

        Assert.IsType<Observation.Unknown>(observed["lb-1"].State);
    }

    [Fact]
    public async Task WriteAsync_sets_the_attribute_once_and_succeeds_again_without_a_write()
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        var fix = (await cloud.ObserveAsync("slb", "access", Target))["lb-1"].Fixes[0];

        await cloud.Handler("slb").WriteAsync(fix, default);
        await cloud.Handler("slb").WriteAsync(fix, default);

        Assert.Equal(1, cloud.Exchanges.Count("SetAccessLogsDownloadAttribute"));
        Assert.IsType<Observation.Enabled>((await cloud.ObserveAsync("slb", "access", Target))["lb-1"].State);
    }

    [Fact]
    public async Task WriteAsync_waits_for_a_project_that_is_not_known_yet()
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        var fix = (await cloud.ObserveAsync("slb", "access", Target))["lb-1"].Fixes[0];
        cloud.Exchanges.Once("SetAccessLogsDownloadAttribute", _ => Reply.Error(400, "InvalidProject.NotExist"));

        await cloud.Handler("slb").WriteAsync(fix, default);

        Assert.Equal(2, cloud.Exchanges.Count("SetAccessLogsDownloadAttribute"));
    }

    [Fact]
    public async Task WriteAsync_reads_back_when_the_answer_was_lost()
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        var fix = (await cloud.ObserveAsync("slb", "access", Target))["lb-1"].Fixes[0];
        cloud.Exchanges.Once(
            "SetAccessLogsDownloadAttribute",
            request =>
            {
                cloud.Exchanges.Answer(
                    "DescribeAccessLogsDownloadAttribute",
                    Attributes([("lb-1", Regional, "slb_log")])
                );
                return Reply.Cut;
            }
        );

        await cloud.Handler("slb").WriteAsync(fix, default);

        Assert.Equal(1, cloud.Exchanges.Count("SetAccessLogsDownloadAttribute"));
    }

    [Fact]
    public async Task WriteAsync_refuses_when_somebody_changed_the_attribute_after_the_plan()
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        var fix = (await cloud.ObserveAsync("slb", "access", Target))["lb-1"].Fixes[0];
        cloud.Exchanges.Answer("DescribeAccessLogsDownloadAttribute", Attributes([("lb-1", "team-logs", "access")]));

        var refusal = await Assert.ThrowsAsync<SettingMovedException>(() =>
            cloud.Handler("slb").WriteAsync(fix, default)
        );

        Assert.Contains("team-logs", refusal.Message);
        Assert.Equal(0, cloud.Exchanges.Count("SetAccessLogsDownloadAttribute"));
    }

    [Fact]
    public async Task WriteAsync_takes_a_change_back_with_the_states_exchanged()
    {
        var cloud = Regions(attributes: [], listeners: [("lb-1", "http")]);
        var fix = (await cloud.ObserveAsync("slb", "access", Target))["lb-1"].Fixes[0];

        await cloud.Handler("slb").WriteAsync(fix, default);
        await cloud.Handler("slb").WriteAsync(fix with { From = fix.To, To = fix.From }, default);

        Assert.Null(await cloud.Handler("slb").ReadAsync(fix.Setting, default));
    }

    /// <summary>A region whose attributes can be set and deleted.</summary>
    internal static Cloud Regions(
        (string Id, string Project, string Logstore)[] attributes,
        (string Id, string Protocol)[] listeners,
        Func<ProductOptions, ProductOptions>? options = null
    )
    {
        var cloud = new Cloud(options);
        var present = attributes.ToList();
        cloud
            .Exchanges.Answer("DescribeLoadBalancers", Balancers(listeners.Select(listener => listener.Id).Distinct()))
            .Answer(
                "DescribeLoadBalancerListeners",
                new JObject
                {
                    ["Listeners"] = new JArray(
                        listeners.Select(listener => new JObject
                        {
                            ["LoadBalancerId"] = listener.Id,
                            ["ListenerProtocol"] = listener.Protocol,
                        })
                    ),
                }.ToString()
            )
            .On("DescribeAccessLogsDownloadAttribute", _ => Reply.Json(Attributes([.. present])))
            .On(
                "SetAccessLogsDownloadAttribute",
                request =>
                {
                    var set = JArray.Parse(request["LogsDownloadAttributes"])[0];
                    present.Add(((string)set["LoadBalancerId"]!, (string)set["LogProject"]!, (string)set["LogStore"]!));
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            )
            .On(
                "DeleteAccessLogsDownloadAttribute",
                request =>
                {
                    present.RemoveAll(attribute => attribute.Id == request["LoadBalancerId"]);
                    return Reply.Json("""{"RequestId":"R"}""");
                }
            );
        return cloud;
    }

    private static string Balancers(IEnumerable<string> ids) =>
        new JObject
        {
            ["TotalCount"] = ids.Count(),
            ["LoadBalancers"] = new JObject
            {
                ["LoadBalancer"] = new JArray(ids.Select(id => new JObject { ["LoadBalancerId"] = id })),
            },
        }.ToString();

    private static string Attributes((string Id, string Project, string Logstore)[] attributes) =>
        new JObject
        {
            ["TotalCount"] = attributes.Length,
            ["LogsDownloadAttributes"] = new JObject
            {
                ["LogsDownloadAttribute"] = new JArray(
                    attributes.Select(attribute => new JObject
                    {
                        ["LoadBalancerId"] = attribute.Id,
                        ["LogProject"] = attribute.Project,
                        ["LogStore"] = attribute.Logstore,
                        ["LogType"] = "layer7",
                    })
                ),
            },
        }.ToString();
}
