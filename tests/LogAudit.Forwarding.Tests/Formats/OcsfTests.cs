using System.Text.Json.Nodes;
using FsCheck.Xunit;
using LogAudit.Forwarding.Tests.Records;
using LogAudit.Products;
using LogAudit.Testing;

namespace LogAudit.Forwarding.Tests.Formats;

public sealed class OcsfTests
{
    private static readonly IReadOnlyList<LogKind> Kinds =
    [
        .. new ProductCatalogue().LogKinds.Where(kind => !kind.Metricstore && kind.Mapping.Fields.Count > 0),
    ];

    private static readonly MappingCatalogue Mappings = new(new ProductCatalogue().LogKinds);

    public static TheoryData<string> Products => ProductMappingTests.Products;

    [Theory]
    [MemberData(nameof(Products))]
    public void Record_of_a_product_becomes_the_reviewed_ocsf_event(string product)
    {
        var (logstore, group) = ProductMappingTests.SampleOf(product);

        var text = Assert.Single(Normalised.Text(Mappings, Normalised.Target(logstore), new Ocsf(), group));

        OcsfSchema.Check(JsonNode.Parse(text)!.AsObject());
        Golden.Equal(
            $"{product}.ocsf.golden.json",
            JsonNode.Parse(text)!.ToJsonString(new() { WriteIndented = true }) + "\n"
        );
    }

    [Fact]
    public void Sample_of_every_product_but_those_without_an_actor_fills_its_own_class()
    {
        var asBase = ProductMappingTests.Names.Where(product =>
        {
            var (logstore, group) = ProductMappingTests.SampleOf(product);
            var text = Normalised.Text(Mappings, Normalised.Target(logstore), new Ocsf(), group)[0];
            return (int)JsonNode.Parse(text)!["class_uid"]! == 0;
        });

        Assert.Equal(["bastionhost", "drds", "nas"], asBase.Order(StringComparer.Ordinal));
    }

    [Property(MaxTest = 300)]
    public void Record_of_any_kind_with_any_of_its_fields_is_a_valid_event_and_keeps_every_value(int seed)
    {
        var random = new Random(seed);
        var kind = Kinds[random.Next(Kinds.Count)];
        var (log, values) = RandomRecord.Of(kind, random);
        var topic = kind.Topics.Count > 0 ? kind.Topics[0].Replace("*", "x", StringComparison.Ordinal) : "";

        var text = Assert.Single(
            Normalised.Text(
                new MappingCatalogue([kind with { Topics = [topic] }]),
                Normalised.Target(kind.Logstore.Replace("{trail}", "logaudit", StringComparison.Ordinal)),
                new Ocsf(),
                new TestGroup(topic, [log])
            )
        );

        OcsfSchema.Check(JsonNode.Parse(text)!.AsObject());
        Assert.All(values, value => Assert.Contains(value, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", 6)]
    [InlineData("get", 3)]
    [InlineData("PROPFIND", 99)]
    public void Activity_of_a_request_is_its_method(string method, int activity)
    {
        var json = Web(("request_method", method), ("request_uri", "/"));

        Assert.Equal(4002, (int)json["class_uid"]!);
        Assert.Equal((4002 * 100) + activity, (int)json["type_uid"]!);
        Assert.Equal(activity == 99 ? method : null, (string?)json["activity_name"]);
    }

    [Fact]
    public void Attribute_whose_object_lacks_what_makes_it_valid_is_unmapped()
    {
        var alone = Web(("request_method", "GET"), ("client_port", "51234"));
        var beside = Web(("request_method", "GET"), ("client_port", "51234"), ("client_ip", "198.51.100.7"));

        Assert.Null(alone["src_endpoint"]);
        Assert.Equal(51234, (int)alone["unmapped"]!["source"]!["port"]!);
        Assert.Equal(51234, (int)beside["src_endpoint"]!["port"]!);
        Assert.Null(beside["unmapped"]!["source"]);
    }

    [Fact]
    public void Record_without_what_its_class_requires_is_a_base_event()
    {
        var json = Web(("client_ip", "198.51.100.7"));

        Assert.Equal(0, (int)json["class_uid"]!);
        Assert.Equal(0, (int)json["type_uid"]!);
        Assert.Equal("198.51.100.7", (string?)json["unmapped"]!["source"]!["ip"]);
    }

    private static JsonObject Web(params (string, string)[] fields)
    {
        var text = Assert.Single(
            Normalised.Text(
                Mappings,
                Normalised.Slb,
                new Ocsf(),
                new TestGroup("slb_layer7_access_log", [TestLog.Of(1, fields)])
            )
        );
        var json = JsonNode.Parse(text)!.AsObject();
        OcsfSchema.Check(json);
        return json;
    }
}
