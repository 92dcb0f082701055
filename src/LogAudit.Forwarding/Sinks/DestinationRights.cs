namespace LogAudit.Forwarding;

/// <summary>What the destinations of the settings need of the function's role besides reading logs.</summary>
public static class DestinationRights
{
    /// <summary>The rights, each limited to what is named; none where nothing is.</summary>
    public static IReadOnlyList<RamAction> Of(Settings settings) =>
        [
            .. settings
                .Destinations.SelectMany(SecretReferences.KmsNames)
                .Distinct(StringComparer.Ordinal)
                .Select(name => new RamAction(
                    "kms:GetSecretValue",
                    "Kms:GetSecretValue",
                    $"acs:kms:{settings.Central.Region}:{{account}}:secret/{name}",
                    Writes: false,
                    Assumed: false
                )),
        ];
}
