using System.Collections.Frozen;
using LogAudit.OpenApi;
using Newtonsoft.Json.Linq;

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

    /// <summary>Settings that its calls read and switch without more ado.</summary>
    public required IReadOnlyList<SwitchShape> Switches { get; init; }

    /// <summary>Objects that bring its log to a place; null where it has none.</summary>
    public DeliveryShape? Delivery { get; init; }

    /// <summary>What properties of a resource say against its log; the first that holds counts.</summary>
    public required IReadOnlyList<Obstacle> Obstacles { get; init; }

    /// <summary>Closed lists of words that only the handler understands, for example <c>excludedFamilies</c>.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Words { get; init; }
}

/// <summary>A list call of a product and how its rows become resources.</summary>
/// <param name="Call">The call; holes are the properties of the owner.</param>
/// <param name="Paging">How it pages and where the rows stand.</param>
internal sealed record ListCall(CallShape Call, Paging Paging)
{
    /// <summary>How a row becomes a <see cref="ResourceRef"/>; null when its rows are not resources.</summary>
    public RowShape? Row { get; init; }

    /// <summary>The only regions that answer it; empty where all of the product do.</summary>
    public IReadOnlyList<string> At { get; init; } = [];

    /// <summary>What must have been bought before there is anything to list; null for nothing.</summary>
    public Owner? Owner { get; init; }

    /// <summary>Calls that tell properties of all its resources, in order; made once, and only where there is a resource.</summary>
    public IReadOnlyList<Ask> Asks { get; init; } = [];

    /// <summary>Properties that all its resources have, with holes for those told before.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The API.</summary>
    public ApiProduct Product => Call.Product;

    /// <summary>The action.</summary>
    public string Action => Call.Action;

    /// <summary>The call for one account and region.</summary>
    public ApiCall In(AccountId account, RegionId region) => Call.In(account, region);
}

/// <summary>Where the parts of a resource stand in a row of its list call.</summary>
/// <param name="Id">Path of the id; <see cref="RowIsId"/> where a row is nothing but the id.</param>
/// <param name="Name">Path of the display name; the id where it is empty.</param>
/// <param name="Properties">Property of the policy language → path.</param>
internal sealed record RowShape(string Id, string Name, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>The path that says that a row is a text, the id, and not an object.</summary>
    public const string RowIsId = "itself";

    /// <summary>The rows path that says that the answer itself is the one row, and none where it has no id.</summary>
    public const string Answer = "$";

    /// <summary>Path of the tags in the row, and their two members; null when the call does not return them.</summary>
    public TagShape? Tags { get; init; }

    /// <summary>Path of the id where that at <see cref="Id"/> is empty; empty for none.</summary>
    public string OrId { get; init; } = "";

    /// <summary>The id in a row; empty where it has none.</summary>
    public string IdOf(JToken row) =>
        row.TextOf(Id) is { Length: > 0 } id ? id
        : OrId.Length > 0 ? row.TextOf(OrId)
        : "";

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
internal sealed record IdFilter(string Parameter, int Most, bool AsList)
{
    /// <summary>Whether the list is read whole when it is asked for more ids than a call takes; else it is asked in several calls.</summary>
    public bool OrAll { get; init; }

    /// <summary>The calls that ask for some ids.</summary>
    public IEnumerable<ApiCall> Narrowed(ApiCall call, IEnumerable<string> ids)
    {
        var wanted = ids.Distinct(StringComparer.Ordinal).ToArray();
        return OrAll && wanted.Length > Most
            ? [call]
            : wanted
                .Chunk(Most)
                .Select(some =>
                    call with
                    {
                        Parameters = AsList
                            ? call.Parameters.WithList(Parameter, some)
                            : call.Parameters.With(Parameter, string.Join(',', some)),
                    }
                );
    }
}

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
/// <param name="NotBought">The account has not bought the product; a code, or a part of the message where the code is not documented.</param>
internal sealed record ErrorTable(
    IReadOnlyList<string> AlreadyOn,
    IReadOnlyList<string> AlreadyOnTexts,
    IReadOnlyList<string> NotReady,
    IReadOnlyList<string> NotSupported,
    IReadOnlyList<string> Gone,
    IReadOnlyList<string> Later,
    IReadOnlyList<string> NotBought
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

    /// <summary>Whether the account has not bought the product.</summary>
    public bool IsNotBought(OpenApiException failure) =>
        NotBought.Any(words =>
            words.Same(failure.Code) || failure.ServiceMessage.Contains(words, StringComparison.Ordinal)
        );
}
