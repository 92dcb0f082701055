using LogAudit.OpenApi;
using LogAudit.Testing;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products.Tests;

public sealed class BastionhostTests
{
    private static readonly LogTarget Target = Cloud.Target("baston_log");

    [Fact]
    public async Task ObserveAsync_tells_a_person_what_to_do_and_plans_no_write()
    {
        var cloud = Region(("bastionhost-1", "RUNNING", false));

        var observed = (await cloud.ObserveAsync("bastionhost", "operation", Target))["bastionhost-1"];

        Assert.Contains("baston_log", Assert.IsType<Observation.Disabled>(observed.State).Todo);
        Assert.Empty(observed.Fixes);
        Assert.Empty(cloud.Handler("bastionhost").SettingKinds);
    }

    [Theory]
    [InlineData("PENDING", false, "initialise")]
    [InlineData("EXPIRED", false, "renew")]
    [InlineData("RUNNING", true, "upgrade the instance to V3.2")]
    public async Task ObserveAsync_tells_the_step_before_delivery_can_be_switched_on(
        string status,
        bool legacy,
        string step
    )
    {
        var cloud = Region(("bastionhost-1", status, legacy));

        var observed = (await cloud.ObserveAsync("bastionhost", "operation", Target))["bastionhost-1"];

        Assert.Contains(step, Assert.IsType<Observation.Disabled>(observed.State).Todo);
    }

    [Fact]
    public async Task ListAsync_asks_only_for_the_ids_in_scope()
    {
        var cloud = Region(("bastionhost-1", "RUNNING", false));

        await cloud
            .Handler("bastionhost")
            .ListAsync(Cloud.All with { ResourceIds = ["bastionhost-1", "bastionhost-2"] }, default)
            .ToListAsync();

        var asked = Assert.Single(cloud.Exchanges.Seen);
        Assert.Equal("bastionhost-1 bastionhost-2", $"{asked["InstanceId.1"]} {asked["InstanceId.2"]}");
    }

    [Theory]
    [InlineData(403, "NoPermission")]
    [InlineData(400, "Throttling.User")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task ListAsync_throws_when_the_list_is_refused_and_says_never_that_there_is_nothing(
        int status,
        string code
    )
    {
        var cloud = new Cloud();
        cloud.Exchanges.Fail("DescribeInstances", status, code);

        var failure = await Assert.ThrowsAsync<OpenApiException>(() =>
            cloud.ObserveAsync("bastionhost", "operation", Target)
        );

        Assert.Equal(code, failure.Code);
    }

    /// <summary>A region with bastion hosts.</summary>
    internal static Cloud Region(params (string Id, string Status, bool Legacy)[] hosts)
    {
        var cloud = new Cloud();
        cloud.Exchanges.Answer(
            "DescribeInstances",
            new JObject
            {
                ["TotalCount"] = hosts.Length,
                ["Instances"] = new JArray(
                    hosts.Select(host => new JObject
                    {
                        ["InstanceId"] = host.Id,
                        ["Description"] = "ops",
                        ["InstanceStatus"] = host.Status,
                        ["Legacy"] = host.Legacy,
                        ["ImageVersion"] = host.Legacy ? "3.1.0" : "3.2.40",
                        ["VpcId"] = "vpc-1",
                    })
                ),
            }.ToString()
        );
        return cloud;
    }
}
