namespace LogAudit.Products.Tests;

public sealed class ProductFileTests
{
    private const string Good = """
        product: nas
        title: File storage
        source: NAS API reference
        regions: { source: NAS DescribeRegions, ids: [cn-hangzhou] }
        lists: {}
        logs:
          audit:
            source: NAS CreateLogAnalysis
            about: Every operation on a file.
            route: [policy]
            policy: { product: nas, data: audit_log, assumed: by pattern }
            logstore: nas_log
            topics: [nas_audit_log]
            variables: { source: old service, enabled: nas_enabled, ttl: nas_ttl }
            records:
              source: log fields of NAS
              category: file
              fields:
                ClientIP: { type: text, to: { source.ip: ip } }
              unmapped: { VolumeName: text }
        changeEvents:
          - { source: NAS API names, service: Nas, effect: created, names: [CreateFileSystem], id: [responseElements.FileSystemId] }
        ram: { source: NAS authorization, actions: [] }
        errors: { source: NAS error codes }
        """;

    [Fact]
    public void Parse_reads_a_product_that_needs_no_handler_of_its_own()
    {
        var kind = Assert.Single(Parse(Good).Spec.LogKinds);

        Assert.Equal(Routes.Policy, kind.Route);
        Assert.Equal(new PolicyCodes("nas", "audit_log", Assumed: true), kind.Policy);
        Assert.Equal(new RegionId("cn-hangzhou"), Assert.Single(kind.Regions));
        Assert.Equal(["ClientIP", "VolumeName"], kind.Fields.Select(field => field.Name));
        Assert.Equal(new FieldMapping("ClientIP", "source.ip", FieldConversion.Ip), Assert.Single(kind.Mapping.Fields));
    }

    [Theory]
    [InlineData("title: File storage", "title: File storage\ncolour: blue", "colour", "unknown key")]
    [InlineData("source: NAS API reference\n", "", "source", "is missing")]
    [InlineData("source: log fields of NAS", "hint: x", "logs.audit.records.source", "is missing")]
    [InlineData("    topics:", "    topic: x\n    topics:", "logs.audit.topic", "unknown key")]
    [InlineData("route: [policy]", "route: [magic]", "logs.audit.route", "'magic' is not one of")]
    [InlineData("route: [policy]", "route: manual", "logs.audit.policy", "exactly when the route names policy")]
    [InlineData("type: text, to", "type: string, to", "logs.audit.records.fields.ClientIP.type", "'string'")]
    [InlineData("source.ip: ip", "source.ip: address", "logs.audit.records.fields.ClientIP.to.source.ip", "'address'")]
    [InlineData("effect: created", "effect: made", "changeEvents[0].effect", "'made'")]
    [InlineData("topics: [nas_audit_log]", "topics: []", "logs.audit.topics", "empty")]
    [InlineData(
        "lists: {}",
        "lists: { all: { source: x, call: Moon:List, paging: single, rows: Rows } }",
        "lists.all.call",
        "Product:Action"
    )]
    public void Parse_names_the_file_and_the_key_of_a_mistake(string right, string wrong, string key, string problem)
    {
        var mistake = Assert.Throws<CatalogueException>(() => Parse(Good.Replace(right, wrong)));

        Assert.Equal("Nas.product.yaml", mistake.File);
        Assert.Equal(key, mistake.Key);
        Assert.Contains(problem, mistake.Message);
    }

    [Fact]
    public void Parse_gives_every_log_what_they_have_in_common_and_each_its_own_word_over_it()
    {
        var text = Good.Replace(
                "logs:\n",
                """
                everyLog:
                  route: [policy]
                  logstore: nas_log
                  variables: { source: old service, ttl: nas_ttl }
                  records:
                    source: log fields of NAS
                    category: file
                    fields:
                      owner_id: { type: text, to: cloud.account.id }
                      ClientIP: { type: text, to: client.ip }
                logs:
                  history:
                    source: NAS
                    about: What was stored.
                    ended: "2025-03-27"
                    policy: { product: nas, data: history_log }
                    topics: [nas_history]
                    variables: { enabled: nas_history_enabled }

                """
            )
            .ReplaceLineEndings("\n");

        var product = Parse(text).Spec;

        Assert.Equal(["history", "audit"], product.LogKinds.Select(kind => kind.Name));
        Assert.Equal("2025-03-27", product.LogKinds[0].Ended);
        Assert.Equal(["owner_id", "ClientIP"], product.LogKinds[0].Fields.Select(field => field.Name));
        Assert.Equal(["owner_id", "ClientIP", "VolumeName"], product.LogKinds[1].Fields.Select(field => field.Name));
        Assert.Equal(
            ["client.ip", "source.ip"],
            product.LogKinds.Select(kind => kind.Mapping.Fields.Single(field => field.Source is "ClientIP").Target)
        );
        Assert.Equal(
            ["nas_history_enabled history", "nas_ttl ", "nas_enabled audit"],
            product.Variables.Select(variable => $"{variable.Name} {variable.LogKind}")
        );
    }

    [Fact]
    public void Parse_reads_dashboards_when_they_are_first_looked_at()
    {
        var asked = 0;
        var facts = ProductFile.Parse(
            "Nas.product.yaml",
            Good,
            "Nas.dashboards.yaml",
            () =>
            {
                asked++;
                return "dashboards: { board: { log: audit, title: Board, charts: [{ title: A, type: pie, query: x }] } }";
            }
        );
        Assert.Equal(0, asked);

        var mistake = Assert.Throws<CatalogueException>(() => facts.Spec.LogKinds[0].Dashboards.Count);

        Assert.Equal(
            "Nas.dashboards.yaml: dashboards.board.charts[0].type: 'pie' is not one of table, linepro, barpro, piepro, aggpro",
            mistake.Message
        );
    }

    [Fact]
    public void Parse_tells_the_line_of_broken_YAML()
    {
        var mistake = Assert.Throws<CatalogueException>(() => Parse("product: nas\n\ttitle: x"));

        Assert.StartsWith("line ", mistake.Key);
    }

    private static ProductFacts Parse(string text) => ProductFile.Parse("Nas.product.yaml", text, "", () => null);
}
