namespace LogAudit.Products;

/// <summary>Holds a resource against what its properties tell.</summary>
internal static class Prerequisites
{
    /// <summary>Off, with the step of the first prerequisite that the resource does not meet; null when it meets all that can be told.</summary>
    public static Observation? Unmet(this ProductSpec product, ResourceRef resource) =>
        product.Prerequisites.FirstOrDefault(one =>
            one.Needs is var (property, yes) && !yes.Same(resource.Properties.GetValueOrDefault(property))
        )
            is { } unmet
            ? new Observation.Disabled($"{resource.Id} does not meet: {unmet.Text}") { Todo = unmet.Step }
            : null;

    /// <summary>What stands in the way of a log; null for nothing. A resource that can never have it needs no prerequisite, and one that lacks a prerequisite nothing to wait for.</summary>
    public static Observation? Against(this ProductFacts facts, LogKind kind, ResourceRef resource) =>
        First(facts, kind, resource, one => one.Answer == ObstacleAnswer.Never)
        ?? facts.Spec.Unmet(resource)
        ?? First(facts, kind, resource, one => one.Answer != ObstacleAnswer.Never);

    private static Observation? First(
        ProductFacts facts,
        LogKind kind,
        ResourceRef resource,
        Func<Obstacle, bool> isAsked
    ) => facts.Obstacles.Where(isAsked).Select(one => one.Of(kind, resource)).FirstOrDefault(one => one is not null);
}
