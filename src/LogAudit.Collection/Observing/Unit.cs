namespace LogAudit.Collection;

/// <summary>The smallest part of the estate that fails alone: one product in one account and region.</summary>
/// <param name="Account">The account.</param>
/// <param name="Region">The region; the central one for products without regions.</param>
/// <param name="Product">Product code.</param>
/// <param name="ResourceIds">Only these resources; null means every one.</param>
public sealed record Unit(AccountId Account, RegionId Region, string Product, IReadOnlyList<string>? ResourceIds = null)
{
    /// <summary>Known gaps that changes opened in its logs, for the report of the run.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>Place in the order of units, for going on where a run ended.</summary>
    public string Key => $"{Account}/{Product}/{Region}";

    /// <inheritdoc/>
    public override string ToString() => $"{Product} {Account}/{Region}";
}

/// <summary>What looking at one unit found.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Looks">One entry per resource and log kind in scope.</param>
/// <param name="Excluded">Resources that the policy expressions or the regions leave out.</param>
/// <param name="Problem">Why the unit could not be looked at; empty when it could.</param>
internal sealed record UnitSurvey(Unit Unit, IReadOnlyList<Look> Looks, int Excluded, string Problem = "");

/// <summary>What was found about one log kind of one resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Collect">The log kind as asked for.</param>
/// <param name="State">Switch and policy taken together.</param>
/// <param name="Fixes">Changes of the product's own switch.</param>
/// <param name="PolicyMissing">Whether a collection policy must be made or changed to reach it.</param>
internal sealed record Look(
    ResourceRef Resource,
    CollectKind Collect,
    Observation State,
    IReadOnlyList<SettingChange> Fixes,
    bool PolicyMissing
)
{
    /// <summary>Whether the product's own switch is off and no change can turn it on.</summary>
    public bool Stuck { get; init; }

    /// <summary>Where the logs go first when the product chooses the place itself; null when they go where they were asked to.</summary>
    public LogTarget? Lands { get; init; }

    /// <summary>The product's own setting of the days that it keeps the logs there; null where it has none.</summary>
    public SettingRef? KeptBy { get; init; }
}
