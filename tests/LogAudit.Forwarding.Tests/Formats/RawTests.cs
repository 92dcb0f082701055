using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class RawTests
{
    private static readonly MappingCatalogue Products = new(new ProductCatalogue().LogKinds);

    [Fact]
    public void Record_has_the_reviewed_form()
    {
        var group = new TestGroup(
            "actiontrail_audit_event",
            [
                TestLog.Of(
                    1_772_439_330,
                    (
                        "event",
                        """{ "eventId" : "7D1F6A10-1", "acsRegion": "cn-hangzhou", "eventName": "StopLogging" }"""
                    ),
                    ("owner_id", "1000000000000001"),
                    ("event", """{"responseElements":{"accessKeySecret":"x"}}""")
                ),
            ]
        )
        {
            Source = "log_service",
            Tags = [("__receive_time__", "1772439331"), ("logaudit_id", "7D1F6A10-1")],
        };

        var text = Normalised.Text(Products, Normalised.Target("actiontrail_logaudit"), new Raw(), group)[0];

        Golden.Equal("raw.golden.txt", text + "\n");
    }

    [Property(MaxTest = 300)]
    public void What_a_reader_gets_is_what_the_log_held_in_its_order(string[] names, string[] values)
    {
        var fields = names
            .Zip(values)
            .Select(field => (Name: CefTests.Clean(field.First), Value: CefTests.Clean(field.Second)))
            .DistinctBy(field => field.Name)
            .ToArray();

        var read = Read(new TestGroup("topic", [TestLog.Of(7, fields)]) { Tags = [("host", "h")] });

        Assert.Equal(
            [.. fields, ("__topic__", "topic"), ("__tag__:host", "h")],
            read.Skip(2).Select(member => (member.Key, (string)member.Value!))
        );
        Assert.Equal(["logaudit", "__time__"], read.Take(2).Select(member => member.Key));
    }

    [Fact]
    public void Field_that_is_named_like_a_member_of_ours_or_like_an_earlier_field_is_numbered()
    {
        var read = Read(
            new TestGroup("topic", [TestLog.Of(7, ("logaudit", "a"), ("__time__", "b"), ("x", "c"), ("x", "d"))])
        );

        Assert.Equal(
            ["logaudit", "__time__", "logaudit#2", "__time__#2", "x", "x#2", "__topic__"],
            read.Select(member => member.Key)
        );
    }

    [Theory]
    [InlineData("rfc5424")]
    [InlineData("rfc3164")]
    public void Syslog_carries_the_raw_record_on_wish(string name)
    {
        var format = EveryFormatTests.Made(name, ("message", "raw"));

        var line = CefTests.Line(format, ("b", "1"), ("a", "2"));

        var raw = JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.Equal(("1", "2"), ((string?)raw["b"], (string?)raw["a"]));
        Assert.Equal("test", (string?)raw["logaudit"]!["product"]);
    }

    private static List<KeyValuePair<string, JsonNode?>> Read(TestGroup group)
    {
        var text = Normalised.Text(
            Normalised.Catalogue(Normalised.Mapping(new FieldMapping("a", "user.name", FieldConversion.Text))),
            Normalised.Target("test_log"),
            new Raw(),
            group
        )[0];
        Assert.DoesNotContain('\n', text);
        using var strict = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        return [.. JsonNode.Parse(text)!.AsObject()];
    }
}
