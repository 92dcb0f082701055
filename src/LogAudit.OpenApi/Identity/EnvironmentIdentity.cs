namespace LogAudit.OpenApi;

/// <summary>Who a process is, by its environment: the variables and the order of the official SDKs.</summary>
/// <remarks>
/// Source: <c>@alicloud/credentials</c> 2.4.7, default chain. Its files under the home directory are not read; the metadata of ECS is asked only
/// where <c>ALIBABA_CLOUD_ECS_METADATA</c> names the role, so that a process elsewhere is told at once that it has no identity.
/// </remarks>
public static class EnvironmentIdentity
{
    /// <summary>The identity.</summary>
    /// <param name="read">Reads a variable; null or empty when it is not set.</param>
    /// <param name="time">Clock.</param>
    /// <param name="network">Carries requests; null for the network.</param>
    /// <exception cref="InvalidOperationException">The environment names none; the message says which variables would.</exception>
    public static ICredentialSource Find(
        Func<string, string?> read,
        TimeProvider time,
        HttpMessageHandler? network = null
    )
    {
        if (Both("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"))
        {
            return new EnvironmentCredentials(read);
        }

        if (Both("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN") && Has("ALIBABA_CLOUD_OIDC_TOKEN_FILE"))
        {
            return Renewed(new OidcSession(read, time));
        }

        if (Has("ALIBABA_CLOUD_ECS_METADATA"))
        {
            return Renewed(new EcsRoleSession(read("ALIBABA_CLOUD_ECS_METADATA")!));
        }

        if (Has("ALIBABA_CLOUD_CREDENTIALS_URI"))
        {
            return Uri.TryCreate(read("ALIBABA_CLOUD_CREDENTIALS_URI"), UriKind.Absolute, out var address)
                ? Renewed(new UriSession(address))
                : throw new InvalidOperationException(
                    "ALIBABA_CLOUD_CREDENTIALS_URI is no address. Example: http://127.0.0.1:6666/credentials."
                );
        }

        throw new InvalidOperationException(
            "There are no credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (and ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones); "
                + "on ECS, ALIBABA_CLOUD_ECS_METADATA to the name of the instance's role; in a cluster with RRSA, ALIBABA_CLOUD_ROLE_ARN, "
                + "ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE; or ALIBABA_CLOUD_CREDENTIALS_URI."
        );

        bool Has(string name) => !string.IsNullOrEmpty(read(name));
        bool Both(string one, string other) => Has(one) && Has(other);
        RenewedCredentials Renewed(ISessionSource source) =>
            new(source, network ?? OpenApiRegistration.CreateHandler(), time);
    }
}
