using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

public sealed class NormaliserTests
{
    [Theory]
    [InlineData(FieldConversion.Integer, "42", "42")]
    [InlineData(FieldConversion.Integer, "-7", "-7")]
    [InlineData(FieldConversion.Decimal, "0.5", "0.5")]
    [InlineData(FieldConversion.Ip, "2001:db8::1", "\"2001:db8::1\"")]
    [InlineData(FieldConversion.IsoTime, "2026-03-02T11:04:05.123456789+0800", "\"2026-03-02T03:04:05.123456789Z\"")]
    [InlineData(FieldConversion.UnixSeconds, "1772435000", "\"2026-03-02T07:03:20.000Z\"")]
    [InlineData(FieldConversion.UnixMillis, "1772330584123", "\"2026-03-01T02:03:04.123Z\"")]
    [InlineData(FieldConversion.UnixMicros, "1772330584123456", "\"2026-03-01T02:03:04.123456Z\"")]
    [InlineData(FieldConversion.SecondsToNanos, "1.0000000019", "1000000001")]
    [InlineData(FieldConversion.MillisToNanos, "12", "12000000")]
    [InlineData(FieldConversion.MicrosToNanos, "531", "531000")]
    [InlineData(FieldConversion.HttpOutcome, "404", "\"failure\"")]
    [InlineData(FieldConversion.ErrorOutcome, "0000", "\"success\"")]
    [InlineData(FieldConversion.AcceptOutcome, "REJECT", "\"failure\"")]
    [InlineData(FieldConversion.VerdictOutcome, "block", "\"failure\"")]
    [InlineData(FieldConversion.VerdictOutcome, "1", "\"failure\"")]
    [InlineData(FieldConversion.VerdictOutcome, "alert", "\"success\"")]
    [InlineData(FieldConversion.VerdictOutcome, "success", "\"success\"")]
    [InlineData(FieldConversion.VerdictOutcome, "failed", "\"failure\"")]
    [InlineData(FieldConversion.Scheme, "true", "\"https\"")]
    [InlineData(FieldConversion.Scheme, "off", "\"http\"")]
    [InlineData(FieldConversion.Direction, "out", "\"outbound\"")]
    [InlineData(FieldConversion.Transport, "17", "\"udp\"")]
    [InlineData(FieldConversion.FirstIp, "[ \"203.0.113.44\", \"10.0.0.1\"]", "\"203.0.113.44\"")]
    [InlineData(FieldConversion.Json, "{ \"a\" : [ 1 , 2 ] }", "{\"a\":[1,2]}")]
    public void Value_that_converts_stands_under_its_ecs_name(FieldConversion convert, string value, string expected)
    {
        var json = Normalised.Json(
            Normalised.Mapping(new FieldMapping("field", "target.name", convert)),
            TestLog.Of(1, ("field", value))
        );

        Assert.Equal(expected, json["target"]!["name"]!.ToJsonString());
    }

    [Fact]
    public void Json_in_a_field_gives_its_mapped_members_away_and_keeps_the_others_under_the_field()
    {
        var mapping = Normalised.Mapping(
            new FieldMapping("user.name", "user.name", FieldConversion.Text),
            new FieldMapping("target.kind", "labels.kind", FieldConversion.Text),
            new FieldMapping("other.code", "labels.code", FieldConversion.Integer)
        );

        var json = Normalised.Json(
            mapping,
            TestLog.Of(
                1,
                ("user", """{"name":"al\"ice","groups":["a"],"password":"hunter2"}"""),
                ("target", """{"kind":"pod"}"""),
                ("other", """{"code":40"""),
                ("user", """{"name":"bob"}"""),
                ("plain", "x")
            )
        );

        Assert.Equal("al\"ice", (string?)json["user"]!["name"]);
        Assert.Equal("pod", (string?)json["labels"]!["kind"]);
        var rest = json["aliyun"]!["test"]!;
        Assert.Equal("""{"groups":["a"],"password":"***"}""", rest["user"]!.ToJsonString());
        Assert.Equal("""{"code":40""", (string?)rest["other"]);
        Assert.Equal("""{"name":"bob"}""", (string?)rest["user#2"]);
        Assert.Equal("x", (string?)rest["plain"]);
        Assert.Null(rest["target"]);
    }

