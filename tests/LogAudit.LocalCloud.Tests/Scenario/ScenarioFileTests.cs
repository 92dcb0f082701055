using LogAudit.LocalCloud.Products;
using LogAudit.LocalCloud.Scenario;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Tests.Scenario;

public sealed class ScenarioFileTests
{
    private const string Small = """
        version: 1
        central: { account: hub, region: cn-shanghai }
        accounts:
          - { uid: "1000000000000001", name: hub }
        """;

    [Fact]
    public void The_demo_has_the_organisation_that_the_project_promises()
    {
        var demo = ScenarioFile.Demo();

        Assert.Equal(5, demo.Accounts.Count);
        Assert.Single(demo.Accounts, account => account.DeniesAccess);
        Assert.True(demo.Resources.Count >= 60, $"{demo.Resources.Count} resources");
        Assert.True(demo.Resources.Select(r => r.Region).Distinct().Count() >= 3);
        Assert.Equal(
            ScenarioWords.Products.Keys.Where(product => product is not "actiontrail").Order(),
            demo.Resources.Select(r => r.Product).Distinct().Order()
        );
        Assert.Contains(demo.Resources, r => r.Collecting);
        Assert.Contains(demo.Timeline, c => c.Do is "create" && c.ByConsole);
        Assert.Contains(demo.Timeline, c => c.Do is "switchOff");
        Assert.Contains(demo.Timeline, c => c.Do is "releaseInstances");
    }

    [Fact]
    public void The_schema_knows_every_word_that_the_reader_knows()
    {
        var schema = JObject.Parse(ScenarioFile.Schema());

        Assert.All(
            schema.SelectTokens("$..['$ref']"),
            name => Assert.NotNull(schema["$defs"]![((string)name!).Split('/')[^1]])
        );
        Assert.Equal(Offered.Ids, schema["$defs"]!["region"]!["enum"]!.Select(one => (string)one!));
        Assert.All(
            ScenarioWords.Products,
            product =>
                Assert.Equal(
                    product.Value.Properties.Keys,
                    (
                        (JObject)
                            schema.SelectToken(
                                $"$['$defs'].propertiesOfProducts.allOf[?(@.if.properties.product.const == '{product.Key}')].then.properties.properties.properties"
                            )!
                    )
                        .Properties()
                        .Select(property => property.Name)
                )
        );
        Assert.All(
            ScenarioWords.Products.Values,
            words => Assert.Subset(words.Properties.Keys.ToHashSet(), words.Notes.Keys.ToHashSet())
        );
    }

    [Fact]
    public void Accounts_may_be_called_by_name_and_counted_resources_are_numbered()
    {
        var scenario = ScenarioFile.Parse(
            Small
                + """

                resources:
                  - { product: vpc, account: hub, region: cn-hangzhou, name: net, count: 2, properties: { families: [ecs.g7, ecs.n4] } }
                timeline:
                  - { at: 1m30s, do: delete, product: vpc, account: "1000000000000001", region: cn-hangzhou, name: net-2 }
                """,
            "test.yaml"
        );

        Assert.Equal(["vpc-net-1", "vpc-net-2"], scenario.Resources.Select(r => r.Id));
        Assert.All(scenario.Resources, r => Assert.Equal("1000000000000001", r.Account));
        Assert.Equal("ecs.g7,ecs.n4", scenario.Resources[0].Properties["families"]);
        Assert.Equal(TimeSpan.FromSeconds(90), scenario.Timeline[0].At);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_their_lines()
    {
        var failure = Assert.Throws<ScenarioException>(() =>
            ScenarioFile.Parse(
                """
                version: 2
                seed: many
                central: { account: nobody, region: moon-1 }
                accounts:
                  - { uid: abc, name: hub, colour: red }
                resources:
                  - { product: ecs, account: hub, region: cn-hangzhou, name: a }
                  - { product: slb, account: hub, region: cn-hangzhou, name: b, properties: { listener: udp, size: "1" } }
                  - { product: oss, account: hub, region: cn-hangzhou }
                faults:
                  - { kind: Earthquake, probability: 2 }
                timeline:
                  - { at: soon, do: explode, product: slb, account: hub, region: cn-hangzhou, name: zzz }
                """,
                "bad.yaml"
            )
        );

        var told = failure.Mistakes.Select(m => (m.Line, m.Key)).ToList();
        Assert.Equal(
            [
                (1, "version"),
                (2, "seed"),
                (3, "central.account"),
                (3, "central.region"),
                (5, "accounts[0].uid"),
                (5, "accounts[0].colour"),
                (7, "resources[0].product"),
                (8, "resources[1].properties.listener"),
                (8, "resources[1].properties.size"),
                (9, "resources[2].name"),
                (11, "faults[0].kind"),
                (11, "faults[0].probability"),
                (13, "timeline[0].do"),
                (13, "timeline[0].at"),
                (13, "timeline[0].name"),
            ],
            told.Select(t => ((int)t.Line, t.Key))
        );
        Assert.Contains(
            $"allowed: {string.Join(", ", ScenarioWords.Products.Keys)}",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("version: [", "not YAML")]
    [InlineData("- a", "one mapping")]
    [InlineData("", "one mapping")]
    public void A_file_that_is_no_mapping_is_refused(string yaml, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(yaml, "x.yaml")).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("5s", 5000)]
    [InlineData("1m", 60_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("200ms", 200)]
    [InlineData("1.5s", 1500)]
    public void Times_are_read(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), YamlMap.ParseTime(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("soon")]
    [InlineData("5h")]
    public void Other_texts_are_no_times(string text) => Assert.Null(YamlMap.ParseTime(text));
}
