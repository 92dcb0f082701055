using LogAudit.LocalCloud.Events;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Events;

public sealed class EventPatternTests
{
    private static readonly JObject CreateEvent = JObject.Parse(
        """
        {"source":"acs.slb","type":"slb:ActionTrail:ApiCall","subject":"","note":null,
         "data":{"eventName":"CreateLoadBalancer","count":3,"price":2.5,"sourceIpAddress":"10.0.0.17","flag":true,"list":["a","b"]}}
        """
    );

    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"source":["acs.slb"]}""", true)]
    [InlineData("""{"source":["acs.vpc","acs.slb"]}""", true)]
    [InlineData("""{"source":["ACS.SLB"]}""", false)]
    [InlineData("""{"source":["acs.slb"],"type":["slb:ActionTrail:ConsoleOperation"]}""", false)]
    [InlineData("""{"data":{"eventName":["CreateLoadBalancer"],"count":[3]}}""", true)]
    [InlineData("""{"data":{"count":[3.0]}}""", true)]
    [InlineData("""{"data":{"count":["3"]}}""", false)]
    [InlineData("""{"data":{"flag":[true]}}""", true)]
    [InlineData("""{"data":{"list":["b"]}}""", true)]
    [InlineData("""{"type":[{"prefix":"slb:"}]}""", true)]
    [InlineData("""{"type":[{"prefix":"vpc:"}]}""", false)]
    [InlineData("""{"type":[{"suffix":":ActionTrail:ApiCall"},{"suffix":":ActionTrail:ConsoleOperation"}]}""", true)]
    [InlineData("""{"type":[{"suffix":":ActionTrail:ConsoleOperation"}]}""", false)]
    [InlineData("""{"type":[{"contains":"ActionTrail"}]}""", true)]
    [InlineData("""{"data":{"eventName":[{"anything-but":"DeleteLoadBalancer"}]}}""", true)]
    [InlineData("""{"data":{"eventName":[{"anything-but":["DeleteLoadBalancer","CreateLoadBalancer"]}]}}""", false)]
    [InlineData("""{"data":{"eventName":[{"anything-but":{"prefix":"Create"}}]}}""", false)]
    [InlineData("""{"data":{"missing":[{"anything-but":"x"}]}}""", false)]
    [InlineData("""{"data":{"count":[{"numeric":[">",0,"<=",5]}]}}""", true)]
    [InlineData("""{"data":{"count":[{"numeric":["=",4]}]}}""", false)]
    [InlineData("""{"data":{"price":[{"numeric":["<",2.6]}]}}""", true)]
    [InlineData("""{"data":{"eventName":[{"numeric":["<",2.6]}]}}""", false)]
    [InlineData("""{"data":{"sourceIpAddress":[{"cidr":"10.0.0.0/24"}]}}""", true)]
    [InlineData("""{"data":{"sourceIpAddress":[{"cidr":"10.0.1.0/24"}]}}""", false)]
    [InlineData("""{"data":{"eventName":[{"exists":true}]}}""", true)]
    [InlineData("""{"data":{"errorCode":[{"exists":false}]}}""", true)]
    [InlineData("""{"data":{"errorCode":[{"exists":true}]}}""", false)]
    [InlineData("""{"subject":[""]}""", true)]
    [InlineData("""{"note":[null]}""", true)]
    [InlineData("""{"source":{"deeper":["x"]}}""", false)]
    public void A_pattern_matches_as_documented(string pattern, bool expected) =>
        Assert.Equal(expected, EventPattern.Parse(pattern).Matches(CreateEvent));

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "JSON object")]
    [InlineData("""{"source":"acs.slb"}""", "array")]
    [InlineData("""{"source":[]}""", "array")]
    [InlineData("""{"source":[{"like":"x"}]}""", "like")]
    [InlineData("""{"source":[{"prefix":1}]}""", "text")]
    [InlineData("""{"source":[{"prefix":"a","suffix":"b"}]}""", "exactly one")]
    [InlineData("""{"data":{"count":[{"numeric":[">"]}]}}""", "numeric")]
    [InlineData("""{"data":{"ip":[{"cidr":"ten"}]}}""", "cidr")]
    [InlineData(
        """{"type":[{"prefix":"a"},{"prefix":"b"},{"prefix":"c"},{"prefix":"d"},{"prefix":"e"},{"prefix":"f"}]}""",
        "more than 5"
    )]
    public void A_pattern_that_the_service_refuses_is_refused_with_the_reason(string pattern, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<EventPatternException>(() => EventPattern.Parse(pattern)).Message,
            StringComparison.Ordinal
        );
}
