using System.CommandLine;
using LogAudit.Products;
using Newtonsoft.Json;

namespace LogAudit.Cli.Commands;

/// <summary><c>logaudit explain PRODUCT</c>: everything the data file says of a product that a person needs before switching it on.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var code = new Argument<string>("product") { Description = "Product code, as `logaudit products` prints it." };
        code.AcceptOnlyFromAmong([.. ProductCatalogue.Codes]);
        var output = CommonOptions.Output();
        var command = new Command(
            "explain",
            "Explains a product: its logs, what must be so first and what to do about it, known gaps, and what is assumed rather than read."
        )
        {
            code,
            output,
        };
        command.SetAction(parsed =>
        {
            var product =
                new ProductCatalogue().Find(parsed.GetValue(code)!)
                ?? throw new InvalidOperationException("The catalogue lacks a product of its own list.");
            terminal.Write(
                parsed.GetValue(output) is "json"
                    ? ProductJson.Of(product).ToString(Formatting.None)
                    : ProductText.Print(product)
            );
            return ExitCodes.Done;
        });
        return command;
    }
}
