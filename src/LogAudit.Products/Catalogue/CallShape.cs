using System.Collections.Frozen;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

namespace LogAudit.Products;

/// <summary>A call as the data file writes it. Its parameters and its path may have holes.</summary>
/// <param name="Product">The API.</param>
/// <param name="Action">The action.</param>
internal sealed record CallShape(ApiProduct Product, string Action)
{
    /// <summary>Parameters of the query, in order; one that is empty when its holes are filled is left out.</summary>
    public IReadOnlyDictionary<string, string> With { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Parameters of the form body, likewise.</summary>
    public IReadOnlyDictionary<string, string> Form { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The parameter that says the region in words of its own; null where there is none.</summary>
    public RegionWords? RegionAs { get; init; }

    /// <summary>Path of a ROA call, <c>/regions/{region}/clusters</c>; empty for RPC.</summary>
    public string Path { get; init; } = "";

    /// <summary>HTTP method.</summary>
    public string Method { get; init; } = "POST";

    /// <summary>Members of the JSON body of a ROA call: <c>true</c> and <c>false</c> go as flags, everything else as texts.</summary>
    public IReadOnlyDictionary<string, string> Body { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The call in an account and region.</summary>
    /// <param name="account">Account in which it acts.</param>
    /// <param name="region">Region whose endpoint is called.</param>
    /// <param name="holes">What else fills holes; null where there are none but <c>{account}</c> and <c>{region}</c>.</param>
    public ApiCall In(AccountId account, RegionId region, Func<string, string?>? holes = null)
    {
        var call = new ApiCall
        {
            Product = Product,
            Action = Action,
            Account = account,
            Region = region,
            Parameters = RegionAs is null
                ? Filled(With)
                : Filled(With).With(RegionAs.Parameter, RegionAs.Words[region.Value]),
            Form = Filled(Form),
            Method = Method,
        };
        return Path.Length == 0
            ? call
            : call with
            {
                Path = Holes.Fill(Path, Known),
                Body =
                    Body.Count == 0 ? null : new JObject(Body.Select(one => new JProperty(one.Key, Member(one.Value)))),
            };

        string? Known(string name) =>
            name switch
            {
                "account" => account.Value,
                "region" => region.Value,
                _ => holes?.Invoke(name),
            };

        JToken Member(string text) => text is "true" or "false" ? text is "true" : Holes.Fill(text, Known);

        ApiParameters Filled(IReadOnlyDictionary<string, string> parameters) =>
            parameters
                .Select(one => (Name: one.Key, Value: Holes.Fill(one.Value, Known)))
                .Where(one => one.Value.Length > 0)
                .Aggregate(ApiParameters.None, (all, one) => all.With(one.Name, one.Value));
    }
}

/// <summary>How a parameter says the region.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Words">Region → its word.</param>
internal sealed record RegionWords(string Parameter, IReadOnlyDictionary<string, string> Words);
