using LogAudit.LocalCloud.Products.Logs;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Products;

public sealed class CloudConfigTests
{
    private const string Version = "2020-09-07";
    private const string Host = "config.cn-shanghai.aliyuncs.com";
    private const string Arn = "acs:log:cn-hangzhou:1000000000000001:project/p-config/logstore/cloudconfig_log";

    [Fact]
    public async Task StartConfigurationRecorder_makes_the_service_role_and_builds_for_a_while()
    {
        await using var cloud = await ProductCloud.StartAsync(delayScale: 0.001);

        var (_, before) = await cloud.CallAsync(Host, Version, "GetConfigurationRecorder");
        var (_, started) = await cloud.CallAsync(Host, Version, "StartConfigurationRecorder");

        Assert.Equal("REGISTRABLE", StatusOf(before));
        Assert.Equal("BUILDING", StatusOf(started));
        Assert.Contains("AliyunServiceRoleForConfig", cloud.Cloud.FindAccount(ProductCloud.Uid)!.Roles.Keys);
    }

    [Fact]
    public async Task StartConfigurationRecorder_needs_the_right_to_make_the_role()
    {
        await using var cloud = await ProductCloud.StartAsync();
        var key = cloud.KeyOf(
            ProductCloud.Uid,
            "starter",
            """{"Version":"1","Statement":[{"Effect":"Allow","Action":"config:*","Resource":"*"}]}"""
        );

        var (status, _) = await cloud.CallAsAsync(key, Host, Version, "StartConfigurationRecorder");

        Assert.Equal(403, status);
    }

    [Fact]
    public async Task Channel_delivers_only_the_kinds_that_it_was_asked_for_and_only_while_it_is_on()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("p-config", "cloudconfig_log");
        await cloud.CallAsync(Host, Version, "StartConfigurationRecorder");
        var (_, made) = await Create(cloud, Arn, ("ConfigurationItemChangeNotification", "true"));
        var logs = new LogGenerator(cloud.Cloud, seed: 1);

        var written = logs.Write(20, "cloudconfig");
        await cloud.CallAsync(
            Host,
            Version,
            "UpdateConfigDeliveryChannel",
            ("DeliveryChannelId", (string)made["DeliveryChannelId"]!),
            ("DeliveryChannelTargetArn", Arn),
            ("Status", "0")
        );

        Assert.Equal(0, logs.Write(20, "cloudconfig"));
        var records = StoredLogs.Of(cloud, "p-config", "cloudconfig_log");
        Assert.Equal(written, records.Count);
        Assert.All(records, record => Assert.Equal("ConfigurationItemChangeNotification", record["dataType"]));
    }

    [Fact]
    public async Task CreateConfigDeliveryChannel_is_idempotent_by_client_token_alone_and_ends_at_five()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("p-config", "cloudconfig_log");

        var (_, first) = await Create(cloud, Arn, ("ClientToken", "one"));
        var (_, again) = await Create(cloud, Arn, ("ClientToken", "one"));
        for (var i = 0; i < 4; i++)
        {
            await Create(cloud, Arn);
        }
        var (status, refusal) = await Create(cloud, Arn);

        Assert.Equal((string)first["DeliveryChannelId"]!, (string)again["DeliveryChannelId"]!);
        Assert.Equal((400, "ExceedMaxDeliveryChannelCount"), (status, (string)refusal["Code"]!));
        var (_, list) = await cloud.CallAsync(Host, Version, "ListConfigDeliveryChannels");
        Assert.Equal(5, list["DeliveryChannels"]!.Count());
    }

    [Theory]
    [InlineData("acs:log:cn-hangzhou:1000000000000001:project/missing/logstore/x", "DeliveryChannelTargetNotExists")]
    [InlineData("acs:log:cn-hangzhou:1000000000000002:project/p-config/logstore/cloudconfig_log", "NoPermission")]
    [InlineData("p-config/cloudconfig_log", "InvalidDeliveryChannelTargetArn")]
    public async Task CreateConfigDeliveryChannel_refuses_a_target_that_it_cannot_write_to(string arn, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("p-config", "cloudconfig_log");

        var (status, refusal) = await Create(cloud, arn);

        Assert.Equal((400, code), (status, (string)refusal["Code"]!));
    }

    [Fact]
    public async Task Deleted_channel_is_not_found_any_more()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.MakeLogstore("p-config", "cloudconfig_log");
        var (_, made) = await Create(cloud, Arn);
        var id = ("DeliveryChannelId", (string)made["DeliveryChannelId"]!);

        var (deleted, _) = await cloud.CallAsync(Host, Version, "DeleteConfigDeliveryChannel", id);
        var (status, refusal) = await cloud.CallAsync(Host, Version, "GetConfigDeliveryChannel", id);

        Assert.Equal((200, 404, "DeliveryChannelNotExists"), (deleted, status, (string)refusal["Code"]!));
    }

    [Fact]
    public async Task Roll_out_of_a_scenario_delivers_both_kinds_until_somebody_switches_it_off()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Seed("cloudconfig", "config");
        var resource = ProductCloud.Resource("cloudconfig", "config");
        lock (cloud.Cloud.Gate)
        {
            cloud.Product("cloudconfig").SwitchOn(resource, new("p-config", "cloudconfig_log"));
        }

        Assert.All(cloud.Product("cloudconfig").Logging(), state => Assert.Single(state.Places));
        var deed = Assert.Single(cloud.Do("switchOff", resource));

        Assert.Equal("UpdateConfigDeliveryChannel", deed.Event);
        Assert.Equal(
            ["change", "noncompliance"],
            cloud.Product("cloudconfig").Logging().Where(state => state.Places.Count == 0).Select(state => state.Kind)
        );
    }

    private static string StatusOf(JObject answer) =>
        (string)answer["ConfigurationRecorder"]!["ConfigurationRecorderStatus"]!;

    private static Task<(int Status, JObject Body)> Create(
        ProductCloud cloud,
        string arn,
        params (string Name, string Value)[] more
    ) =>
        cloud.CallAsync(
            Host,
            Version,
            "CreateConfigDeliveryChannel",
            [("DeliveryChannelType", "SLS"), ("DeliveryChannelTargetArn", arn), .. more]
        );
}
