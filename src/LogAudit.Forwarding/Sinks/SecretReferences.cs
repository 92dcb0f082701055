namespace LogAudit.Forwarding;

/// <summary>Resolves <c>env:NAME</c>, <c>file:PATH</c> and <c>kms:NAME</c> to secrets, so that settings name secrets and never hold them.</summary>
/// <remarks>A secret of KMS is <see cref="Unread"/> until its destination first sends: checking settings and starting call nobody.</remarks>
/// <param name="environment">Reads an environment variable; given by composition.</param>
public sealed class SecretReferences(Func<string, string?> environment)
{
    private const string Kms = "kms:";
    private IReadOnlyDictionary<string, Secret> read = new Dictionary<string, Secret>(StringComparer.Ordinal);

    /// <summary>Stands for a secret of KMS that nobody has read yet.</summary>
    public static Secret Unread { get; } = new("");

    /// <summary>Services of the own cloud.</summary>
    public CloudServices Cloud { get; private init; } = CloudServices.None;

    /// <summary>The same, with services of the own cloud.</summary>
    public SecretReferences In(CloudServices cloud) => new(environment) { Cloud = cloud, read = read };

    /// <summary>The same, knowing secrets of KMS by name.</summary>
    internal SecretReferences Knowing(IReadOnlyDictionary<string, Secret> secrets) =>
        new(environment) { Cloud = Cloud, read = secrets };

    /// <summary>Names of the secrets of KMS that a destination refers to.</summary>
    public static IReadOnlyList<string> KmsNames(DestinationSettings destination) =>
        [
            .. destination
                .Options.Values.Where(value => value.StartsWith(Kms, StringComparison.Ordinal))
                .Select(value => value[Kms.Length..])
                .Where(IsKmsName)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Resolves.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="problem">What is wrong, without the reference's text.</param>
    public bool TryResolve(
        string reference,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Secret? secret,
        out string problem
    )
    {
        secret = null;
        if (reference.StartsWith("env:", StringComparison.Ordinal))
        {
            var name = reference["env:".Length..];
            problem = $"the environment variable {name} is not set";
            secret = environment(name) is { Length: > 0 } value ? new Secret(value) : null;
        }
        else if (reference.StartsWith("file:", StringComparison.Ordinal))
        {
            var path = reference["file:".Length..];
            problem = $"the file {path} does not exist or is empty";
            secret =
                File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } value ? new Secret(value) : null;
        }
        else if (reference.StartsWith(Kms, StringComparison.Ordinal))
        {
            var name = reference[Kms.Length..];
            problem = "does not name a secret as KMS does: 1 to 64 of A-Z, a-z, 0-9 and _/+=.@-";
            secret = IsKmsName(name) ? read.GetValueOrDefault(name, Unread) : null;
        }
        else
        {
            problem = "is not a reference to a secret";
        }

        return secret is not null;
    }

    // Source: Kms 2016-01-20, CreateSecret, SecretName.
    private static bool IsKmsName(string name) =>
        name.Length is >= 1 and <= 64
        && name.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '/' or '+' or '=' or '.' or '@' or '-');
}
