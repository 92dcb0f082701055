using Newtonsoft.Json.Linq;

namespace LogAudit.Cli;

/// <summary>A product of the catalogue as JSON.</summary>
internal static class ProductJson
{
    public static JObject Of(ProductSpec product) =>
        new()
        {
            ["product"] = product.Code,
            ["title"] = product.Title,
            ["prerequisites"] = new JArray(
                product.Prerequisites.Select(one => new JObject { ["text"] = one.Text, ["step"] = one.Step })
            ),
            ["gaps"] = Texts(product.Gaps),
            ["assumed"] = Texts(product.Assumed),
            ["logs"] = new JArray(product.LogKinds.Select(kind => Of(product, kind))),
        };

    private static JObject Of(ProductSpec product, LogKind kind) =>
        new()
        {
            ["kind"] = kind.Name,
            ["about"] = kind.About,
            ["route"] = Texts(RouteWords.Of(kind)),
            ["policy"] = kind.Policy is { } codes ? $"{codes.ProductCode}/{codes.DataCode}" : null,
            ["logstore"] = kind.Logstore,
            ["metricstore"] = kind.Metricstore,
            ["topics"] = Texts(kind.Topics),
            ["regions"] = Texts(kind.Regions.Select(region => region.Value)),
            ["retentionDays"] = Days(product, kind),
            ["enabledBy"] = kind.EnabledVariable,
            ["dashboards"] = Texts(kind.Dashboards.Select(board => board.Name)),
            ["fields"] = new JArray(
                kind.Fields.Select(field => new JObject { ["name"] = field.Name, ["type"] = field.Type })
            ),
            ["dataset"] = kind.Mapping.Dataset,
            ["ocsfClass"] = kind.Mapping.OcsfClass,
            ["steps"] = Texts(kind.Steps),
            ["assumed"] = Texts(kind.Assumed),
        };

    /// <summary>Days kept centrally when neither the settings nor a compliance profile ask for more.</summary>
    public static int Days(ProductSpec product, LogKind kind) =>
        product
            .Variables.Where(variable => variable.Name == kind.TtlVariable)
            .Select(variable => int.Parse(variable.Default, System.Globalization.CultureInfo.InvariantCulture))
            .FirstOrDefault(180);

    private static JArray Texts(IEnumerable<string> texts) => new(texts);
}
