using System.Globalization;

namespace LogAudit.Products;

/// <summary>Variables of one log kind, as the settings know them.</summary>
/// <param name="Enabled">Switches the kind on.</param>
/// <param name="Ttl">Days kept centrally.</param>
/// <param name="RegionalTtl">Days kept regionally; empty without.</param>
/// <param name="Policy">Policy script; empty without.</param>
/// <param name="RegionalDays">Default of <paramref name="RegionalTtl"/>.</param>
/// <param name="Copy">Asks for a copy; empty without.</param>
/// <param name="Projects">Names projects that a log already goes to; empty without.</param>
/// <param name="CopyLogstore">Logstore of the copy; empty without.</param>
/// <param name="OwnTtl">Days kept by the product itself; empty without.</param>
/// <param name="All">All of them with type, default and range.</param>
internal sealed record KindVariables(
    string Enabled,
    string Ttl,
    string RegionalTtl,
    string Policy,
    int RegionalDays,
    string Copy,
    string CopyLogstore,
    string Projects,
    string OwnTtl,
    IReadOnlyList<CollectVariable> All
);

/// <summary>Reads <c>variables:</c> of a log kind (names of the old service and their defaults) and of a product (our own beside them).</summary>
internal static class VariableSection
{
    private static readonly Dictionary<string, CollectVariableType> Types = new(StringComparer.Ordinal)
    {
        ["switch"] = CollectVariableType.Switch,
        ["days"] = CollectVariableType.Days,
        ["number"] = CollectVariableType.Number,
    };

    /// <summary>Reads the variables of a log kind.</summary>
    /// <param name="product">Product code.</param>
    /// <param name="kind">Name of the log kind.</param>
    /// <param name="node">The section.</param>
    /// <param name="codes">Variable that gives the codes of the collection policy; null without.</param>
    public static KindVariables Read(string product, string kind, DataNode node, string? codes)
    {
        ProductFile.Sourced(node);
        var enabled = node.Text("enabled");
        var ttl = node.Text("ttl");
        var regional = node.Text("regionalTtl", "");
        var policy = node.Text("policy", "");
        var regionalDays = node.Number("regionalDays", 7);
        var all = new List<CollectVariable>
        {
            Variable(enabled, CollectVariableType.Switch, "false"),
            Variable(ttl, CollectVariableType.Days, Digits(node.Number("days", 180))),
        };
        if (regional.Length > 0)
        {
            all.Add(
                Variable(regional, CollectVariableType.Days, Digits(regionalDays)) with
                {
                    About = node.Text("aboutRegionalTtl", ""),
                }
            );
        }

        if (policy.Length > 0)
        {
            all.Add(Variable(policy, CollectVariableType.Policy, ""));
        }

        var copy = node.Has("copy")
            ? node.One("copy", one => (Name: one.Text("setting"), To: one.Text("to"), About: one.Text("about")))
            : (Name: "", To: "", About: "");
        if (copy.Name.Length > 0)
        {
            all.Add(Variable(copy.Name, CollectVariableType.Switch, "false") with { About = copy.About });
        }

        var own = node.Has("own") ? node.One("own", one => OwnTtl(product, kind, one)) : null;
        if (own is not null)
        {
            all.Add(own);
        }

        var projects = node.Text("projects", "");
        if (projects.Length > 0)
        {
            all.Add(
                Variable(projects, CollectVariableType.Projects, "") with
                {
                    About = "Projects of somebody else that the log goes to already; it is carried on from there.",
                }
            );
        }

        if (codes is not null)
        {
            all.Add(
                Variable(codes, CollectVariableType.Codes, "") with
                {
                    About = "Codes of the collection policy, as the vendor's table of cloud services names them.",
                }
            );
        }

        if (node.Has("sync"))
        {
            all.Add(
                Variable(node.Text("sync"), CollectVariableType.Switch, "true") with
                {
                    Only = "true",
                    About = "LogAudit always brings the logs to the central project.",
                }
            );
        }

        return new KindVariables(
            enabled,
            ttl,
            regional,
            policy,
            regionalDays,
            copy.Name,
            copy.To,
            projects,
            own?.Name ?? "",
            all
        );

        CollectVariable Variable(string name, CollectVariableType type, string otherwise) =>
            new(name, type, otherwise, product, kind);
    }

    private static CollectVariable OwnTtl(string product, string kind, DataNode node)
    {
        var least = node.Number("least", 1);
        return new(ProductFile.Sourced(node).Text("ttl"), CollectVariableType.Days, Digits(least), product, kind)
        {
            Least = least,
            Most = node.Number("most", 3650),
            About =
                "Days that the product keeps the logs in its own Logstore: raised where it is given, never lowered.",
        };
    }

    /// <summary>Reads a variable of the product itself.</summary>
    public static CollectVariable Own(string product, string name, DataNode node) =>
        new(name, node.Word("type", Types), node.Text("default"), product, "")
        {
            Least = node.Number("least", 1),
            Most = node.Number("most", 3650),
            About = node.Text("about"),
        };

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
