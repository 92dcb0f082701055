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
            .. settings.Destinations.Where(IsOwnArchive).SelectMany(Archive),
        ];

    // With a key of another account, that account decides.
    private static bool IsOwnArchive(DestinationSettings destination) =>
        destination.Sink == "oss" && !destination.Options.ContainsKey("access-key-id");

    // Reading and listing are for what was written already and is sent again.
    private static IEnumerable<RamAction> Archive(DestinationSettings destination)
    {
        var bucket = destination.Options.GetValueOrDefault("bucket", "");
        var prefix = destination.Options.GetValueOrDefault("prefix", OssOptions.DefaultPrefix);
        yield return Right("PutObject", $"{bucket}/{prefix}/*", writes: true);
        yield return Right("GetObject", $"{bucket}/{prefix}/*", writes: false);
        yield return Right("ListObjects", bucket, writes: false);

        static RamAction Right(string call, string resource, bool writes) =>
            new($"oss:{call}", $"Oss:{call}", $"acs:oss:*:{{account}}:{resource}", writes, Assumed: false);
    }
}
