namespace LogAudit.Products;

/// <summary>Holds a resource against the prerequisites that its properties tell.</summary>
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
}
