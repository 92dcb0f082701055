using System.Collections;
using LogAudit.Collection;
using LogAudit.Forwarding;
using LogAudit.Hosting;
using LogAudit.OpenApi;
using LogAudit.Products;
using LogAudit.Sls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LogAudit.Cli;

/// <summary>Who a command is, and where its requests go.</summary>
internal sealed record CallerPlace(ICredentialSource Identity, EndpointOverride Endpoint);

/// <summary>Puts the libraries together for a command: the same registrations as the functions, with the identity of the environment.</summary>
internal static class Composition
{
    /// <summary>Role that a resource directory makes in every member; it trusts the management account and is used only to bootstrap.</summary>
    public const string DirectoryAccessRole = "ResourceDirectoryAccountAccessRole";

    /// <summary>Reads and checks a settings file, destinations included.</summary>
    /// <exception cref="SettingsException">The file is missing or wrong; carries every mistake.</exception>
    public static Settings ReadSettings(FileInfo file)
    {
        var catalogue = new ProductCatalogue();
        var settings = SettingsFile.Read(
            file.FullName,
            new SettingsKnowledge(
                catalogue.Variables,
                ProductCatalogue.Codes,
                [.. SinkCatalogue.Names],
                [.. FormatCatalogue.Names]
            )
            {
                KindsOf = catalogue.KindNamesOf,
            },
            Variables()
        );
        SettingsError[] errors =
        [
            .. UserMappings.Check(settings.Mappings, catalogue.LogKindsOf),
            .. Destinations.Check(
                settings.Destinations,
                new SecretReferences(Environment.GetEnvironmentVariable),
                TimeProvider.System
            ),
        ];
        return errors.Length == 0 ? settings : throw new SettingsException(file.Name, errors);
    }

    /// <summary>The services of a command.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="terminal">Where warnings go.</param>
    /// <param name="memberRole">Role to enter members with; null for the settings' own.</param>
    /// <param name="place">Who calls and where; null for the environment's.</param>
    /// <param name="openApi">Pace of calls; null for the environment's.</param>
    /// <param name="more">Adds what only one command needs.</param>
    public static ServiceProvider Services(
        Settings settings,
        Terminal terminal,
        string? memberRole = null,
        CallerPlace? place = null,
        OpenApiOptions? openApi = null,
        Action<IServiceCollection>? more = null
    )
    {
        var catalogue = new ProductCatalogue();
        var access = MemberAccess.From(settings);
        place ??= PlaceOfEnvironment();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new TerminalLog(terminal)).SetMinimumLevel(LogLevel.Warning))
            .AddSingleton(settings)
            .AddSingleton(catalogue)
            .AddSingleton(place.Endpoint)
            .AddSingleton(place.Identity)
            .AddSingleton(openApi ?? OpenApiSettings.Read(Environment.GetEnvironmentVariable))
            .AddSingleton(memberRole is null ? access : access with { MemberRole = memberRole, ExternalId = null })
            .AddLogAuditOpenApi()
            .AddLogAuditSls(new SlsOptions())
            .AddLogAuditProducts(ProductCatalogue.Codes)
            .AddLogAuditCollection()
            .AddLogAuditForwarding(
                settings,
                "logaudit.yaml",
                catalogue.LogKinds,
                catalogue.LogKindsIn,
                new SyncOptions(),
                new SecretReferences(Environment.GetEnvironmentVariable)
            );
        more?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private static IEnumerable<KeyValuePair<string, string>> Variables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(entry => new KeyValuePair<string, string>((string)entry.Key, (string?)entry.Value ?? ""));

    private static CallerPlace PlaceOfEnvironment()
    {
        var endpoint = EndpointSetting.Read(Environment.GetEnvironmentVariable(EndpointSetting.Variable));
        return new(EnvironmentIdentity.Find(Environment.GetEnvironmentVariable, TimeProvider.System), endpoint);
    }
}

/// <summary>An identity that is known beforehand.</summary>
internal sealed class KeyPair(Credentials credentials) : ICredentialSource
{
    public ValueTask<Credentials> GetAsync(CancellationToken cancel) => ValueTask.FromResult(credentials);
}
