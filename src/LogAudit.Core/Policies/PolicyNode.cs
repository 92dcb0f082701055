using System.Globalization;
using System.Text.RegularExpressions;

namespace LogAudit;

/// <summary>A condition of a policy script.</summary>
public abstract record PolicyNode
{
    /// <summary>Whether it holds for a resource.</summary>
    public abstract bool Holds(ResourceRef resource);

    /// <summary><c>"*"</c>.</summary>
    public sealed record Anything : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) => true;
    }

    /// <summary>A bare text: any property matches it.</summary>
    public sealed record AnyProperty(Wildcard Pattern) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) =>
            ResourceProperties.All(resource).Any(property => Pattern.Matches(property.Value));
    }

    /// <summary>A property that a pattern matches as a whole.</summary>
    public sealed record Like(string Property, Wildcard Pattern) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) =>
            ResourceProperties.Find(resource, Property) is { } value && Pattern.Matches(value);
    }

    /// <summary>A regular expression that matches any part. It never backtracks, so that its time grows with the text only.</summary>
    public sealed record Finds(string Property, Regex Pattern) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) =>
            ResourceProperties.Find(resource, Property) is { } value && Pattern.IsMatch(value);
    }

    /// <summary>A closed or half-open range of numbers; a value that is not a number is outside.</summary>
    public sealed record Between(string Property, decimal? Low, bool LowIn, decimal? High, bool HighIn) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) =>
            ResourceProperties.Find(resource, Property) is { } text
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Takes(value);

        /// <summary>Whether a number is inside.</summary>
        public bool Takes(decimal value) =>
            (Low is not { } low || (LowIn ? value >= low : value > low))
            && (High is not { } high || (HighIn ? value <= high : value < high));
    }

    /// <summary>Both hold.</summary>
    public sealed record And(PolicyNode Left, PolicyNode Right) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) => Left.Holds(resource) && Right.Holds(resource);
    }

    /// <summary>One holds.</summary>
    public sealed record Or(PolicyNode Left, PolicyNode Right) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) => Left.Holds(resource) || Right.Holds(resource);
    }

    /// <summary>The other does not hold.</summary>
    public sealed record Not(PolicyNode Inner) : PolicyNode
    {
        /// <inheritdoc/>
        public override bool Holds(ResourceRef resource) => !Inner.Holds(resource);
    }
}

/// <summary>The properties of a resource under the names of the policy language.</summary>
internal static class ResourceProperties
{
    public static string? Find(ResourceRef resource, string name) =>
        name switch
        {
            "account.id" => resource.Account.Value,
            "region" => resource.Region.Value,
            _ when name.StartsWith("tag.", StringComparison.Ordinal) => resource.Tags.GetValueOrDefault(name[4..]),
            _ when resource.Properties.TryGetValue(name, out var value) => value,
            "instance.id" => resource.Id,
            "instance.name" => resource.Name,
            _ => null,
        };

    public static IEnumerable<KeyValuePair<string, string>> All(ResourceRef resource) =>
        [
            new("account.id", resource.Account.Value),
            new("region", resource.Region.Value),
            new("instance.id", resource.Id),
            new("instance.name", resource.Name),
            .. resource.Properties,
            .. resource.Tags.Select(tag => new KeyValuePair<string, string>($"tag.{tag.Key}", tag.Value)),
        ];
}
