using System.Collections.Frozen;

namespace LogAudit.Products;

/// <summary>A call that tells properties which all resources of a list have in common, so that it is made once for all of them.</summary>
/// <param name="Call">The call; holes are the properties told before it.</param>
/// <param name="Tells">Property → how it is read from the answer.</param>
internal sealed record Ask(CallShape Call, IReadOnlyDictionary<string, Reading> Tells)
{
    /// <summary>Properties that must have been told so; else it is not asked, and its own properties are empty.</summary>
    public IReadOnlyDictionary<string, string> When { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Properties when the service answers that it has nothing of the kind (<see cref="ErrorTable.NotSupported"/>); empty where that is a failure.</summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = FrozenDictionary<string, string>.Empty;
}

/// <summary>What must have been bought before there is anything to list.</summary>
/// <param name="Ask">The call that tells it.</param>
/// <param name="Exists">The property that is empty where nothing was bought.</param>
internal sealed record Owner(Ask Ask, string Exists);
