using System.Text.RegularExpressions;

namespace LogAudit.Products;

/// <summary>Texts of a data file with holes for what is known only when they are used: <c>{id}</c>, <c>{region}</c>, a property of the resource, a member of the state.</summary>
internal static partial class Holes
{
    /// <summary>The text with every hole filled.</summary>
    /// <exception cref="InvalidOperationException">Nothing fills one of them: the data file is wrong.</exception>
    public static string Fill(string text, Func<string, string?> with) =>
        Hole()
            .Replace(
                text,
                hole =>
                    with(hole.Groups["name"].Value)
                    ?? throw new InvalidOperationException($"Nothing fills {hole.Value} of '{text}' in the data file.")
            );

    /// <summary>What a resource fills: <c>id</c>, <c>account</c>, <c>region</c>, <c>log</c> and <c>topic</c> of a log kind, and its properties.</summary>
    public static Func<string, string?> Of(ResourceRef resource, LogKind? kind = null) =>
        name =>
            name switch
            {
                "id" => resource.Id,
                "account" => resource.Account.Value,
                "region" => resource.Region.Value,
                "log" => kind?.Name,
                "topic" => kind?.Topics[0],
                _ => resource.Properties.GetValueOrDefault(name),
            };

    // A brace that opens JSON is followed by a quotation mark and is no hole.
    [GeneratedRegex(
        @"\{(?<name>[A-Za-z][A-Za-z0-9._]*)\}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Hole();
}
