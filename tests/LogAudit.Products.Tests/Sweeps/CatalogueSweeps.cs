using LogAudit.Testing;

namespace LogAudit.Products.Tests;

/// <summary>What must hold for every product, so that a new one cannot forget it.</summary>
public sealed class CatalogueSweeps
{
    private static readonly ProductCatalogue Catalogue = new();

    public static TheoryData<string> Products { get; } = [.. ProductCatalogue.Codes];

    [Fact]
    public void Catalogue_has_a_line_for_every_data_file_and_a_data_file_for_every_line()
    {
        var folder = Path.Combine(Peers.Repository, "src/LogAudit.Products");
        var files = Directory.GetFiles(folder, "*.product.yaml").Select(Path.GetFileName).Order();

        Assert.Equal(
            ProductCatalogue.Codes.Order(StringComparer.Ordinal),
            files.Select(file => file!.Split('.')[0].ToLowerInvariant()).Order(StringComparer.Ordinal)
        );
        Assert.Equal(ProductCatalogue.Codes.Order(StringComparer.Ordinal), ProductCatalogue.Codes);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Product_is_named_as_its_file_and_kinds_belong_to_it(string code)
    {
        var product = Catalogue.Find(code)!;

        Assert.Equal(code, product.Code);
        Assert.NotEmpty(product.LogKinds);
        Assert.All(product.LogKinds, kind => Assert.Equal(code, kind.Product));
        Assert.NotEmpty(product.ChangeEvents);
        Assert.NotEmpty(product.Gaps);
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Whatever_a_product_is_looked_for_by_leads_to_it_without_reading_the_others(string code)
    {
        var product = Catalogue.Find(code)!;

        Assert.All(
            product.Variables,
            variable =>
            {
                Assert.Contains(code, ProductCatalogue.Naming(variable.Name));
                Assert.Equal(variable.Name, new ProductCatalogue().FindVariable(variable.Name)?.Name);
            }
        );
        Assert.All(
            product.ChangeEvents,
            change =>
                Assert.Contains(
                    new ProductCatalogue().FindChanges(change.Service, change.Name),
                    found => found.Product.Same(code)
                )
        );
        Assert.All(
            product.LogKinds,
            kind =>
                Assert.Contains(
                    new ProductCatalogue().LogKindsIn(
                        kind.Logstore.Replace("{trail}", "some-trail", StringComparison.Ordinal)
                    ),
                    found => found.Product.Same(code) && found.Name.Same(kind.Name)
                )
        );
    }

    [Fact]
    public void A_word_that_no_product_knows_leads_to_none()
    {
        Assert.Empty(ProductCatalogue.Naming("no_such_variable"));
        Assert.Null(Catalogue.FindVariable("no_such_variable"));
        Assert.Empty(ProductCatalogue.Naming());
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Logstore_names_are_valid(string code) =>
        Assert.All(
            Catalogue.Find(code)!.LogKinds,
            kind => Assert.True(LogstoreName.IsValid(kind.Logstore.Replace("{trail}", "logaudit")), kind.Logstore)
        );

    [Theory]
    [MemberData(nameof(Products))]
    public void Regions_are_known(string code) =>
        Assert.All(
            Catalogue.Find(code)!.LogKinds.SelectMany(kind => kind.Regions),
            region => Assert.Contains(region.Value, KnownRegions)
        );

    [Theory]
    [MemberData(nameof(Products))]
    public void Variables_are_named_after_the_product_and_only_once(string code)
    {
        var variables = Catalogue.Find(code)!.Variables;

        var prefix = OldNames.GetValueOrDefault(code, code);
        Assert.All(variables, variable => Assert.StartsWith($"{prefix}_", variable.Name));
        Assert.Equal(variables.Count, variables.Select(variable => variable.Name).Distinct().Count());
        Assert.All(variables, variable => Assert.True(variable.Accepts(variable.Default), variable.Name));
        Assert.All(
            Catalogue.Find(code)!.LogKinds,
            kind => Assert.Contains(variables, variable => variable.Name == kind.EnabledVariable)
        );
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Mapping_names_the_time_the_account_and_the_region(string code) =>
        Assert.All(
            // Samples of a Metricstore become no events.
            Catalogue.Find(code)!.LogKinds.Where(kind => !kind.Metricstore),
            kind =>
            {
                Assert.Contains(kind.Mapping.Fields, field => field.Target == "cloud.account.id");
                Assert.Contains(kind.Mapping.Fields, field => field.Target == "cloud.region");
                Assert.StartsWith("aliyun.", kind.Mapping.Dataset);
                Assert.Equal(NoClass.Contains($"{kind.Product} {kind.Name}"), kind.Mapping.OcsfClass == 0);
            }
        );

    [Theory]
    [MemberData(nameof(Products))]
    public void Fields_are_indexed_once_and_every_mapping_reads_an_indexed_field(string code) =>
        Assert.All(
            Catalogue.Find(code)!.LogKinds,
            kind =>
            {
                var names = kind.Fields.Select(field => field.Name).ToArray();
                var prefix = kind.Mapping.JsonField.Length == 0 ? "" : $"{kind.Mapping.JsonField}.";
                Assert.Equal(names.Length, names.Distinct().Count());
                Assert.All(kind.Mapping.Fields, field => Assert.Contains(prefix + field.Source, names));
            }
        );

    [Fact]
    public void Kinds_that_share_a_Logstore_agree_on_the_types_of_its_fields()
    {
        foreach (var logstore in Catalogue.LogKinds.GroupBy(kind => kind.Logstore))
        {
            var types = logstore.SelectMany(kind => kind.Fields).GroupBy(field => field.Name);
            Assert.All(types, field => Assert.Single(field.Select(one => one.Type).Distinct()));
        }
    }

    [Fact]
    public void Topics_of_a_Logstore_belong_to_one_kind_each()
    {
        var topics = Catalogue
            .LogKinds.SelectMany(kind => kind.Topics.Select(topic => (kind.Logstore, topic)))
            .ToArray();

        Assert.Equal(topics.Length, topics.Distinct().Count());
    }

    [Fact]
    public void Every_documented_field_of_the_reference_pages_is_indexed()
    {
        // Counted from the field tables of the product pages; a field that is lost in an edit shows here.
        var counts = Catalogue.LogKinds.ToDictionary(kind => $"{kind.Product} {kind.Name}", kind => kind.Fields.Count);

        Assert.Equal(
            new Dictionary<string, int>
            {
                ["ack audit"] = 31,
                ["ack event"] = 20,
                ["ack ingress"] = 29,
                ["actiontrail events"] = 34,
                ["actiontrail platform"] = 34,
                ["alb access"] = 30,
                ["apigateway access"] = 24,
                ["bastionhost operation"] = 14,
                ["cloudconfig change"] = 23,
                ["cloudconfig noncompliance"] = 15,
                ["cloudfirewall internet"] = 54,
                ["cloudfirewall vpc"] = 54,
                ["dns gtm"] = 21,
                ["dns intranet"] = 24,
                ["dns public"] = 25,
                ["drds audit"] = 27,
                ["nas access"] = 38,
                ["ddos origin"] = 25,
                ["ddos premium"] = 38,
                ["ddos pro"] = 38,
                ["oss access"] = 38,
                ["polardb audit"] = 16,
                ["polardb error"] = 9,
                ["polardb performance"] = 4,
                ["polardb slow"] = 15,
                ["oss metering"] = 20,
                ["rds audit"] = 19,
                ["rds error"] = 9,
                ["rds performance"] = 4,
                ["rds slow"] = 15,
                ["sas alert"] = 15,
                ["sas baseline"] = 19,
                ["sas client"] = 8,
                ["sas crack"] = 18,
                ["sas cspm"] = 8,
                ["sas dns"] = 13,
                ["sas file-detection"] = 8,
                ["sas host-dns"] = 10,
                ["sas http"] = 14,
                ["sas local-dns"] = 13,
                ["sas login"] = 18,
                ["sas network"] = 18,
                ["sas network-block"] = 8,
                ["sas process"] = 18,
                ["sas rasp"] = 8,
                ["sas session"] = 11,
                ["sas snapshot-account"] = 12,
                ["sas snapshot-port"] = 13,
                ["sas snapshot-process"] = 16,
                ["sas vulnerability"] = 14,
                ["slb access"] = 35,
                ["vpc flow"] = 22,
                ["waf access"] = 57,
            },
            counts
        );
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Dashboards_query_only_indexed_fields(string code)
    {
        foreach (var kind in Catalogue.Find(code)!.LogKinds)
        {
            var known = Catalogue
                .FieldsOf(kind.Logstore.Replace("{trail}", "logaudit"))
                .Select(field => field.Name)
                .ToHashSet();
            foreach (
                var (board, chart) in kind.Dashboards.SelectMany(board => board.Charts.Select(chart => (board, chart)))
            )
            {
                var unknown = QueryFields.Of(chart.Query).Where(field => !known.Contains(field)).ToArray();
                Assert.True(
                    unknown.Length == 0,
                    $"{board.Name}, {chart.Title}: not indexed: {string.Join(", ", unknown)}"
                );
            }
        }
    }

    [Theory]
    [InlineData("bastionhost", 0)]
    [InlineData("cloudconfig", 2)]
    [InlineData("sas", 11)]
    [InlineData("ack", 5)]
    [InlineData("dns", 3)]
    [InlineData("slb", 3)]
    [InlineData("alb", 2)]
    [InlineData("apigateway", 1)]
    [InlineData("nas", 3)]
    [InlineData("drds", 3)]
    [InlineData("oss", 5)]
    [InlineData("polardb", 1)]
    [InlineData("rds", 5)]
    [InlineData("vpc", 3)]
    [InlineData("actiontrail", 4)]
    [InlineData("waf", 3)]
    [InlineData("ddos", 4)]
    [InlineData("cloudfirewall", 1)]
    public void Dashboards_of_the_old_service_are_all_there(string code, int boards) =>
        Assert.Equal(boards, Catalogue.Find(code)!.LogKinds.Sum(kind => kind.Dashboards.Count));

    [Theory]
    [MemberData(nameof(Products))]
    public void Dashboards_of_a_file_all_belong_to_a_log_kind(string code)
    {
        var folder = Path.Combine(Peers.Repository, "src/LogAudit.Products");
        // The old service had no boards for some products.
        var file = Directory
            .GetFiles(folder, "*.dashboards.yaml")
            .SingleOrDefault(path =>
                string.Equals(Path.GetFileName(path).Split('.')[0], code, StringComparison.OrdinalIgnoreCase)
            );
        var boards = file is null ? [] : DataNode.ReadFile(file, File.ReadAllText(file), DashboardFile.Read);

        Assert.Equal(boards.Count, Catalogue.Find(code)!.LogKinds.Sum(kind => kind.Dashboards.Count));
    }

    [Fact]
    public void Dashboard_names_are_unique_over_all_products()
    {
        var names = Catalogue.LogKinds.SelectMany(kind => kind.Dashboards).Select(board => board.Name).ToArray();

        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z][a-z0-9_]{2,62}$", name));
    }

    [Fact]
    public void FindLogKind_tells_kinds_of_one_Logstore_apart_by_topic_and_knows_any_trail()
    {
        Assert.Equal("audit", Catalogue.FindLogKind("rds_log", "rds_audit_log")?.Name);
        Assert.Equal("slow", Catalogue.FindLogKind("rds_log", "rds_slow_log_pg")?.Name);
        Assert.Equal("events", Catalogue.FindLogKind("actiontrail_company-trail", "actiontrail_event")?.Name);
        Assert.Equal("platform", Catalogue.FindLogKind("innertrail_company-trail", "innertrail_event")?.Name);
        Assert.Null(Catalogue.FindLogKind("rds_log", "something_else"));
        Assert.Null(Catalogue.FindLogKind("nginx", "rds_audit_log"));
    }

    [Fact]
    public void FindChanges_ignores_the_case_of_the_service()
    {
        var change = Assert.Single(Catalogue.FindChanges("SLB", "CreateLoadBalancer"));

        Assert.Equal("slb", change.Product);
        Assert.Equal(ChangeEffect.Created, change.Event.Effect);
        Assert.Empty(Catalogue.FindChanges("Slb", "DescribeLoadBalancers"));
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Ram_actions_name_a_call_and_confine_writes_where_the_product_can(string code) =>
        Assert.All(
            Catalogue.Find(code)!.RamActions,
            action =>
            {
                Assert.Matches("^[a-z]+(-[a-z]+)*:[A-Z][A-Za-z]+$", action.Action);
                Assert.Matches("^[A-Za-z-]+:[A-Z][A-Za-z]+$", action.Call);
                Assert.True(action.Resource == "*" || action.Resource.StartsWith("acs:", StringComparison.Ordinal));
            }
        );

    // Measurements: OCSF has no class for them, and they stay base events.
    private static readonly string[] NoClass = ["oss metering"];

    // Products that the variables of the old service call otherwise.
    private static readonly Dictionary<string, string> OldNames = new()
    {
        ["ack"] = "k8s",
        ["bastionhost"] = "bastion",
    };

    // Regions of the public cloud that the reference pages name.
    private static readonly string[] KnownRegions =
    [
        .. (
            "cn-qingdao cn-beijing cn-zhangjiakou cn-huhehaote cn-wulanchabu cn-hangzhou cn-shanghai cn-shenzhen cn-heyuan "
            + "cn-guangzhou cn-chengdu cn-hongkong ap-southeast-1 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 "
            + "ap-northeast-1 ap-northeast-2 eu-central-1 eu-west-1 me-east-1 me-central-1 us-east-1 us-west-1"
        ).Split(' '),
    ];
}
