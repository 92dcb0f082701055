using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using LogAudit.Products;

namespace LogAudit.Collection.Tests.Changes;

/// <summary>Events in the shapes of the products' documentation, against the change events that their data files declare.</summary>
public sealed class ChangeReaderTests
{
    private static readonly ChangeReader Reader = new(
        new ProductCatalogue().All,
        account => account.Value is not "1999999999999999",
        new OwnSessions(OwnRoles.Member)
    );

    [Theory]
    [InlineData(
        "slb",
        ChangeEffect.Created,
        "lb-bp1example00000000",
        """{"eventId":"e","eventRW":"Write","eventName":"CreateLoadBalancer","serviceName":"Slb","acsRegion":"cn-hangzhou","requestParameters":{"RegionId":"cn-hangzhou"},"responseElements":{"LoadBalancerId":"lb-bp1example00000000"},"referencedResources":{"ACS::SLB::LoadBalancer":["lb-bp1example00000000"]},"userIdentity":{"accountId":"1000000000000001","userName":"alice"}}"""
    )]
    [InlineData(
        "slb",
        ChangeEffect.Created,
        "",
        """{"eventId":"e","eventRW":"Write","eventType":"ConsoleOperation","eventName":"Create","serviceName":"Slb","acsRegion":"cn-hangzhou","userIdentity":{"accountId":"1000000000000001","userName":"alice"}}"""
    )]
    [InlineData(
        "vpc",
        ChangeEffect.Created,
        "vpc-1",
        """{"eventId":"e","eventRW":"Write","eventName":"CreateVpc","serviceName":"Vpc","acsRegion":"cn-beijing","responseElements":{"VpcId":"vpc-1"},"userIdentity":{"accountId":"1000000000000001","userName":"carol"}}"""
    )]
    [InlineData(
        "rds",
        ChangeEffect.Created,
        "rm-bp1exampleid01",
        """{"eventId":"e","eventRW":"Write","eventName":"CreateDBInstance","serviceName":"Rds","acsRegion":"cn-hangzhou","responseElements":{"DBInstanceId":"rm-bp1exampleid01"},"referencedResources":{"ACS::RDS::DBInstance":["rm-bp1exampleid01"]},"userIdentity":{"accountId":"1000000000000001","userName":"dba"}}"""
    )]
    [InlineData(
        "oss",
        ChangeEffect.Created,
        "audit-demo",
        """{"eventId":"e","eventRW":"Write","eventName":"PutBucket","serviceName":"Oss","acsRegion":"cn-hangzhou","referencedResources":{"ACS::OSS::Bucket":["audit-demo"]},"userIdentity":{"accountId":"1000000000000001","userName":"alice"}}"""
    )]
    [InlineData(
        "actiontrail",
        ChangeEffect.Changed,
        "audit-hub-trail",
        """{"eventId":"e","eventRW":"Write","eventName":"StopLogging","serviceName":"Actiontrail","acsRegion":"cn-hangzhou","recipientAccountId":"1000000000000001","requestParameters":{"Name":"audit-hub-trail"},"userIdentity":{"accountId":"1000000000000001","userName":"alice"}}"""
    )]
    public void A_trail_record_becomes_a_change_of_its_product(
        string product,
        ChangeEffect effect,
        string id,
        string json
    )
    {
        var found = Assert.IsType<ChangeReading.Found>(Reader.ReadTrailRecord(Encoding.UTF8.GetBytes(json)));

        var change = Assert.Single(found.Changes, one => one.Product == product);
        Assert.Equal((effect, "1000000000000001"), (change.Effect, change.Account.Value));
        Assert.Equal(id.Length == 0 ? [] : [id], change.ResourceIds);
        Assert.NotNull(change.Region);
    }

    [Fact]
    public void The_recipient_account_wins_over_who_acted_and_over_the_envelope()
    {
        var change = Cloud(
            """{"specversion":"1.0","type":"slb:ActionTrail:ApiCall","aliyunaccountid":"3","data":{"eventId":"e","eventName":"CreateLoadBalancer","serviceName":"slb","acsRegion":"cn-hangzhou","recipientAccountId":"1","userIdentity":{"accountId":"2"}}}"""
        );

        Assert.Equal("1", Assert.Single(Assert.IsType<ChangeReading.Found>(change).Changes).Account.Value);
    }

