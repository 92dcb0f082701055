namespace LogAudit.Forwarding;

/// <summary>Resolves <c>env:NAME</c> and <c>file:PATH</c> to secrets, so that settings name secrets and never hold them.</summary>
/// <param name="environment">Reads an environment variable; given by composition.</param>
public sealed class SecretReferences(Func<string, string?> environment)
{
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
        else
        {
            problem = "is not a reference to a secret";
        }

        return secret is not null;
    }
}
