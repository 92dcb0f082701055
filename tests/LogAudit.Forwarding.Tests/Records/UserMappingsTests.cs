using System.Text.Json.Nodes;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Records;

public sealed class UserMappingsTests
{
    private static readonly ProductCatalogue Products = new();

    [Fact]
    public void Field_without_a_name_gets_one_and_the_others_stay()
    {
        var json = Slb(
            [("upstream_status", "502"), ("tcpinfo_rtt", "25"), ("client_ip", "198.51.100.7")],
            new FieldMapping("upstream_status", "labels.upstream_status", FieldConversion.Integer)
        );

        Assert.Equal(502, (int)json["labels"]!["upstream_status"]!);
        Assert.Equal("198.51.100.7", (string?)json["source"]!["ip"]);
        Assert.Equal("25", (string?)json["aliyun"]!["slb"]!["tcpinfo_rtt"]);
        Assert.Null(json["aliyun"]!["slb"]!["upstream_status"]);
    }

    [Fact]
    public void Value_that_does_not_convert_is_kept_under_its_source_name()
    {
        var json = Slb(
            [("upstream_status", "-")],
            new FieldMapping("upstream_status", "labels.upstream_status", FieldConversion.Integer)
        );

        Assert.Null(json["labels"]);
        Assert.Equal("-", (string?)json["aliyun"]!["slb"]!["upstream_status"]);
    }

    [Fact]
    public void Field_that_the_user_maps_loses_the_name_of_the_product_file()
    {
        var json = Slb([("client_ip", "198.51.100.7")], new FieldMapping("client_ip", "client.ip", FieldConversion.Ip));

        Assert.Equal("198.51.100.7", (string?)json["client"]!["ip"]);
        Assert.Null(json["source"]);
    }

    [Fact]
    public void Mapping_of_the_user_is_tried_first_and_that_of_the_product_file_where_it_finds_nothing()
    {
        var first = new FieldMapping("http_x_real_ip", "source.ip", FieldConversion.Ip);

        var both = Slb([("client_ip", "10.0.0.1"), ("http_x_real_ip", "198.51.100.7")], first);
        var one = Slb([("client_ip", "10.0.0.1"), ("http_x_real_ip", "-")], first);

        Assert.Equal("198.51.100.7", (string?)both["source"]!["ip"]);
        Assert.Equal("10.0.0.1", (string?)both["aliyun"]!["slb"]!["client_ip"]);
        Assert.Equal("10.0.0.1", (string?)one["source"]!["ip"]);
    }

    [Fact]
    public void Field_that_is_mapped_to_nothing_stays_under_its_own_name()
    {
        var json = Normalised.Json(
            With(Mapping("slb", "access", ["client_ip"])),
            Normalised.Slb,
            new TestGroup("slb_layer7_access_log", [TestLog.Of(1, ("client_ip", "198.51.100.7"))])
        );

        Assert.Null(json["source"]);
        Assert.Equal("198.51.100.7", (string?)json["aliyun"]!["slb"]!["client_ip"]);
    }

    [Theory]
    [InlineData("userIdentity.sessionContext.attributes.mfaAuthenticated")]
    [InlineData("event.userIdentity.sessionContext.attributes.mfaAuthenticated")]
    public void Field_inside_the_json_of_a_log_is_named_by_its_path(string source)
    {
        var users = Mapping(
            "actiontrail",
            "events",
            [source],
            new FieldMapping(source, "labels.mfa", FieldConversion.Text)
        );
        var text = """{"userIdentity":{"sessionContext":{"attributes":{"mfaAuthenticated":"true"}}}}""";

        var json = Normalised.Json(
            With(users),
            Normalised.Target("actiontrail_logaudit"),
            new TestGroup("actiontrail_audit_event", [TestLog.Of(1, ("event", text))])
        );

        Assert.Equal("true", (string?)json["labels"]!["mfa"]);
    }

    [Fact]
    public void Name_that_would_be_a_value_and_an_object_at_once_is_refused_with_its_line()
    {
        var users = Mapping("slb", "access", ["a"], new FieldMapping("a", "source", FieldConversion.Text));

        var error = Assert.Single(UserMappings.Check([users], Products.LogKindsOf));
        var thrown = Assert.Throws<SettingsException>(() => With(users).For(Normalised.Slb.Logstore));

        Assert.Equal(("mappings.slb.access", 12), (error.Key, error.Line));
        Assert.Contains("source", error.Problem, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Single(thrown.Errors));
    }

    [Fact]
    public void Check_finds_nothing_in_mappings_that_go_with_the_product_files() =>
        Assert.Empty(
            UserMappings.Check(
                [Mapping("slb", "access", ["a"], new FieldMapping("a", "labels.a", FieldConversion.Text))],
                Products.LogKindsOf
            )
        );

    private static JsonObject Slb((string, string)[] fields, params FieldMapping[] mappings) =>
        Normalised.Json(
            With(Mapping("slb", "access", [.. mappings.Select(field => field.Source)], mappings)),
            Normalised.Slb,
            new TestGroup("slb_layer7_access_log", [TestLog.Of(1, fields)])
        );

    private static MappingCatalogue With(MappingSettings users) =>
        new(Products.LogKinds, new UserMappings([users], "logaudit.yaml"));

    private static MappingSettings Mapping(
        string product,
        string kind,
        IReadOnlyList<string> sources,
        params FieldMapping[] fields
    ) =>
        new()
        {
            Product = product,
            LogKind = kind,
            Sources = sources,
            Fields = fields,
            Line = 12,
        };
}
