using LogAudit.LocalCloud.Kernel;
using LogAudit.LocalCloud.Products.Logs;
using LogAudit.LocalCloud.Sls.Storage;
using LogAudit.LocalCloud.Tests.Products;
using LogAudit.LocalCloud.Trail;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Trail;

public sealed class ActionTrailTests
{
    private const string Version = "2020-07-06";
    private const string Host = "actiontrail.cn-hangzhou.aliyuncs.com";
    private const string Arn = "acs:log:cn-hangzhou:1000000000000001:project/audit-hub";

    [Fact]
    public async Task A_trail_is_created_stopped_and_delivers_once_started()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Storage.EnsureProject(ProductCloud.Uid, "cn-hangzhou", "audit-hub");

        var (created, _) = await Create(cloud, "audit-trail");
        var fresh = await Describe(cloud);
        await cloud.CallAsync(Host, Version, "StartLogging", ("Name", "audit-trail"));
        await UntilAsync(async () => (string?)(await Describe(cloud))["Status"] is "Enable");
        var (_, status) = await cloud.CallAsync(Host, Version, "GetTrailStatus", ("Name", "audit-trail"));
        await cloud.CallAsync("slb.aliyuncs.com", "2014-05-15", "CreateLoadBalancer", ("RegionId", "cn-shanghai"));
        var happened = await EventAsync(cloud, "CreateLoadBalancer");

