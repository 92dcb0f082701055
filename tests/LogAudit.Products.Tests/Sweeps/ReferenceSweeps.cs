using System.Text.RegularExpressions;
using LogAudit.Testing;

namespace LogAudit.Products.Tests;

/// <summary>Data files against the product pages of the reference, where it is at hand.</summary>
public sealed partial class ReferenceSweeps
{
    // Reserved names that every record has, and the rest of "content_length_in/out".
    private static readonly HashSet<string> NoFields = ["__topic__", "__time__", "out"];

    [PeerTheory("reference")]
    [InlineData("slb")]
    [InlineData("alb")]
    [InlineData("apigateway")]
    [InlineData("nas")]
    [InlineData("vpc")]
    [InlineData("oss")]
    [InlineData("waf")]
    [InlineData("cloudconfig")]
    [InlineData("bastionhost")]
    public void Every_field_of_the_page_is_indexed(string product)
    {
        var page = File.ReadAllText(Path.Combine(Peers.Reference!, "products", $"{product}.md"));
        var known = new ProductCatalogue().Find(product)!.LogKinds.SelectMany(kind => kind.Fields).ToArray();

        var missing = FieldsOf(page).Where(field => known.All(one => one.Name != field)).ToArray();

        Assert.Empty(missing);
    }

    [PeerFact("reference")]
    public void OpenApiMeta_finds_an_unknown_action_an_unknown_parameter_and_a_missing_one()
    {
        var meta = OpenApiMeta.OfReference();
        var call = new SeenRequest(
            "POST",
            "slb.aliyuncs.com",
            "/",
            "SetAccessLogsDownloadAttribute",
            "2014-05-15",
            new Dictionary<string, string> { ["RegionId"] = "cn-hangzhou", ["Colour"] = "blue" },
            new Dictionary<string, string>(),
            []
        );

        Assert.Equal(
            [
                "slb:SetAccessLogsDownloadAttribute: Colour: no such parameter",
                "slb:SetAccessLogsDownloadAttribute: LogsDownloadAttributes: is required and was not sent",
            ],
            meta.Problems(call)
        );
        Assert.Equal(["slb:Paint: no such action"], meta.Problems(call with { Action = "Paint" }));
    }

    // The first column of the table under "Log fields": names between commas, slashes and plus signs, with notes in brackets.
    private static IEnumerable<string> FieldsOf(string page)
    {
        var section = page[page.IndexOf("## 8. Log fields", StringComparison.Ordinal)..];
        foreach (
            var line in section
                .Split('\n')
                .SkipWhile(line => !line.StartsWith("| field", StringComparison.Ordinal))
                .Skip(2)
        )
        {
            if (!line.StartsWith('|'))
            {
                yield break;
            }

            var cell = Note().Replace(line.Split('|')[1], "").Replace("`", "", StringComparison.Ordinal);
            foreach (var name in cell.Split([',', '/', '+', ' '], StringSplitOptions.RemoveEmptyEntries))
            {
                if (!NoFields.Contains(name))
                {
                    yield return name;
                }
            }
        }
    }

    [GeneratedRegex(@"\([^)]*\)", RegexOptions.None, 1000)]
    private static partial Regex Note();
}
