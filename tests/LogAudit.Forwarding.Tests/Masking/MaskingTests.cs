using System.Text;
using System.Text.Json.Nodes;
using LogAudit.Forwarding.Tests.Formats;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Masking;

public sealed class MaskingTests
{
    private const string Planted = "PLANTED5ecret0000000000000001";

    private static readonly MappingCatalogue Mappings = new(new ProductCatalogue().LogKinds);

    /// <summary>Events in which a secret stands in a different place each.</summary>
    public static TheoryData<string> Events =>
        [
            """{"eventId":"e1","eventName":"AssumeRole","responseElements":{"credentials":{"accessKeyId":"STS.NT1","accessKeySecret":"PLANTED5ecret0000000000000001","securityToken":"PLANTED5ecret0000000000000001","expiration":"2026-03-02T09:00:00Z"}}}""",
            """{"eventId":"e1","eventName":"GetFederationToken","responseElements":{"Credentials":{"AccessKeySecret":"PLANTED5ecret0000000000000001","SecurityToken":"PLANTED5ecret0000000000000001"}}}""",
            """{"eventId":"e1","requestParameters":{"Credentials.AccessKeySecret":"PLANTED5ecret0000000000000001","Password":"PLANTED5ecret0000000000000001","UserName":"alice"}}""",
            """{"eventId":"e1","requestParameterJson":"{\"Password\":\"PLANTED5ecret0000000000000001\",\"UserName\":\"alice\"}"}""",
            """{"eventId":"e1","requestParameters":{"Body":"{\"inner\":\"{\\\"access_key_secret\\\":\\\"PLANTED5ecret0000000000000001\\\"}\"}"}}""",
            """{"eventId":"e1","requestParameters":{"list":[{"MasterUserPassword":["PLANTED5ecret0000000000000001"]},{"login_profile":{"passWord":{"x":"PLANTED5ecret0000000000000001"}}}]}}""",
            """{"eventId":"e1","requestParameters":{"Url":"https://example.com/?Expires=1&Signature=PLANTED5ecret0000000000000001&security-token=PLANTED5ecret0000000000000001"}}""",
            """{"eventId":"e1","requestParameters":{"\u0050assword":"PLANTED5ecret0000000000000001"}}""",
            """{"eventId":"e1","requestParameters":{"Header":"Authorization: Bearer PLANTED5ecret0000000000000001"}}""",
            """{"eventId":"e1","errorMessage":"bad AccessKeySecret=PLANTED5ecret0000000000000001, try again","userAgent":"curl password=PLANTED5ecret0000000000000001"}""",
            """{"eventId":"e1","broken":"yes","Password":"PLANTED5ecret0000000000000001" """,
        ];

    [Theory]
    [MemberData(nameof(Events))]
    public void Record_shows_no_planted_secret_in_any_format(string text)
    {
        var group = new TestGroup("actiontrail_event", [TestLog.Of(1, ("event", text), ("owner_id", "1"))]);

        foreach (var name in FormatCatalogue.Names)
        {
            var format = EveryFormatTests.Made(name);

            var written = Normalised.Text(Mappings, Normalised.Target("actiontrail_logaudit"), format, group)[0];

            Assert.DoesNotContain(Planted, written, StringComparison.Ordinal);
            Assert.Contains("***", written, StringComparison.Ordinal);
            ReadBack.Of(name, written);
        }
    }

    [Theory]
    [InlineData("request_uri", "/a?x-oss-security-token=" + Planted + "&b=1", "/a?x-oss-security-token=***&b=1")]
    [InlineData("request_uri", "/login?user=a&password=" + Planted, "/login?user=a&password=***")]
    [InlineData("password", Planted, "***")]
    [InlineData("note", "token%3D" + Planted + "&x=1", "token%3D***&x=1")]
    [InlineData("sql", "CREATE USER a IDENTIFIED BY '" + Planted + "' x", "CREATE USER a IDENTIFIED BY '***' x")]
    [InlineData("sql", "SET PASSWORD = '" + Planted + "'", "SET PASSWORD = '***'")]
    [InlineData("sql", "ALTER ROLE a PASSWORD '" + Planted + "'", "ALTER ROLE a PASSWORD '***'")]
    [InlineData("body", "{\"a\":1,\"Secret\":\"" + Planted + "\"}", "{\"a\":1,\"Secret\":\"***\"}")]
    public void Flat_field_is_masked_where_it_names_a_secret(string name, string value, string expected)
    {
        var json = Normalised.Json(Normalised.Mapping(), TestLog.Of(1, (name, value), ("other", "x")));

        Assert.Equal(expected, (string?)json["aliyun"]!["test"]![name]);
        Assert.Equal("x", (string?)json["aliyun"]!["test"]!["other"]);
    }

    [Theory]
    [InlineData("""{"\u0050assword":"PLANTED5ecret0000000000000001"}""")]
    [InlineData("""{"a":"{\"\\u0070assword\":\"PLANTED5ecret0000000000000001\"}"}""")]
    public void Flat_field_is_masked_where_an_escape_hides_the_name_of_a_secret(string value)
    {
        var json = Normalised.Json(Normalised.Mapping(), TestLog.Of(1, ("body", value)));

        Assert.DoesNotContain(Planted, (string)json["aliyun"]!["test"]!["body"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token", Planted, "***")]
    [InlineData("__path__", "/a?password=" + Planted, "/a?password=***")]
    public void Tag_of_a_group_is_masked_where_the_record_itself_holds_no_secret(
        string name,
        string value,
        string expected
    )
    {
        var group = new TestGroup("topic", [TestLog.Of(1, ("a", "b"))]) { Tags = [(name, value)] };

        var json = Normalised.Json(Normalised.Catalogue(Normalised.Mapping()), Normalised.Target("test_log"), group);

        Assert.Equal(expected, (string?)json["aliyun"]!["test"]![$"__tag__:{name}"]);
    }

    [Theory]
    [InlineData("AccessKeySecret")]
    [InlineData("access_key_secret")]
    [InlineData("SecurityToken")]
    [InlineData("Security-Token")]
    [InlineData("LoginProfile.Password")]
    [InlineData("MasterUserPassword")]
    [InlineData("pwd")]
    [InlineData("PrivateKey")]
    [InlineData("Authorization")]
    public void Name_of_a_secret_is_recognised(string name) =>
        Assert.True(SecretNames.IsSecret(Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("AccessKeyId")]
    [InlineData("MinimumPasswordLength")]
    [InlineData("PasswordReusePrevention")]
    [InlineData("ClientToken")]
    [InlineData("NextToken")]
    [InlineData("stsTokenPlayerUid")]
    [InlineData("SecretName")]
    [InlineData("principalId")]
    [InlineData("sign_type")]
    public void Name_that_detections_need_is_kept(string name) =>
        Assert.False(SecretNames.IsSecret(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void MayHoldSecret_finds_a_beginning_at_every_position_and_length()
    {
        foreach (
            var word in new[]
            {
                "Secr",
                "TOKE",
                "pass",
                "Pwd",
                "priv",
                "plai",
                "Auth",
                "sign",
                "cred",
                "cook",
                "fied",
                "\\u00",
            }
        )
        {
            for (var length = word.Length; length < 80; length++)
            {
                for (var at = 0; at + word.Length <= length; at++)
                {
                    var text = new string('x', at) + word + new string('x', length - at - word.Length);

                    Assert.True(SecretScan.MayHoldSecret(Encoding.ASCII.GetBytes(text)), text);
                }

                Assert.False(SecretScan.MayHoldSecret(Encoding.ASCII.GetBytes(new string('x', length))));
            }
        }
    }
}