        Assert.Equal(200, created);
        Assert.Equal("Fresh", (string?)fresh["Status"]);
        Assert.Equal("All", (string?)fresh["EventRW"]);
        Assert.True((bool)status["IsLogging"]!);
        Assert.True((bool)status["SlsLogStoreStatus"]!);
        Assert.Equal("Slb", (string?)happened["serviceName"]);
        Assert.Equal("Write", (string?)happened["eventRW"]);
        Assert.Equal("cn-shanghai", (string?)happened["acsRegion"]);
        Assert.Equal(ProductCloud.Uid, (string?)happened["recipientAccountId"]);
        Assert.Equal("ram-user", (string?)happened.SelectToken("userIdentity.type"));
        Assert.Equal("admin", (string?)happened.SelectToken("userIdentity.userName"));
        var id = (string?)happened.SelectToken("responseElements.LoadBalancerId");
        Assert.StartsWith("lb-", id, StringComparison.Ordinal);
        Assert.Equal(id, (string?)happened["referencedResources"]!["ACS::SLB::LoadBalancer"]![0]);
        Assert.Equal("actiontrail", Logstore(cloud)!.DedicatedTo);
        var ledger = cloud.Cloud.Services.Get<LogWriter>().Ledger;
        Assert.Contains(
            ledger.Since(0),
            record => record.Marker == (string?)happened["eventId"] && record.Logstore == "actiontrail_audit-trail"
        );
    }

    [Fact]
    public async Task A_failed_call_is_told_with_its_error_code()
    {
        await using var cloud = await StartedAsync();

        await cloud.CallAsync(
            "slb.aliyuncs.com",
            "2014-05-15",
            "DeleteLoadBalancer",
            ("RegionId", "cn-hangzhou"),
            ("LoadBalancerId", "lb-none")
        );
        var happened = await EventAsync(cloud, "DeleteLoadBalancer");

        Assert.Equal("InvalidLoadBalancerId.NotFound", (string?)happened["errorCode"]);
        Assert.Null(happened["responseElements"]);
        Assert.Equal("lb-none", (string?)happened.SelectToken("requestParameters.LoadBalancerId"));
    }

    [Fact]
    public async Task The_event_of_AssumeRole_carries_credentials_that_open_nothing()
    {
        await using var cloud = await StartedAsync();
        lock (cloud.Cloud.Gate)
        {
            cloud
                .Cloud.FindAccount(ProductCloud.Uid)!
                .AddRole(
                    "worker",
                    """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}"""
                );
        }

        var (_, answer) = await cloud.CallAsync(
            "sts.cn-hangzhou.aliyuncs.com",
            "2015-04-01",
            "AssumeRole",
            ("RoleArn", "acs:ram::1000000000000001:role/worker"),
            ("RoleSessionName", "job")
        );
        var happened = await EventAsync(cloud, "AssumeRole");

        var told = (string?)happened.SelectToken("responseElements.Credentials.AccessKeySecret");
        Assert.Equal(32, told!.Length);
        Assert.NotEqual((string?)answer.SelectToken("Credentials.AccessKeySecret"), told);
        Assert.Null(cloud.Cloud.Keys.Find((string)happened.SelectToken("responseElements.Credentials.AccessKeyId")!));
    }

    [Fact]
    public async Task Calls_of_an_assumed_role_name_role_and_session()
    {
        await using var cloud = await StartedAsync();
        AccessKey session;
        lock (cloud.Cloud.Gate)
        {
            var role = cloud
                .Cloud.FindAccount(ProductCloud.Uid)!
                .AddRole(
                    "logaudit-member",
                    """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}""",
                    """{"Version":"1","Statement":[{"Effect":"Allow","Action":"slb:*","Resource":"*"}]}"""
                );
            session = cloud.Cloud.Keys.OpenSession(role, "logaudit", TimeSpan.FromHours(1));
        }

        await cloud.CallAsAsync(
            session,
            "slb.aliyuncs.com",
            "2014-05-15",
            "CreateLoadBalancer",
            ("RegionId", "cn-hangzhou")
        );
        var happened = await EventAsync(cloud, "CreateLoadBalancer");

        Assert.Equal("assumed-role", (string?)happened.SelectToken("userIdentity.type"));
        Assert.Equal("logaudit-member:logaudit", (string?)happened.SelectToken("userIdentity.userName"));
    }

    [Fact]
    public async Task UpdateTrail_without_EventRW_narrows_the_trail_to_writes()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Storage.EnsureProject(ProductCloud.Uid, "cn-hangzhou", "audit-hub");
        await Create(cloud, "audit-trail");

        await cloud.CallAsync(Host, Version, "UpdateTrail", ("Name", "audit-trail"));

        Assert.Equal("Write", (string?)(await Describe(cloud))["EventRW"]);
    }

    [Theory]
    [InlineData("audit-trail", Arn, "TrailAlreadyExistsException")]
    [InlineData("bad", Arn, "InvalidTrailNameException")]
    [InlineData(
        "other-trail",
        "acs:log:cn-hangzhou:1000000000000001:project/nowhere",
        "SlsProjectDoesNotExistException"
    )]
    [InlineData(
        "other-trail",
        "acs:log:cn-shanghai:1000000000000001:project/audit-hub",
        "SlsProjectDoesNotExistException"
    )]
    [InlineData(
        "other-trail",
        "acs:log:cn-hangzhou:1000000000000002:project/foreign-hub",
        "InsufficientBucketPolicyException"
    )]
    public async Task CreateTrail_refuses_what_the_service_refuses(string name, string arn, string code)
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Storage.EnsureProject(ProductCloud.Uid, "cn-hangzhou", "audit-hub");
        cloud.Storage.EnsureProject(ProductCloud.OtherUid, "cn-hangzhou", "foreign-hub");
        await Create(cloud, "audit-trail");

        var (status, body) = await cloud.CallAsync(
            Host,
            Version,
            "CreateTrail",
            ("Name", name),
            ("SlsProjectArn", arn)
        );

        Assert.Equal((400, code), (status, (string)body["Code"]!));
    }

    [Fact]
    public async Task A_sixth_trail_of_a_region_is_refused()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Storage.EnsureProject(ProductCloud.Uid, "cn-hangzhou", "audit-hub");
        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(200, (await Create(cloud, $"audit-trail-{i}")).Status);
        }

        Assert.Equal(400, (await Create(cloud, "audit-trail-6")).Status);
    }

    [Fact]
    public async Task An_organisation_trail_is_for_the_management_account_and_takes_the_events_of_members()
    {
        await using var cloud = await ProductCloud.StartAsync();
        cloud.Storage.EnsureProject(ProductCloud.Uid, "cn-hangzhou", "audit-hub");
        var (alone, _) = await Create(cloud, "audit-trail", ("IsOrganizationTrail", "true"));
        lock (cloud.Cloud.Gate)
        {
            var directory = LogAudit.LocalCloud.ResourceDirectory.Organisation.Create(
                cloud.Cloud,
                cloud.Cloud.FindAccount(ProductCloud.Uid)!
            );
            directory.AddMember(cloud.Cloud.FindAccount(ProductCloud.OtherUid)!);
        }

        var (made, _) = await Create(cloud, "audit-trail", ("IsOrganizationTrail", "true"));
        var (second, _) = await Create(cloud, "audit-trail-2", ("IsOrganizationTrail", "true"));
        await StartAndWaitAsync(cloud);
        await cloud.CallAsAsync(
            cloud.OtherKey(),
            "slb.aliyuncs.com",
            "2014-05-15",
            "CreateLoadBalancer",
            ("RegionId", "cn-beijing")
        );
        var happened = await EventAsync(cloud, "CreateLoadBalancer");

        Assert.Equal((403, 200, 400), (alone, made, second));
        Assert.Equal(ProductCloud.OtherUid, (string?)happened["recipientAccountId"]);
    }

    [Fact]
    public async Task LookupEvents_is_limited_to_two_calls_a_second_and_pages()
    {
        await using var cloud = await ProductCloud.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await cloud.CallAsync("slb.aliyuncs.com", "2014-05-15", "CreateLoadBalancer", ("RegionId", "cn-hangzhou"));
        }

        (string, string)[] wanted =
        [
            ("LookupAttribute.1.Key", "EventName"),
            ("LookupAttribute.1.Value", "CreateLoadBalancer"),
            ("MaxResults", "2"),
        ];
        var (_, first) = await cloud.CallAsync(Host, Version, "LookupEvents", wanted);
        var (_, rest) = await cloud.CallAsync(
            Host,
            Version,
            "LookupEvents",
            [.. wanted, ("NextToken", (string)first["NextToken"]!)]
        );
        var answers = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add((await cloud.CallAsync(Host, Version, "LookupEvents")).Status);
        }

        Assert.Equal(2, ((JArray)first["Events"]!).Count);
        Assert.Single((JArray)rest["Events"]!);
        Assert.Null(rest["NextToken"]);
        Assert.Contains(400, answers);
    }

    private static async Task<ProductCloud> StartedAsync()
    {
        var cloud = await ProductCloud.StartAsync();
        cloud.Storage.EnsureProject(ProductCloud.Uid, "cn-hangzhou", "audit-hub");
        await Create(cloud, "audit-trail");
        await StartAndWaitAsync(cloud);
        return cloud;
    }

    private static async Task StartAndWaitAsync(ProductCloud cloud)
    {
        await cloud.CallAsync(Host, Version, "StartLogging", ("Name", "audit-trail"));
        await UntilAsync(async () => (string?)(await Describe(cloud))["Status"] is "Enable");
    }

    private static Task<(int Status, JObject Body)> Create(
        ProductCloud cloud,
        string name,
        params (string, string)[] more
    ) => cloud.CallAsync(Host, Version, "CreateTrail", [("Name", name), ("SlsProjectArn", Arn), .. more]);

    private static async Task<JToken> Describe(ProductCloud cloud) =>
        (await cloud.CallAsync(Host, Version, "DescribeTrails", ("IncludeOrganizationTrail", "true"))).Body[
            "TrailList"
        ]![0]!;

    private static SlsLogstore? Logstore(ProductCloud cloud) =>
        cloud.Cloud.Services.Get<SlsStore>().Logstore("audit-hub", "actiontrail_audit-trail");

    /// <summary>The event of a name, once the trail has delivered it.</summary>
    private static async Task<JObject> EventAsync(ProductCloud cloud, string name)
    {
        JObject? found = null;
        await UntilAsync(() =>
        {
            found = Delivered(cloud).FirstOrDefault(e => (string?)e["eventName"] == name);
            return Task.FromResult(found is not null);
        });
        return found!;
    }

    private static IEnumerable<JObject> Delivered(ProductCloud cloud) =>
        StoredLogs.Of(cloud, "audit-hub", "actiontrail_audit-trail").Select(log => JObject.Parse(log["event"]));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
