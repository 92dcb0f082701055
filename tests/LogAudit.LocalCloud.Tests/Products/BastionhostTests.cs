using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class BastionhostTests
{
    private const string Version = "2019-12-09";
    private const string Host = "yundun-bastionhost.aliyuncs.com";

    [Fact]
    public async Task DescribeInstances_pages_by_number_and_shows_only_the_own_account_and_region()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 12; i++)
        {
            cloud.Seed("bastionhost", $"bastionhost-cn-{i:00}");
        }
        cloud.Seed("bastionhost", "bastionhost-elsewhere", "cn-shanghai");
        cloud.Seed("bastionhost", "bastionhost-foreign", uid: ProductCloud.OtherUid);

        var (_, first) = await List(cloud, ("PageNumber", "1"));
        var (_, second) = await List(cloud, ("PageNumber", "2"));

        Assert.Equal((12, 10, 2), ((int)first["TotalCount"]!, Ids(first).Length, Ids(second).Length));
        Assert.Equal("bastionhost-cn-11", Ids(second)[^1]);
    }

    [Fact]
    public async Task DescribeInstances_takes_ids_and_a_status()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("bastionhost", "bastionhost-cn-a");
        cloud.Seed("bastionhost", "bastionhost-cn-b", properties: ("status", "EXPIRED"));

        var (_, byId) = await List(cloud, ("InstanceId.1", "bastionhost-cn-a"));
        var (_, expired) = await List(cloud, ("InstanceStatus", "EXPIRED"));

        Assert.Equal(["bastionhost-cn-a"], Ids(byId));
        Assert.Equal(["bastionhost-cn-b"], Ids(expired));
    }

    [Fact]
    public async Task DescribeInstanceAttribute_of_an_instance_that_is_gone_says_so_in_the_documented_code()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var (status, refusal) = await cloud.CallAsync(
            Host,
            Version,
            "DescribeInstanceAttribute",
            ("InstanceId", "bastionhost-cn-gone")
        );

        Assert.Equal((400, "Commodity.BizError.InvalidStatus"), (status, (string)refusal["Code"]!));
    }

    [Fact]
    public async Task Records_go_where_a_person_made_them_go_and_only_from_an_instance_that_can()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("p-center", "baston_log");
        foreach (
            var (id, legacy) in (ReadOnlySpan<(string, string)>)
                [("bastionhost-cn-a", "false"), ("bastionhost-cn-old", "true")]
        )
        {
            cloud.Seed("bastionhost", id, properties: ("legacy", legacy));
            lock (cloud.Cloud.Gate)
            {
                cloud
                    .Product("bastionhost")
                    .SwitchOn(ProductCloud.Resource("bastionhost", id), new("p-center", "baston_log"));
            }
        }

        var written = new LogGenerator(cloud.Cloud, seed: 1).Write(40, "bastionhost");

        var records = StoredLogs.Of(cloud, "p-center", "baston_log");
        Assert.Equal(written, records.Count);
        Assert.All(records, record => Assert.Equal("bastionhost-cn-a", record["instance_id"]));
        Assert.All(records, record => Assert.Equal("bastionhost", record["__topic__"]));
    }

    [Fact]
    public async Task New_instance_is_being_made_and_its_forwarding_ends_without_an_event()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 0.001);
        var resource = ProductCloud.Resource("bastionhost", "bastionhost-cn-new");

        var made = cloud.Do("create", resource);
        var (_, list) = await List(cloud);

        Assert.Equal(["Create", "StartInstance"], made.Select(deed => deed.Event));
        Assert.Equal("CREATING", (string)list.SelectToken("Instances[0].InstanceStatus")!);
        Assert.Empty(cloud.Do("switchOff", resource));
    }

    [Fact]
    public async Task DescribeRegions_names_the_host_of_each_region()
    {
        await using var cloud = await ProductCloud.StartAsync();

        var (_, regions) = await cloud.CallAsync(Host, Version, "DescribeRegions");

        var hosts = regions["Regions"]!.ToDictionary(
            row => (string)row["RegionId"]!,
            row => (string)row["RegionEndpoint"]!
        );
        Assert.Equal("yundun-bastionhost.aliyuncs.com", hosts["cn-hangzhou"]);
        Assert.Equal("bastionhost.cn-hongkong.aliyuncs.com", hosts["cn-hongkong"]);
    }

    private static Task<(int Status, JObject Body)> List(
        ProductCloud cloud,
        params (string Name, string Value)[] parameters
    ) => cloud.CallAsync(Host, Version, "DescribeInstances", [("RegionId", "cn-hangzhou"), .. parameters]);

    private static string[] Ids(JObject answer) =>
        [.. answer.SelectTokens("Instances[*].InstanceId").Select(id => (string)id!)];
}
