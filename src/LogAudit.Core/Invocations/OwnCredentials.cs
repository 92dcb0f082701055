namespace LogAudit;

/// <summary>The credentials that came with the current invocation; without any, those of another source (the environment).</summary>
/// <remarks>In Function Compute the copy in the environment goes stale in a long-lived instance, so the request's copy wins. Assumed: the staleness.</remarks>
public sealed class InvocationCredentials(CurrentInvocation current, ICredentialSource otherwise) : ICredentialSource
{
    /// <inheritdoc/>
    public ValueTask<Credentials> GetAsync(CancellationToken cancel) =>
        current.Value.Credentials is { } own ? ValueTask.FromResult(own) : otherwise.GetAsync(cancel);
}

/// <summary>Credentials from <c>ALIBABA_CLOUD_ACCESS_KEY_ID</c>, <c>ALIBABA_CLOUD_ACCESS_KEY_SECRET</c> and, for a temporary key, <c>ALIBABA_CLOUD_SECURITY_TOKEN</c>.</summary>
/// <param name="read">Reads an environment variable; null or empty when it is not set. Given by composition.</param>
/// <remarks>Source of the names: the official credential providers. Read on every call, so that a changed environment is seen.</remarks>
public sealed class EnvironmentCredentials(Func<string, string?> read) : ICredentialSource
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The key or its secret is not set.</exception>
    public ValueTask<Credentials> GetAsync(CancellationToken cancel)
    {
        var id = read("ALIBABA_CLOUD_ACCESS_KEY_ID");
        var secret = read("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        var token = read("ALIBABA_CLOUD_SECURITY_TOKEN");
        return string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret)
            ? throw new InvalidOperationException(
                "No credentials: neither the invocation nor the environment carries any. Give the function a role, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET."
            )
            : ValueTask.FromResult(
                new Credentials(
                    id,
                    new Secret(secret),
                    string.IsNullOrEmpty(token) ? null : new Secret(token),
                    Expires: null
                )
            );
    }
}
