using System.Collections.Frozen;
using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Reads calls of a data file, what they take and how their answers are read.</summary>
internal static class CallSection
{
    private static readonly Dictionary<string, ApiProduct> Apis = ApiProducts.All.ToDictionary(
        api => api.Code,
        StringComparer.Ordinal
    );

    private static readonly Dictionary<string, string> Methods = new[] { "GET", "PUT", "POST", "DELETE" }.ToDictionary(
        method => method,
        StringComparer.Ordinal
    );

    /// <summary>Reads <c>Product:Action</c>.</summary>
    public static (ApiProduct Api, string Action) Name(DataNode node, string key)
    {
        var parts = node.Text(key).Split(':');
        return parts.Length == 2 && Apis.TryGetValue(parts[0], out var api)
            ? (api, parts[1])
            : throw node.Wrong(
                key,
                $"'{node.Text(key)}' is not Product:Action with a product of {string.Join(", ", Apis.Keys)}"
            );
    }

    /// <summary>Reads <c>call</c>, <c>with</c>, <c>form</c>, <c>method</c> and <c>regionAs</c>, and of a ROA call <c>path</c> and <c>body</c>.</summary>
    public static CallShape Call(DataNode node)
    {
        var (api, action) = Name(node, "call");
        var isRoa = api.Style == ApiStyle.Roa;
        return isRoa == node.Has("path")
            ? new CallShape(api, action)
            {
                With = node.Map("with"),
                Form = node.Map("form"),
                RegionAs = node.Has("regionAs")
                    ? node.One("regionAs", one => new RegionWords(one.Text("parameter"), one.Map("is")))
                    : null,
                Path = isRoa ? node.Text("path") : "",
                Method =
                    node.Has("method") ? node.Word("method", Methods)
                    : isRoa ? "GET"
                    : "POST",
                Body = isRoa ? node.Map("body") : FrozenDictionary<string, string>.Empty,
            }
            : throw node.Wrong("path", $"stands here exactly when the API is ROA, and {api.Code} is {api.Style}");
    }

    /// <summary>Reads names and how the value of each is read: a path whose value must be there, or <c>at</c> with words.</summary>
    public static IReadOnlyDictionary<string, Reading> Readings(DataNode node, string key) =>
        node.One(
            key,
            map =>
                map.Keys()
                    .ToDictionary(
                        name => name,
                        name => map.IsText(name) ? new Reading(map.Text(name)) : map.One(name, Reading),
                        StringComparer.Ordinal
                    )
        );

    /// <summary>Reads a filter by id.</summary>
    public static IdFilter ById(DataNode node) =>
        new(node.Text("parameter"), node.Number("most", 1), node.Flag("list", otherwise: false))
        {
            OrAll = node.Flag("orAll", otherwise: false),
        };

    private static Reading Reading(DataNode node) =>
        new(node.Text("at"))
        {
            Where = node.Map("where"),
            Words = node.Map("is"),
            Otherwise = node.Has("otherwise") ? node.Text("otherwise") : null,
            Keeps = node.Flag("kept", otherwise: false),
            None = node.TextsOrNone("none"),
            NoneEnding = node.Text("noneEnding", ""),
            Missing =
                node.Has("missing") ? node.Text("missing")
                : node.Flag("optional", otherwise: false) ? ""
                : null,
        };
}
