using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>Reads one entry of <c>lists:</c>: a list call, how it pages, and how its rows become resources.</summary>
internal static class ListSection
{
    /// <summary>Reads the entry.</summary>
    public static ListCall Read(DataNode node)
    {
        ProductFile.Sourced(node);
        var call = CallSection.Call(node);
        var region = node.Flag("takesRegion", otherwise: true)
            ? [new("RegionId", "{region}")]
            : Array.Empty<KeyValuePair<string, string>>();
        return new ListCall(
            call with
            {
                With = region.Concat(call.With).ToDictionary(StringComparer.Ordinal),
            },
            Paging(node)
        )
        {
            At = node.TextsOrNone("at"),
            Owner = node.Has("owner") ? node.One("owner", owner => new Owner(Ask(owner), owner.Text("exists"))) : null,
            Asks = node.Each("asks", Ask),
            Fixed = node.Map("fixed"),
            Row = node.Has("resource") ? node.One("resource", Row) : null,
        };
    }

    /// <summary>Reads <c>paging</c> and where the rows stand.</summary>
    public static Paging Paging(DataNode node)
    {
        var rows = node.Text("rows");
        var size = node.Number("size", 0);
        return node.Text("paging") switch
        {
            "pageNumber" => LogAudit.OpenApi.Paging.ByPageNumber(
                rows,
                size,
                node.Text("total", "TotalCount"),
                node.Text("numberParameter", "PageNumber"),
                node.Text("sizeParameter", "PageSize")
            ),
            "token" => LogAudit.OpenApi.Paging.ByToken(rows, size),
            "single" => LogAudit.OpenApi.Paging.Single(rows),
            var other => throw node.Wrong("paging", $"'{other}' is not one of pageNumber, token, single"),
        };
    }

    private static Ask Ask(DataNode node) =>
        new(CallSection.Call(node), CallSection.Readings(node, "tells"))
        {
            When = node.Map("when"),
            Unsupported = node.Map("unsupported"),
        };

    private static RowShape Row(DataNode node) =>
        new(node.Text("id"), node.Text("name", ""), node.Map("properties"))
        {
            OrId = node.Text("orId", ""),
            Values = node.Has("values")
                ? node.One("values", map => map.Keys().ToDictionary(name => name, map.Map, StringComparer.Ordinal))
                : new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal),
            Region = node.Text("region", ""),
            ById = node.Has("byId") ? node.One("byId", CallSection.ById) : null,
            Tags = node.Has("tags")
                ? node.One("tags", tags => new TagShape(tags.Text("rows"), tags.Text("key"), tags.Text("value")))
                : null,
        };
}