    [Theory]
    [InlineData(FieldConversion.Integer, "007")]
    [InlineData(FieldConversion.Integer, "1e5")]
    [InlineData(FieldConversion.Integer, "9999999999999999999")]
    [InlineData(FieldConversion.Decimal, ".5")]
    [InlineData(FieldConversion.Ip, "256.1.1.1")]
    [InlineData(FieldConversion.IsoTime, "2026-02-30T00:00:00Z")]
    [InlineData(FieldConversion.IsoTime, "02/Mar/2026:16:24:43")]
    [InlineData(FieldConversion.UnixSeconds, "99999999999999")]
    [InlineData(FieldConversion.SecondsToNanos, "fast")]
    [InlineData(FieldConversion.HttpOutcome, "OK")]
    [InlineData(FieldConversion.VerdictOutcome, "captcha")]
    [InlineData(FieldConversion.VerdictOutcome, "0")]
    [InlineData(FieldConversion.Scheme, "maybe")]
    [InlineData(FieldConversion.Transport, "255")]
    [InlineData(FieldConversion.FirstIp, "[\"localhost\"]")]
    [InlineData(FieldConversion.FirstIp, "[]")]
    [InlineData(FieldConversion.FirstIp, "203.0.113.44")]
    [InlineData(FieldConversion.Json, "{broken")]
    [InlineData(FieldConversion.Text, "-")]
    public void Value_that_does_not_convert_is_kept_under_its_source_name(FieldConversion convert, string value)
    {
        var json = Normalised.Json(
            Normalised.Mapping(new FieldMapping("field", "target.name", convert)),
            TestLog.Of(1, ("field", value))
        );

        Assert.Equal(value, (string?)json["aliyun"]!["test"]!["field"]);
        Assert.Null(json["target"]);
    }

    [Fact]
    public void Earlier_mapping_of_a_target_wins_and_the_other_value_is_kept()
    {
        var mapping = Normalised.Mapping(
            new FieldMapping("first", "user.name", FieldConversion.Text),
            new FieldMapping("second", "user.name", FieldConversion.Text)
        );

        var both = Normalised.Json(mapping, TestLog.Of(1, ("second", "b"), ("first", "a")));
        var one = Normalised.Json(mapping, TestLog.Of(1, ("second", "b")));

        Assert.Equal("a", (string?)both["user"]!["name"]);
        Assert.Equal("b", (string?)both["aliyun"]!["test"]!["second"]);
        Assert.Equal("b", (string?)one["user"]!["name"]);
        Assert.Null(one["aliyun"]?["test"]?["second"]);
    }

