using System.CommandLine;
using System.Globalization;
using System.Text;
using LogAudit.Products;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit products</c>: the table of products and logs, from the data files.</summary>
internal static class ProductsCommand
{
    private static readonly CompositeFormat Row = CompositeFormat.Parse(
        "{0,-14} {1,-18} {2,-16} {3,-26} {4,7} {5,5} {6,6} {7,6} {8,7}"
    );

    public static Command Create(Terminal terminal)
    {
        var output = CommonOptions.Output();
        var command = new Command(
            "products",
            "Prints every product and log: how it is collected, where it goes, and how much of it is assumed. explain PRODUCT says more."
        )
        {
            output,
        };
        command.SetAction(parsed =>
        {
            var products = new ProductCatalogue().All;
            if (parsed.GetValue(output) is "json")
            {
                terminal.Write(new JArray(products.Select(ProductJson.Of)).ToString(Formatting.None));
                return ExitCodes.Done;
            }

            Write("product", "log", "route", "central store", "regions", "days", "fields", "boards", "assumed");
            foreach (var product in products)
            {
                foreach (var kind in product.LogKinds)
                {
                    Write(
                        product.Code,
                        kind.Name,
                        string.Join('+', RouteWords.Of(kind)),
                        kind.Metricstore ? $"{kind.Logstore} (metrics)" : kind.Logstore,
                        kind.Regions.Count,
                        ProductJson.Days(product, kind),
                        kind.Fields.Count,
                        kind.Dashboards.Count,
                        kind.Assumed.Count + product.Assumed.Count
                    );
                }
            }

            return ExitCodes.Done;
        });
        return command;

        void Write(params object[] cells) =>
            terminal.Write(string.Format(CultureInfo.InvariantCulture, Row, cells).TrimEnd());
    }
}
