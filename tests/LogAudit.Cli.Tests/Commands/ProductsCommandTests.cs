using LogAudit.Products;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Tests.Commands;

public sealed class ProductsCommandTests
{
    [Fact]
    public async Task Products_prints_a_line_for_every_log_of_every_product()
    {
        var ended = await CommandLine.RunAsync("products");

        Assert.Equal(0, ended.Code);
        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var kinds = new ProductCatalogue().LogKinds;
        Assert.Equal(kinds.Count, lines.Length - 1);
        Assert.All(
            kinds.Zip(lines.Skip(1)),
            pair =>
                Assert.Equal(
                    [pair.First.Product, pair.First.Name],
                    pair.Second.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)
                )
        );
    }

    [Fact]
    public async Task Products_as_json_names_for_every_log_its_route_store_regions_days_boards_fields_and_assumptions()
    {
        var ended = await CommandLine.RunAsync("products", "--output", "json");

        Assert.Equal(0, ended.Code);
        var products = JArray.Parse(ended.Output);
        Assert.Equal(ProductCatalogue.Codes, products.Select(product => (string)product["product"]!));
        Assert.All(
            products.SelectMany(product => product["logs"]!),
            log =>
            {
                Assert.All(
                    ["kind", "logstore"],
                    key => Assert.False(string.IsNullOrEmpty((string?)log[key]), $"{key} of {log["kind"]}")
                );
                Assert.NotEmpty(log["route"]!);
                Assert.NotEmpty(log["regions"]!);
                Assert.InRange((int)log["retentionDays"]!, 1, 3650);
                Assert.NotEmpty(log["fields"]!);
                Assert.All(["dashboards", "assumed"], key => Assert.IsType<JArray>(log[key]));
            }
        );
    }

    [Fact]
    public async Task Explain_tells_of_a_product_what_must_be_so_what_is_missing_and_what_is_assumed()
    {
        var rds = new ProductCatalogue().Find("rds")!;

        var ended = await CommandLine.RunAsync("explain", "rds");

        Assert.Equal(0, ended.Code);
        Assert.All(
            [
                .. rds.Gaps,
                .. rds.Assumed,
                .. rds.Prerequisites.Select(one => one.Text),
                .. rds.LogKinds.SelectMany(kind => kind.Assumed),
            ],
            fact => Assert.Contains(fact, ended.Output, StringComparison.Ordinal)
        );
        Assert.Contains("Collection policy codes: By the pattern", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_of_an_unknown_product_names_the_products_that_there_are()
    {
        var ended = await CommandLine.RunAsync("explain", "fax");

        Assert.Equal(2, ended.Code);
        Assert.Contains("'fax'", ended.Progress, StringComparison.Ordinal);
        Assert.Contains("'rds'", ended.Progress, StringComparison.Ordinal);
    }
}
