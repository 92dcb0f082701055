namespace LogAudit.OpenApi;

/// <summary>How a list call is read page by page, and where its rows stand. A rows path that the answer does not have is an error, never an empty list.</summary>
/// <param name="RowsPath">JSONPath of the rows: <c>LoadBalancers.LoadBalancer</c>, <c>Accounts.Account</c>, <c>TrailList</c>.</param>
public abstract record Paging(string RowsPath)
{
    /// <summary>One page that holds everything (ActionTrail DescribeTrails).</summary>
    public static Paging Single(string rowsPath) => new SinglePage(rowsPath);

    /// <summary><c>PageNumber</c> from 1 and <c>PageSize</c>; ends with a short page or when <paramref name="totalPath"/> is reached.</summary>
    public static Paging ByPageNumber(
        string rowsPath,
        int pageSize = 50,
        string totalPath = "TotalCount",
        string numberName = "PageNumber",
        string sizeName = "PageSize"
    ) => new Numbered(rowsPath, pageSize, totalPath, numberName, sizeName);

    /// <summary><c>NextToken</c> and <c>MaxResults</c>; ends when the answer has no token.</summary>
    public static Paging ByToken(
        string rowsPath,
        int maxResults = 100,
        string tokenName = "NextToken",
        string maxName = "MaxResults"
    ) => new Tokened(rowsPath, maxResults, tokenName, tokenName, maxName, TruncatedPath: null);

    /// <summary><c>Marker</c> and <c>MaxItems</c>; goes on while <c>IsTruncated</c> is true (RAM).</summary>
    public static Paging ByMarker(
        string rowsPath,
        int maxItems = 100,
        string markerName = "Marker",
        string maxName = "MaxItems",
        string truncatedPath = "IsTruncated"
    ) => new Tokened(rowsPath, maxItems, markerName, markerName, maxName, truncatedPath);

    internal sealed record SinglePage(string RowsPath) : Paging(RowsPath);

    internal sealed record Numbered(string RowsPath, int PageSize, string TotalPath, string NumberName, string SizeName)
        : Paging(RowsPath);

    internal sealed record Tokened(
        string RowsPath,
        int Most,
        string TokenName,
        string TokenPath,
        string MaxName,
        string? TruncatedPath
    ) : Paging(RowsPath);
}
