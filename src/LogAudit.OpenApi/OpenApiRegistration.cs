using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LogAudit.OpenApi;

/// <summary>Registers the control-plane clients.</summary>
public static class OpenApiRegistration
{
    /// <summary>Adds <see cref="OpenApiClient"/>, <see cref="OssClient"/>, <see cref="IAccountCredentials"/> and, where <see cref="Settings"/> are registered, <see cref="ISecretStore"/> and <see cref="IObjectStore"/>.</summary>
    /// <remarks>Composition has registered <see cref="MemberAccess"/> or <see cref="Settings"/>, an <see cref="ICredentialSource"/> for the own identity, and logging. Defaults that an earlier registration replaces: <see cref="OpenApiOptions"/>, <see cref="EndpointOverride.None"/>, <see cref="TimeProvider.System"/>, <see cref="CurrentInvocation"/> and the <see cref="HttpMessageHandler"/>.</remarks>
    public static IServiceCollection AddLogAuditOpenApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EndpointOverride.None);
        services.TryAddSingleton<CurrentInvocation>();
        services.TryAddSingleton(new OpenApiOptions());
        services.TryAddSingleton<HttpMessageHandler>(_ => CreateHandler());
        services.TryAddSingleton(given => MemberAccess.From(given.GetRequiredService<Settings>()));
        services.AddLog<AccountCredentials>().AddLog<OpenApiClient>().AddLog<OssClient>().AddLog<OssObjects>();
        services.TryAddSingleton<IAccountCredentials, AccountCredentials>();
        services.TryAddSingleton<OpenApiClient>();
        services.TryAddSingleton<OssClient>();
        services.TryAddSingleton<ISecretStore, KmsSecrets>();
        services.TryAddSingleton<IObjectStore, OssObjects>();
        return services;
    }

    /// <summary>The message handler of all clients: pooled connections, no redirects, no cookies, nothing unpacked behind our back, no tracing headers.</summary>
    public static HttpMessageHandler CreateHandler() =>
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxConnectionsPerServer = 32,
        };
}