    [Fact]
    public void Mapping_to_a_value_and_to_a_member_of_it_is_refused()
    {
        var mapping = Normalised.Mapping(
            new FieldMapping("a", "url", FieldConversion.Text),
            new FieldMapping("b", "url.path", FieldConversion.Text)
        );

        var refused = Assert.Throws<FormatException>(() => new CompiledMapping("test", "kind", mapping));

        Assert.Contains("url.path", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_utf8_is_replaced_and_nothing_is_dropped()
    {
        var log = new TestLog(1, ("field", [0x61, 0xFF, 0x62, 0xE4, 0xB8]), ("next", "ok"u8.ToArray()));

        var json = Normalised.Json(Normalised.Mapping(), log);

        Assert.Equal("a\uFFFDb\uFFFD", (string?)json["aliyun"]!["test"]!["field"]);
        Assert.Equal("ok", (string?)json["aliyun"]!["test"]!["next"]);
    }

    [Fact]
    public void Repeated_name_keeps_every_value()
    {
        var json = Normalised.Json(Normalised.Mapping(), TestLog.Of(1, ("a", "1"), ("a", "2"), ("b", "3"), ("a", "4")));

        var rest = json["aliyun"]!["test"]!;
        Assert.Equal(("1", "2", "4"), ((string?)rest["a"], (string?)rest["a#2"], (string?)rest["a#3"]));
    }

    [Theory]
    [InlineData("""{"owner":"1","a":"2"}""", "owner")]
    [InlineData("""{"own\u0065r":"1","a":"2"}""", "owner")]
    [InlineData("""{"owner":"1","a":{"owner":"2"}}""", "owner")]
    public void Field_beside_the_event_that_is_named_like_a_member_of_it_keeps_its_value(string text, string name)
    {
        var mapping = Normalised.Mapping() with { JsonField = "event" };

        var after = Normalised.Json(mapping, TestLog.Of(1, ("event", text), (name, "x"), (name, "y")));
        var before = Normalised.Json(mapping, TestLog.Of(1, (name, "x"), ("event", text), (name, "y")));

        foreach (var rest in new[] { after["aliyun"]!["test"]!, before["aliyun"]!["test"]! })
        {
            Assert.Equal("1", (string?)rest[name]);
            Assert.Equal(("x", "y"), ((string?)rest[$"{name}#2"], (string?)rest[$"{name}#3"]));
        }
    }

    [Fact]
    public void Value_of_an_event_that_its_path_does_not_take_stands_beside_a_member_of_the_same_name()
    {
        var mapping = Normalised.Mapping(new FieldMapping("a.b", "user.name", FieldConversion.Text)) with
        {
            JsonField = "event",
        };

        var json = Normalised.Json(mapping, TestLog.Of(1, ("event", """{"a.b":{"c":1},"a":{"b":"-"}}""")));

        Assert.Equal(1, (int)json["aliyun"]!["test"]!["a.b"]!["c"]!);
        Assert.Equal("-", (string?)json["aliyun"]!["test"]!["a.b#2"]);
    }

    [Fact]
    public void Tag_that_a_copy_turned_into_a_field_does_not_hide_the_tag()
    {
        var group = new TestGroup("topic", [TestLog.Of(1, ("__tag__:host", "field"))]) { Tags = [("host", "tag")] };

        var json = Normalised.Json(Normalised.Catalogue(Normalised.Mapping()), Normalised.Target("test_log"), group);

        var rest = json["aliyun"]!["test"]!;
        Assert.Equal(("field", "tag"), ((string?)rest["__tag__:host"], (string?)rest["__tag__:host#2"]));
    }

    [Fact]
    public void Names_that_are_broken_in_different_ways_do_not_become_one()
    {
        using var normaliser = new RecordNormaliser();
        var mapping = new CompiledMapping("test", "kind", Normalised.Mapping());
        normaliser.BeginGroup(new ShardAddress(Normalised.Slb, 0), Sls.Cursor.Of(1));
        normaliser.Begin(mapping, default);
        normaliser.Add([], [(byte)'n', 0xFF], "1"u8);
        normaliser.Add([], [(byte)'n', 0xFE], "2"u8);
        using var to = new PooledBuffer();

        new Json().Write(normaliser.End([], logNanos: 0, index: 0), to);

        var rest = JsonNode.Parse(to.Written)!["aliyun"]!["test"]!;
        Assert.Equal(("1", "2"), ((string?)rest["n\uFFFD"], (string?)rest["n\uFFFD#2"]));
    }

    [Fact]
    public void Id_is_the_same_on_every_read_and_differs_for_every_place()
    {
        var group = new TestGroup("topic", [TestLog.Of(1, ("a", "1")), TestLog.Of(1, ("a", "1"))]);
        var mappings = Normalised.Catalogue(Normalised.Mapping());
        List<string> Ids() =>
            [
                .. Normalised
                    .Text(mappings, Normalised.Target("test_log"), new Json(), group, group)
                    .Select(text => (string)JsonNode.Parse(text)!["event"]!["id"]!),
            ];

        var first = Ids();

        Assert.Equal(first, Ids());
        Assert.Equal(4, first.Distinct(StringComparer.Ordinal).Count());
        Assert.All(first, id => Assert.Matches("^1-[0-9a-f]{32}-[0-9]+$", id));
    }

    [Fact]
    public void Id_given_by_an_earlier_copy_is_kept()
    {
        var group = new TestGroup("topic", [TestLog.Of(1, ("a", "1"))])
        {
            Tags = [("logaudit_id", "1-abc-7"), ("host", "h")],
        };

        var json = Normalised.Json(Normalised.Catalogue(Normalised.Mapping()), Normalised.Target("test_log"), group);

        Assert.Equal("1-abc-7", (string?)json["event"]!["id"]);
        Assert.Equal("h", (string?)json["aliyun"]!["test"]!["__tag__:host"]);
    }

    [Property(MaxTest = 300)]
    public void Any_text_comes_back_as_it_was(string[] names, string[] values)
    {
        var fields = names
            .Zip(values)
            .Where(field => field.First is { Length: > 0 } && field.Second is not null)
            .DistinctBy(field => Clean(field.First), StringComparer.Ordinal)
            .Select(field => ($"x{Clean(field.First)}", Clean(field.Second)))
            .ToArray();

        var json = Normalised.Json(Normalised.Mapping(), TestLog.Of(1, fields));

        foreach (var (name, value) in fields)
        {
            Assert.Equal(value, (string?)json["aliyun"]!["test"]![name]);
        }
    }

    [Property(MaxTest = 500)]
    public void Any_bytes_become_valid_json(byte[] bytes, NonNegativeInt pad)
    {
        byte[] value = [.. Enumerable.Repeat((byte)'a', pad.Get % 40), .. bytes, .. bytes, .. bytes];
        var to = new byte[JsonText.MostLength(value)];

        var length = JsonText.Escape(value, to);

        using var json = JsonDocument.Parse($"\"{new UTF8Encoding(false, true).GetString(to.AsSpan(0, length))}\"");
        Assert.Equal(Encoding.UTF8.GetString(value), json.RootElement.GetString());
    }

    [Property(MaxTest = 300)]
    public void Unescape_reads_what_any_writer_escaped(string text)
    {
        var escaped = JsonEncodedText.Encode(Clean(text ?? "")).EncodedUtf8Bytes;
        var to = new byte[escaped.Length + 1];

        var length = JsonText.Unescape(escaped, to);

        Assert.Equal(Clean(text ?? ""), Encoding.UTF8.GetString(to.AsSpan(0, length)));
    }

    [Property(MaxTest = 300)]
    public void Any_instant_comes_back_from_its_text(int seconds, int nanos)
    {
        var instant = (seconds * 2L * Timestamps.NanosPerSecond) + Math.Abs(nanos % 1_000_000_000L);
        var text = new byte[Timestamps.MostLength];

        var length = Timestamps.Write(instant, text);

        Assert.True(Timestamps.TryParseIso(text.AsSpan(0, length), out var read));
        Assert.Equal(instant, read);
    }

    [Property(MaxTest = 200)]
    public Property Any_event_json_keeps_every_leaf() =>
        Prop.ForAll(
            JsonTrees.Objects.ToArbitrary(),
            tree =>
            {
                var mapping = Normalised.Mapping(
                    new FieldMapping("a.b", "user.name", FieldConversion.Text),
                    new FieldMapping("c", "user.id", FieldConversion.Text)
                ) with
                {
                    JsonField = "event",
                };

                var json = Normalised.Json(mapping, TestLog.Of(1, ("event", tree.ToJsonString())));

                var kept = JsonTrees
                    .Leaves(json)
                    .GroupBy(leaf => leaf)
                    .ToDictionary(same => same.Key, same => same.Count());
                return JsonTrees
                    .Leaves(tree)
                    .GroupBy(leaf => leaf)
                    .All(same => kept.GetValueOrDefault(same.Key) >= same.Count());
            }
        );

    // Lone surrogates cannot stand in UTF-8, so they cannot come from a log either.
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
