using System.Globalization;
using System.Text;

namespace LogAudit.Cli;

/// <summary>A product of the catalogue, explained to a person.</summary>
internal static class ProductText
{
    public static string Print(ProductSpec product)
    {
        var text = new StringBuilder().AppendLine($"{product.Title} ({product.Code})");
        Section(
            text,
            "Before it can be collected",
            product.Prerequisites.Select(one => one.Step.Length == 0 ? one.Text : $"{one.Text} → {one.Step}")
        );
        foreach (var kind in product.LogKinds)
        {
            text.AppendLine().AppendLine($"Log {kind.Name}: {kind.About}");
            foreach (var (name, value) in Lines(product, kind).Where(line => line.Value.Length > 0))
            {
                text.Append("  ").Append(name.PadRight(16)).AppendLine(value);
            }

            Section(text, "What a person must do", kind.Steps);
            Section(text, "Assumed of this log, not read", kind.Assumed);
        }

        Section(text, "Known gaps", product.Gaps);
        Section(text, "Assumed of the product, not read", product.Assumed);
        Section(
            text,
            "RAM actions",
            product.RamActions.Select(action => $"{action.Action}{(action.Writes ? " (writes)" : "")}")
        );
        return text.ToString().TrimEnd();
    }

    private static IEnumerable<(string Name, string Value)> Lines(ProductSpec product, LogKind kind) =>
        [
            ("collected by", string.Join(" and ", RouteWords.Of(kind))),
            ("policy codes", kind.Policy is { } codes ? $"{codes.ProductCode}/{codes.DataCode}" : ""),
            ("switched on by", $"{kind.EnabledVariable}: true"),
            ("lands first in", string.Join(", ", kind.LandsIn)),
            ("central store", kind.Metricstore ? $"Metricstore {kind.Logstore}" : $"Logstore {kind.Logstore}"),
            ("topics", string.Join(", ", kind.Topics)),
            (
                "kept",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ProductJson.Days(product, kind)} days ({kind.TtlVariable}), or as the compliance profile asks"
                )
            ),
            ("regions", string.Join(", ", kind.Regions)),
            ("dashboards", string.Join(", ", kind.Dashboards.Select(board => board.DisplayName))),
            (
                "records",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind.Fields.Count} fields → {kind.Mapping.Dataset}, OCSF class {kind.Mapping.OcsfClass}"
                )
            ),
        ];

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
        {
            return;
        }

        text.AppendLine().AppendLine($"{title}:");
        foreach (var line in all)
        {
            text.Append("  - ").AppendLine(line);
        }
    }
}
