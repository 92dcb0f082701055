using System.Reflection;
using System.Xml.Linq;
using LogAudit.Testing;
using NetArchTest.Rules;

namespace LogAudit.Architecture.Tests;

/// <summary>The picture of the house style: who may use whom. Changing the picture means changing this table in the same change.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["OpenApi"] = ["Core"],
        ["Sls"] = ["Core"],
        ["Products"] = ["Core", "OpenApi", "Sls"],
        ["Collection"] = ["Core", "OpenApi", "Sls"],
        ["Forwarding"] = ["Core", "Sls"],
        ["Hosting"] = ["Core"],
        ["LocalCloud"] = [],
        // Brings the SQL engine, which is large: LocalCloud knows only its seam ISqlEngine.
        ["LocalCloud.Sql"] = ["LocalCloud"],
        ["Cli"] =
        [
            "Core",
            "OpenApi",
            "Sls",
            "Products",
            "Collection",
            "Forwarding",
            "Hosting",
            "LocalCloud",
            "LocalCloud.Sql",
        ],
    };

    public static TheoryData<string> Libraries => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_references_only_what_the_picture_allows(string library)
    {
        var project = XDocument.Load(
            Path.Combine(Peers.Repository, "src", $"LogAudit.{library}", $"LogAudit.{library}.csproj")
        );

        var references = project
            .Descendants("ProjectReference")
            .Select(reference =>
                Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)["LogAudit.".Length..]
            );

        Assert.Empty(references.Except(Allowed[library]));
    }

    [Fact]
    public void Every_library_is_in_the_picture() =>
        Assert.Equal(
            Allowed.Keys.Order(StringComparer.Ordinal),
            Directory
                .GetDirectories(Path.Combine(Peers.Repository, "src"))
                .Select(folder => Path.GetFileName(folder)["LogAudit.".Length..])
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void LocalCloud_knows_none_of_our_libraries()
    {
        var references = Assembly.Load("LogAudit.LocalCloud").GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(references, name => name.StartsWith("LogAudit", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name.Contains("DuckDB", StringComparison.Ordinal));
    }

    [Fact]
    public void Products_of_LocalCloud_do_not_know_each_other()
    {
        var types = Types.InAssembly(Assembly.Load("LogAudit.LocalCloud"));
        string[] products = ["Slb", "Vpc", "Rds", "Polardb", "Das", "Oss"];

        foreach (var product in products)
        {
            var others = products.Except([product]).Select(other => $"LogAudit.LocalCloud.Products.{other}").ToArray();
            var result = types
                .That()
                .ResideInNamespaceStartingWith("LogAudit.LocalCloud.Products")
                .And()
                .HaveNameStartingWith(product)
                .ShouldNot()
                .HaveDependencyOnAny(others)
                .GetResult();

            Assert.True(result.IsSuccessful, $"{product}: {string.Join(", ", result.FailingTypeNames ?? [])}");
        }
    }

    [Fact]
    public void Functions_compose_and_stay_short()
    {
        var entries = Directory.GetFiles(
            Path.Combine(Peers.Repository, "functions"),
            "*.cs",
            SearchOption.AllDirectories
        );

        Assert.All(entries, entry => Assert.InRange(File.ReadAllLines(entry).Length, 1, 80));
        Assert.Equal(4, entries.Count(entry => Path.GetFileName(entry) == "Program.cs"));
    }
}
