using LogAudit.OpenApi;

namespace LogAudit.Products;

/// <summary>What a handler knows of its product from the data file: the spec that others see, and the calls, error codes and prerequisites that only the handler needs.</summary>
internal sealed record ProductFacts
{
    /// <summary>The part that the rest of LogAudit sees.</summary>
    public required ProductSpec Spec { get; init; }

    /// <summary>List calls by name; <c>resources</c> lists the resources themselves.</summary>
    public required IReadOnlyDictionary<string, ListCall> Lists { get; init; }

    /// <summary>Error codes of the product by meaning.</summary>
    public required ErrorTable Errors { get; init; }

    /// <summary>Closed lists of words that only the handler understands, for example <c>excludedFamilies</c>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Words { get; init; }
}

/// <summary>A list call of a product and how its rows become resources.</summary>
/// <param name="Product">The API.</param>
/// <param name="Action">The action.</param>
/// <param name="Paging">How it pages and where the rows stand.</param>
/// <param name="With">Parameters with fixed values.</param>
internal sealed record ListCall(
    ApiProduct Product,
    string Action,
    Paging Paging,
    IReadOnlyDictionary<string, string> With
)
{
    /// <summary>How a row becomes a <see cref="ResourceRef"/>; null when its rows are not resources.</summary>
    public RowShape? Row { get; init; }

    /// <summary>Whether it takes the parameter <c>RegionId</c>; otherwise the endpoint alone decides.</summary>
    public bool TakesRegion { get; init; } = true;

    /// <summary>Path of a ROA list with a hole for the region, <c>/regions/{region}/clusters</c>; empty for RPC.</summary>
    public string Path { get; init; } = "";

    /// <summary>The call for one account and region.</summary>
    public ApiCall In(AccountId account, RegionId region)
    {
        var parameters = ApiParameters.Of(("RegionId", TakesRegion ? region.Value : null));
        foreach (var (name, value) in With)
        {
            parameters = parameters.With(name, value);
        }

        var call = new ApiCall
        {
            Product = Product,
            Action = Action,
            Account = account,
            Region = region,
            Parameters = parameters,
        };
        return Path.Length == 0
            ? call
            : call with
            {
                Method = "GET",
                Path = Path.Replace("{region}", region.Value, StringComparison.Ordinal),
            };
    }
}

/// <summary>Where the parts of a resource stand in a row of its list call.</summary>
/// <param name="Id">Path of the id.</param>
/// <param name="Name">Path of the display name; the id where it is empty.</param>
/// <param name="Properties">Property of the policy language → path.</param>
internal sealed record RowShape(string Id, string Name, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>Path of the tags in the row, and their two members; null when the call does not return them.</summary>
    public TagShape? Tags { get; init; }

    /// <summary>Property → value of the API → word of the policy language, where the two differ.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Values { get; init; }

    /// <summary>The word of the policy language for a value of the API.</summary>
    public string Translated(string property, string value) =>
        Values.TryGetValue(property, out var words) ? words.GetValueOrDefault(value, value) : value;

    /// <summary>Path of the region; empty where all rows are of the region that was asked.</summary>
    public string Region { get; init; } = "";

    /// <summary>How the call is asked for some ids only; null where it cannot be, and everything is listed for them.</summary>
    public IdFilter? ById { get; init; }
}

/// <summary>Filter of a list call by id.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Most">How many ids a call takes.</param>
/// <param name="AsList">Whether they go as <c>Name.1</c>, <c>Name.2</c>; otherwise in one text, joined by commas.</param>
internal sealed record IdFilter(string Parameter, int Most, bool AsList);

/// <summary>Where tags stand in a row.</summary>
/// <param name="Rows">Path of the list.</param>
/// <param name="Key">Member with the key.</param>
/// <param name="Value">Member with the value.</param>
internal sealed record TagShape(string Rows, string Key, string Value);

/// <summary>Error codes of a product by what they mean for us. Throttling and denial are the client's to recognise.</summary>
/// <param name="AlreadyOn">The write asked for what is so already; the state is read back.</param>
/// <param name="AlreadyOnTexts">The same, told by a part of the message where the code is not documented.</param>
/// <param name="NotReady">A later try may succeed: the resource or the destination is busy or new.</param>
/// <param name="NotSupported">The resource cannot have the log.</param>
/// <param name="Gone">The resource does not exist (any more).</param>
/// <param name="Later">The service takes one change in some minutes, longer than a run waits: a later run makes this one.</param>
internal sealed record ErrorTable(
    IReadOnlyList<string> AlreadyOn,
    IReadOnlyList<string> AlreadyOnTexts,
    IReadOnlyList<string> NotReady,
    IReadOnlyList<string> NotSupported,
    IReadOnlyList<string> Gone,
    IReadOnlyList<string> Later
)
{
    /// <summary>Whether a later try may succeed.</summary>
    public bool IsNotReady(OpenApiException failure) => NotReady.Contains(failure.Code, StringComparer.Ordinal);

    /// <summary>Whether a later run may succeed, and waiting in this one is in vain.</summary>
    public bool IsForLater(OpenApiException failure) => Later.Contains(failure.Code, StringComparer.Ordinal);

    /// <summary>Whether the write asked for what is so already.</summary>
    public bool IsAlreadyOn(OpenApiException failure) =>
        AlreadyOn.Contains(failure.Code, StringComparer.Ordinal)
        || AlreadyOnTexts.Any(text => failure.ServiceMessage.Contains(text, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the resource cannot have the log.</summary>
    public bool IsNotSupported(OpenApiException failure) => NotSupported.Contains(failure.Code, StringComparer.Ordinal);

    /// <summary>Whether the resource does not exist.</summary>
    public bool IsGone(OpenApiException failure) => Gone.Contains(failure.Code, StringComparer.Ordinal);
}
