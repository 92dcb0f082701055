using System.Collections.Concurrent;
using LogAudit.LocalCloud.Events;
using LogAudit.LocalCloud.Tests.Products;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Events;

public sealed class EventBusesTests
{
    private const string Version = "2020-04-01";
    private const string Host = "eventbridge-console.cn-hangzhou.aliyuncs.com";
    private const string Wide =
        """{"type":[{"suffix":":ActionTrail:ApiCall"},{"suffix":":ActionTrail:ConsoleOperation"}]}""";

    [Fact]
    public async Task Write_events_of_the_own_account_and_region_reach_the_target_in_their_envelope()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var target = Listen(cloud);
        await Rule(cloud, "all-writes", Wide);

        await Lb(cloud, "cn-shanghai");
        await cloud.CallAsAsync(
            cloud.OtherKey(),
            "slb.aliyuncs.com",
            "2014-05-15",
            "CreateLoadBalancer",
            ("RegionId", "cn-hangzhou")
        );
        await cloud.CallAsync("slb.aliyuncs.com", "2014-05-15", "DescribeLoadBalancers", ("RegionId", "cn-hangzhou"));
        await Lb(cloud, "cn-hangzhou");
        await target.UntilAsync(taken => taken.Any(d => IsCreate(d.Event)));

        var happened = Assert.Single(target.Taken, d => IsCreate(d.Event)).Event;
        Assert.Equal("acs.slb", (string?)happened["source"]);
        Assert.Equal("slb:ActionTrail:ApiCall", (string?)happened["type"]);
        Assert.Equal(ProductCloud.Uid, (string?)happened["aliyunaccountid"]);
        Assert.Equal("cn-hangzhou", (string?)happened["aliyunregionid"]);
        Assert.Equal((string?)happened["id"], (string?)happened.SelectToken("data.eventId"));
        Assert.All(target.Taken, d => Assert.Equal("Write", (string?)d.Event.SelectToken("data.eventRW")));
    }

    [Fact]
    public async Task A_refused_delivery_is_tried_again_three_times_and_then_given_up()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var target = Listen(cloud, accept: false);
        await Rule(cloud, "creates", """{"data":{"eventName":["CreateLoadBalancer"]}}""");

        await Lb(cloud, "cn-hangzhou");
        await target.UntilAsync(taken => taken.Count >= 4);

        Assert.Equal([1, 2, 3, 4], target.Taken.Select(d => d.Attempt));
    }

    [Fact]
    public async Task Duplicates_happen_when_the_scenario_wants_them()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Cloud.Services.Get<EventBuses>().DuplicateProbability = 1;
        var target = Listen(cloud);
        await Rule(cloud, "creates", """{"data":{"eventName":["CreateLoadBalancer"]}}""");

        await Lb(cloud, "cn-hangzhou");
        await target.UntilAsync(taken => taken.Count >= 2);

        Assert.Single(target.Taken.Select(d => (string?)d.Event["id"]).Distinct());
    }

    [Fact]
    public async Task Rules_are_limited_checked_listed_and_deleted()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var answers = new List<int>();
        for (var i = 0; i < 11; i++)
        {
            answers.Add((await Rule(cloud, $"rule-{i:00}", Wide)).Status);
        }
        var bad = await cloud.CallAsync(
            Host,
            Version,
            "UpdateRule",
            ("EventBusName", "default"),
            ("RuleName", "rule-00"),
            ("FilterPattern", """{"type":"x"}""")
        );
        var foreign = await cloud.CallAsync(
            Host,
            Version,
            "PutTargets",
            ("EventBusName", "default"),
            ("RuleName", "rule-00"),
            (
                "Targets",
                """[{"Id":"f","Type":"acs.fc.function","Endpoint":"acs:fc:cn-shanghai:1000000000000001:functions/f"}]"""
            )
        );
        await cloud.CallAsync(Host, Version, "DeleteRule", ("EventBusName", "default"), ("RuleName", "rule-09"));
        var (_, list) = await cloud.CallAsync(Host, Version, "ListRules", ("EventBusName", "default"), ("Limit", "5"));

        Assert.Equal([.. Enumerable.Repeat(200, 10), 409], answers);
        Assert.Equal((400, 400), (bad.Status, foreign.Status));
        Assert.Equal(9, (int)list.SelectToken("Data.Total")!);
        Assert.Equal(5, ((JArray)list.SelectToken("Data.Rules")!).Count);
        Assert.NotEqual("", (string?)list.SelectToken("Data.NextToken"));
    }

    private static bool IsCreate(JObject happened) =>
        (string?)happened.SelectToken("data.eventName") is "CreateLoadBalancer";

    private static Task Lb(ProductCloud cloud, string region) =>
        cloud.CallAsync("slb.aliyuncs.com", "2014-05-15", "CreateLoadBalancer", ("RegionId", region));

    private static Task<(int Status, JObject Body)> Rule(ProductCloud cloud, string name, string pattern) =>
        cloud.CallAsync(
            Host,
            Version,
            "CreateRule",
            ("EventBusName", "default"),
            ("RuleName", name),
            ("FilterPattern", pattern),
            ("EventTargets", """[{"Id":"t","Type":"test.listener","Endpoint":"test"}]""")
        );

    private static Listener Listen(ProductCloud cloud, bool accept = true)
    {
        var listener = new Listener(accept);
        cloud.Cloud.Services.Get<EventBuses>().AddTarget(listener);
        return listener;
    }

    /// <summary>Remembers what it was given.</summary>
    private sealed class Listener(bool accept) : IEventTarget
    {
        private readonly ConcurrentQueue<EventDelivery> _taken = new();

        public string Type => "test.listener";

        public IReadOnlyList<EventDelivery> Taken => [.. _taken];

        public Task<bool> DeliverAsync(EventDelivery delivery, CancellationToken cancel)
        {
            _taken.Enqueue(delivery);
            return Task.FromResult(accept);
        }

        public async Task UntilAsync(Func<IReadOnlyList<EventDelivery>, bool> condition)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
            while (!condition(Taken))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
            }
        }
    }
}
