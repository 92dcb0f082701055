using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Masking;

public sealed class RecordMaskTests
{
    private const string Phone = "13800138000";
    private const string Key = "a key of the tests, long enough";

    private static readonly LogTarget Trail = Normalised.Target("actiontrail_logaudit");
    private static readonly MappingCatalogue Catalogue = new(new ProductCatalogue().LogKinds);

    private static IFormat[] Formats =>
        [.. FormatCatalogue.Names.Select(name => FormatCatalogue.Make(name, MaskedRecords.NoOptions(name))!)];

    /// <summary>Events in which a name or a telephone number stands in a different place each.</summary>
    public static TheoryData<string> Planted =>
        [
            """{"eventId":"e1","userIdentity":{"userName":"13800138000","principalId":"13800138000"}}""",
            """{"eventId":"e1","requestParameters":{"PhoneNumber":"13800138000","Other":[{"PhoneNumber":13800138000}]}}""",
            """{"eventId":"e1","requestParameters":{"PhoneNumber":["13800138000",{"x":"13800138000"}]}}""",
            """{"eventId":"e1","requestParameterJson":"{\"PhoneNumber\":\"13800138000\",\"Name\":\"a\"}"}""",
            """{"eventId":"e1","requestParameters":{"Body":"{\"inner\":\"{\\\"PhoneNumber\\\":\\\"13800138000\\\"}\"}"}}""",
            """{"eventId":"e1","requestParameters":{"\u0050honeNumber":"\u00313800138000"}}""",
            """{"eventId":"e1","errorMessage":"{\"PhoneNumber\":\"13800138000\", broken"}""",
            """{"eventId":"e1","broken":"yes","PhoneNumber":"13800138000" """,
        ];