    [Fact]
    public void The_envelope_fills_what_the_copy_on_the_bus_lacks()
    {
        var change = Assert.Single(
            Assert
                .IsType<ChangeReading.Found>(
                    Cloud(
                        """{"specversion":"1.0","id":"e9","type":"slb:ActionTrail:ApiCall","aliyunaccountid":"3","aliyunregionid":"cn-shanghai","data":{"eventName":"SetLoadBalancerName","serviceName":"Slb","requestParameterJson":"{\"LoadBalancerId\":\"lb-7\"}"}}"""
                    )
                )
                .Changes
        );

        Assert.Equal(("e9", "3", "cn-shanghai"), (change.EventId, change.Account.Value, change.Region?.Value));
        Assert.Equal(["lb-7"], change.ResourceIds);
    }

    [Theory]
    [InlineData("""{"eventName":"CreateLoadBalancer","serviceName":"Slb","errorCode":"Forbidden"}""", "failed")]
    [InlineData("""{"eventName":"CreateLoadBalancer","serviceName":"Slb","eventRW":"Read"}""", "reads")]
    [InlineData(
        """{"eventName":"CreateLoadBalancer","serviceName":"Slb","userIdentity":{"userName":"logaudit-member:logaudit"}}""",
        "our own"
    )]
    [InlineData(
        """{"eventName":"CreateLoadBalancer","serviceName":"Slb","userIdentity":{"userName":"logaudit-function:session-1"}}""",
        "our own"
    )]
    [InlineData("""{"eventName":"CreateThing","serviceName":"Unheard"}""", "no product listens")]
    [InlineData(
        """{"eventName":"CreateLoadBalancer","serviceName":"Slb","recipientAccountId":"1999999999999999"}""",
        "not in scope"
    )]
    public void What_concerns_nobody_is_ignored_with_the_reason(string json, string why) =>
        Assert.Contains(
            why,
            Assert.IsType<ChangeReading.Ignored>(Reader.ReadTrailRecord(Encoding.UTF8.GetBytes(json))).Why,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("soc-reader:logaudit", true)]
    [InlineData("SOC-Reader:logaudit", true)]
    [InlineData("logaudit-function:session-1", true)]
    [InlineData("soc-reader:alice", false)]
    [InlineData("soc-reader", false)]
    [InlineData("logaudit-member:logaudit", false)]
    public void Our_own_writes_in_a_member_are_known_by_the_role_that_the_settings_name(string userName, bool ours)
    {
        var reader = new ChangeReader(new ProductCatalogue().All, _ => true, new OwnSessions("soc-reader"));

        var reading = reader.ReadTrailRecord(
            Encoding.UTF8.GetBytes(
                $$$"""{"eventName":"CreateLoadBalancer","serviceName":"Slb","recipientAccountId":"1000000000000002","userIdentity":{"userName":"{{{userName}}}"}}"""
            )
        );

        Assert.Equal(ours, reading is ChangeReading.Ignored { Why: "it is our own" });
        Assert.Equal(!ours, reading is ChangeReading.Found);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"serviceName":"Slb"}""")]
    [InlineData("""{"serviceName":"Slb","eventName":"CreateLoadBalancer"}""")]
    [InlineData("""{"serviceName":"Slb","eventName":"CreateLoadBalancer","recipientAccountId":"nobody"}""")]
    public void What_is_no_event_is_unreadable_and_nothing_crashes(string json) =>
        Assert.IsType<ChangeReading.Unreadable>(Reader.ReadTrailRecord(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("7")]
    public void An_envelope_without_data_is_unreadable(string json) =>
        Assert.IsType<ChangeReading.Unreadable>(Cloud(json));

    [Property]
    public void Reading_never_throws(byte[] bytes) => Assert.NotNull(Reader.ReadTrailRecord(bytes));

    [Property]
    public void Reading_never_throws_on_odd_members(NonNull<string> one, NonNull<string> two)
    {
        var json = JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["serviceName"] = "Slb",
                ["eventName"] = "CreateLoadBalancer",
                ["recipientAccountId"] = "1",
                ["acsRegion"] = one.Get,
                ["responseElements"] = two.Get,
                ["referencedResources"] = new[] { one.Get },
                ["userIdentity"] = two.Get,
            }
        );

        Assert.NotNull(Reader.ReadTrailRecord(Encoding.UTF8.GetBytes(json)));
    }

    private static ChangeReading Cloud(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Reader.ReadCloudEvent(document.RootElement);
    }
}
