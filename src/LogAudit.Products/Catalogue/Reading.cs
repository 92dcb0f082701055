using System.Collections.Frozen;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>How one value is read from an answer or a row: where it stands, and our word for each word of the service.</summary>
/// <param name="At">Its path; one that ends with <c>[*]</c> reads a list, as its texts in order with commas between them.</param>
internal sealed record Reading(string At)
{
    /// <summary>Path of another value, which must be there → its word where this one counts; else this one is empty.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Word of the service → ours; empty where the service's word is taken as it is.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Ours for every other word of the service; null where another word makes the answer unreadable.</summary>
    public string? Otherwise { get; init; }

    /// <summary>Whether a word that is not listed is taken as it is.</summary>
    public bool Keeps { get; init; }

    /// <summary>Ours where the service says nothing; null where that makes the answer unreadable.</summary>
    public string? Missing { get; init; }

    /// <summary>Words of the service that say that there is none: the value is empty then.</summary>
    public IReadOnlyList<string> None { get; init; } = [];

    /// <summary>How words end, in capital or small letters, that say that there is none; empty for no such words.</summary>
    public string NoneEnding { get; init; } = "";

    /// <summary>The value.</summary>
    /// <exception cref="OpenApiException">The answer does not tell it, or in a word that is not known.</exception>
    public string Of(JToken row, CallShape call)
    {
        if (!Where.All(one => one.Value.Same(row.Need(one.Key, call.Product.Code, call.Action))))
        {
            return "";
        }

        var word = At.EndsWith("[*]", StringComparison.Ordinal)
            ? string.Join(',', row.SelectTokens(At).Select(one => one.ToString()).Order(StringComparer.Ordinal))
            : row.TextOf(At);
        return word.Length == 0 ? Missing ?? throw Wrong($"it has no {At}")
            : None.Contains(word, StringComparer.Ordinal) ? ""
            : NoneEnding.Length > 0 && word.EndsWith(NoneEnding, StringComparison.OrdinalIgnoreCase) ? ""
            : Words.TryGetValue(word, out var ours) ? ours
            : Otherwise
                ?? (
                    Keeps || Words.Count == 0
                        ? word
                        : throw Wrong($"{At} is {word}, not one of {string.Join(", ", Words.Keys)}")
                );

        OpenApiException Wrong(string problem) => Rows.Unreadable(call.Product.Code, call.Action, problem);
    }
}