    [Theory]
    [MemberData(nameof(Planted))]
    public void Planted_value_leaves_in_no_format_whether_named_or_found(string text)
    {
        var group = new TestGroup("actiontrail_event", [TestLog.Of(1, ("event", text), ("PhoneNumber", Phone))])
        {
            Tags = [("PhoneNumber", Phone)],
        };
        var rules = new[]
        {
            MaskedRecords.Fields(MaskAction.Replace, "user.name", "userIdentity", "*.PhoneNumber"),
            MaskedRecords.Pattern(MaskAction.Replace, "1[3-9][0-9]{9}"),
        };

        foreach (var action in Enum.GetValues<MaskAction>())
        {
            foreach (var format in Formats)
            {
                var byName = MaskedRecords.Text([rules[0] with { Action = action }], Catalogue, Trail, format, group);
                var byPattern = MaskedRecords.Text(
                    [rules[1] with { Action = action }],
                    Catalogue,
                    Trail,
                    format,
                    group
                );

                Assert.DoesNotContain(Phone, byName, StringComparison.Ordinal);
                Assert.DoesNotContain(Phone, byPattern, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Named_fields_are_removed_replaced_and_hashed_and_everything_else_stays()
    {
        var json = Masked(
            """{"eventId":"e1","eventName":"CreateUser","sourceIpAddress":"198.51.100.7","userIdentity":{"type":"ram-user","userName":"alice"},"requestParameters":{"Email":"a@example.com","Days":3,"Mobile":"1","Last":true},"note":"alice"}""",
            MaskedRecords.Fields(MaskAction.Hash, "user.name", "source.ip"),
            MaskedRecords.Fields(MaskAction.Remove, "requestParameters.Email", "requestParameters.Last"),
            MaskedRecords.Fields(MaskAction.Replace, "requestParameters.Days", "*.Mobile") with
            {
                With = "x\"y",
            }
        );

        Assert.Equal(Pseudonym("alice"), (string?)json["user"]!["name"]);
        Assert.Null(json["source"]!["ip"]);
        Assert.Equal(Pseudonym("198.51.100.7"), (string?)json["source"]!["address"]);
        Assert.Equal(
            """{"Days":"x\"y","Mobile":"x\"y"}""",
            Relaxed(json["aliyun"]!["actiontrail"]!["requestParameters"]!)
        );
        Assert.Equal("alice", (string?)json["aliyun"]!["actiontrail"]!["note"]);
        Assert.Equal("CreateUser", (string?)json["event"]!["action"]);
        Assert.Equal("e1", (string?)json["event"]!["id"]);
    }

    [Fact]
    public void Same_value_has_the_same_pseudonym_everywhere_and_another_under_another_key()
    {
        const string Event =
            """{"eventId":"e1","userIdentity":{"userName":"alice"},"requestParameters":{"UserName":"alice","Text":"by alice."}}""";
        MaskSettings[] rules =
        [
            MaskedRecords.Fields(MaskAction.Hash, "user.name", "*.UserName"),
            MaskedRecords.Pattern(MaskAction.Hash, "alice"),
        ];

        var json = Masked(Event, rules);
        var other = MaskedRecords.Json(rules, "another key, also long enough", Catalogue, Trail, Group(Event));

        Assert.Equal(Pseudonym("alice"), (string?)json["user"]!["name"]);
        Assert.Equal(
            $$"""{"UserName":"{{Pseudonym("alice")}}","Text":"by {{Pseudonym("alice")}}."}""",
            json["aliyun"]!["actiontrail"]!["requestParameters"]!.ToJsonString()
        );
        Assert.NotEqual(Pseudonym("alice"), (string?)other["user"]!["name"]);
    }

    [Fact]
    public void Id_time_and_an_error_code_without_error_stand_whatever_the_rules()
    {
        var json = Masked(
            """{"eventId":"77777777","eventTime":"2026-03-02T03:04:05Z","errorCode":"","userIdentity":{"userName":"7"}}""",
            MaskedRecords.Pattern(MaskAction.Replace, "[0-9]"),
            MaskedRecords.Fields(MaskAction.Remove, "error.code", "eventTime", "eventId")
        );

        Assert.Equal("77777777", (string?)json["event"]!["id"]);
        Assert.Equal("2026-03-02T03:04:05.000Z", (string?)json["@timestamp"]);
        Assert.Equal("success", (string?)json["event"]!["outcome"]);
        Assert.Equal("***", (string?)json["user"]!["name"]);
    }

    [Fact]
    public void Value_that_no_longer_fits_its_ecs_name_goes_back_under_its_own()
    {
        var mapping = Normalised.Mapping(
            new FieldMapping("bytes", "http.request.bytes", FieldConversion.Integer),
            new FieldMapping("code", "event.outcome", FieldConversion.ErrorOutcome),
            new FieldMapping("when", "event.start", FieldConversion.IsoTime)
        );
        var group = new TestGroup(
            "topic",
            [TestLog.Of(1, ("bytes", "42"), ("code", "Denied"), ("when", "2026-03-02T03:04:05Z"), ("bytes", "43"))]
        );

        var json = MaskedRecords.Json(
            [
                MaskedRecords.Fields(MaskAction.Replace, "http.request.bytes", "event.start"),
                MaskedRecords.Fields(MaskAction.Remove, "code"),
            ],
            Key,
            Normalised.Catalogue(mapping),
            Normalised.Target("test_log"),
            group
        );

        Assert.Null(json["http"]);
        Assert.Null(json["event"]!["start"]);
        Assert.Null(json["event"]!["outcome"]);
        var rest = json["aliyun"]!["test"]!.AsObject();
        Assert.Equal(
            ["bytes", "bytes#2", "when"],
            rest.Select(field => field.Key).Where(name => name[0] != '_').Order()
        );
        Assert.All(rest.Where(field => field.Key[0] != '_'), field => Assert.Equal("***", (string?)field.Value));
    }

    [Fact]
    public void Later_pattern_does_not_look_at_what_an_earlier_one_has_written()
    {
        var json = Masked(
            """{"eventId":"e1","note":"call 13800138000 or 13900139000, not 42"}""",
            MaskedRecords.Pattern(MaskAction.Replace, "1[3-9][0-9]{9}") with
            {
                With = "[phone 42]",
            },
            MaskedRecords.Pattern(MaskAction.Replace, "[0-9]+") with
            {
                With = "N",
            }
        );

        Assert.Equal("call [phone 42] or [phone 42], not N", (string?)json["aliyun"]!["actiontrail"]!["note"]);
    }

    [Fact]
    public void Credentials_stay_masked_beside_every_rule()
    {
        var json = Masked(
            """{"eventId":"e1","responseElements":{"credentials":{"accessKeySecret":"PLANTED5ecret","expiration":"x"}}}""",
            MaskedRecords.Pattern(MaskAction.Replace, "x")
        );

        Assert.DoesNotContain("PLANTED5ecret", json.ToJsonString(), StringComparison.Ordinal);
    }

    [Property(MaxTest = 300)]
    public void What_no_rule_touches_is_written_as_without_rules(int seed)
    {
        var random = new Random(seed);
        var text = SomeObject(random, 4).ToJsonString();
        var group = Group(text);
        MaskSettings[] rules =
        [
            MaskedRecords.Fields(MaskAction.Remove, "nowhere", "a.nowhere", "*.Nowhere"),
            MaskedRecords.Pattern(MaskAction.Hash, "ZZZ"),
        ];

        foreach (var format in Formats)
        {
            Assert.Equal(
                Assert.Single(Normalised.Text(Catalogue, Trail, format, group)),
                MaskedRecords.Text(rules, Catalogue, Trail, format, group)
            );
        }
    }

    [Property(MaxTest = 300)]
    public void Masked_record_is_what_a_naive_walk_over_the_json_makes_of_it(int seed)
    {
        var random = new Random(seed);
        var content = SomeObject(random, 4);
        var group = Group(new JsonObject { ["outer"] = content.DeepClone() }.ToJsonString());
        var remove = random.Next(2) == 0;

        var json = MaskedRecords.Json(
            [
                MaskedRecords.Fields(remove ? MaskAction.Remove : MaskAction.Replace, "outer.a.b", "*.c"),
                MaskedRecords.Pattern(MaskAction.Replace, "q+") with
                {
                    With = "-",
                },
            ],
            Key,
            Catalogue,
            Trail,
            group
        );

        Assert.Equal(
            Naive(content, "outer", remove)!.ToJsonString(),
            json["aliyun"]!["actiontrail"]!["outer"]!.ToJsonString()
        );
    }

    [Fact]
    public void Mask_allocates_nothing_per_record_where_no_rule_applies()
    {
        MaskSettings[] rules =
        [
            MaskedRecords.Fields(MaskAction.Hash, "nowhere", "*.Nowhere"),
            MaskedRecords.Pattern(MaskAction.Hash, "ZZZ+"),
        ];
        var group = Group(
            """{"eventId":"e1","eventName":"x","requestParameters":{"a":"1","b":"{\"c\":[1,2,\"d\"]}"},"userIdentity":{"userName":"u"}}"""
        );
        using var records = new MaskedRecords(rules, Key, Catalogue, Trail, group);
        records.Read(1_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        records.Read(1_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    private static JsonObject Masked(string text, params MaskSettings[] rules) =>
        MaskedRecords.Json(rules, Key, Catalogue, Trail, Group(text));

    private static TestGroup Group(string text) => new("actiontrail_event", [TestLog.Of(1, ("event", text))]);

    private static string Pseudonym(string value) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(value)))[..32];

    private static string Relaxed(JsonNode node) =>
        node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static JsonObject SomeObject(Random random, int depth)
    {
        var made = new JsonObject();
        foreach (var name in (string[])["a", "b", "c", "d"])
        {
            if (random.Next(3) > 0)
            {
                made[name] = random.Next(depth > 0 ? 7 : 4) switch
                {
                    0 => random.Next(100),
                    1 => random.Next(2) == 0,
                    2 => null,
                    3 => string.Concat(
                        Enumerable.Range(0, random.Next(1, 6)).Select(_ => "qx\"\\é漢\n"[random.Next(7)])
                    ),
                    4 => new JsonArray(SomeObject(random, depth - 1), "qq", 1),
                    _ => SomeObject(random, depth - 1),
                };
            }
        }

        return made;
    }

    private static JsonNode? Naive(JsonNode? node, string path, bool remove)
    {
        switch (node)
        {
            case JsonObject members:
                var made = new JsonObject();
                foreach (var (name, value) in members)
                {
                    var isNamed = path + "." + name == "outer.a.b" || name == "c";
                    if (!isNamed)
                    {
                        made[name] = Naive(value, $"{path}.{name}", remove);
                    }
                    else if (!remove)
                    {
                        made[name] = value?.ToJsonString() is null or "{}" or "[]" ? value?.DeepClone() : "***";
                    }
                }

                return made;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Naive(item, path, remove))]);
            case JsonValue text when text.TryGetValue<string>(out var plain):
                return System.Text.RegularExpressions.Regex.Replace(
                    plain,
                    "q+",
                    "-",
                    default,
                    TimeSpan.FromSeconds(10)
                );
            default:
                return node?.DeepClone();
        }
    }
}
