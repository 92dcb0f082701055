using System.Globalization;
using System.Text;
using LogAudit.LocalCloud.Kernel;
using Newtonsoft.Json.Linq;

namespace LogAudit.LocalCloud.Products;

/// <summary>The two ways in which RPC products page.</summary>
internal static class Pages
{
    /// <summary>The page that <c>PageNumber</c> and <c>PageSize</c> ask for.</summary>
    public static Page<T> ByNumber<T>(ApiCall call, IReadOnlyList<T> rows, int defaultSize, int largestSize)
    {
        var number = call.Integer("PageNumber", 1, 1, 1_000_000);
        var size = call.Integer("PageSize", defaultSize, 1, largestSize);
        return new([.. rows.Skip((number - 1) * size).Take(size)], number, size, rows.Count, "");
    }

    /// <summary>The page that <c>NextToken</c> and <c>MaxResults</c> ask for. The token is empty on the last page.</summary>
    public static Page<T> ByToken<T>(ApiCall call, IReadOnlyList<T> rows, int defaultSize, int largestSize)
    {
        var from = From(call.Optional("NextToken"));
        var size = call.Integer("MaxResults", defaultSize, 1, largestSize);
        var next = from + size < rows.Count ? Token(from + size) : "";
        return new([.. rows.Skip(from).Take(size)], 1, size, rows.Count, next);
    }

    /// <summary>A token that says where the next page begins.</summary>
    public static string Token(int position) =>
        Convert.ToBase64String(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"from:{position}"))
        );

    /// <summary>Where a token points; the beginning without one.</summary>
    public static int From(string? token)
    {
        if (token is null)
        {
            return 0;
        }
        Span<byte> bytes = stackalloc byte[64];
        return
            token.Length <= 64
            && Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]) is ['f', 'r', 'o', 'm', ':', .. var digits]
            && int.TryParse(digits, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw new CloudError(400, "InvalidParameter", "The specified parameter NextToken is not valid.");
    }
}

/// <summary>One page of rows.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Rows, int Number, int Size, int Total, string NextToken)
{
    /// <summary>The rows as JSON.</summary>
    public JArray Json(Func<T, JToken> row) => new(Rows.Select(row));
}
