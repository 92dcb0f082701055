namespace LogAudit.Forwarding;

/// <summary>Services of the own cloud that destinations may use, with the function's own identity. Composition gives them; a check of settings needs none.</summary>
/// <param name="Secrets">Reads secrets of KMS.</param>
/// <param name="Objects">Keeps objects.</param>
public sealed record CloudServices(ISecretStore? Secrets, IObjectStore? Objects)
{
    /// <summary>None.</summary>
    public static CloudServices None { get; } = new(null, null);
}
