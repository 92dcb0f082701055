using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LogAudit.Hosting;

/// <summary>What the host gives to a composition: the process's environment, the log, and the context of the invocation.</summary>
public sealed class FunctionSetup
{
    private readonly Func<string, string?> variable;
    private readonly Func<IEnumerable<KeyValuePair<string, string>>> variables;

    internal FunctionSetup(
        Func<string, string?> variable,
        Func<IEnumerable<KeyValuePair<string, string>>> variables,
        ILoggerFactory logs,
        TimeProvider time
    )
    {
        this.variable = variable;
        this.variables = variables;
        Logs = logs;
        Time = time;
    }

    /// <summary>The log.</summary>
    public ILoggerFactory Logs { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The context of the invocation at hand.</summary>
    public CurrentInvocation Invocation { get; init; } = new();

    /// <summary>Reads an environment variable; null when it is not set. For secret references of destinations.</summary>
    public string? Variable(string name) => variable(name);

    /// <summary>The own identity: credentials of the request, otherwise of the environment.</summary>
    public ICredentialSource Credentials => new InvocationCredentials(Invocation, new EnvironmentCredentials(variable));

    /// <summary>Where requests to the cloud go: <c>LOGAUDIT_ENDPOINT=http://127.0.0.1:8080</c> sends all of them to LocalCloud.</summary>
    /// <exception cref="InvalidOperationException">The variable is not an <c>http://</c> address of this machine.</exception>
    public EndpointOverride Endpoint => EndpointSetting.Read(variable(EndpointSetting.Variable));

    /// <summary>Reads the settings: <c>logaudit.yaml</c> beside the program, or the file named by <c>LOGAUDIT_SETTINGS</c>, with <c>LOGAUDIT__…</c> of the environment on top.</summary>
    /// <exception cref="SettingsException">The file is missing or wrong; carries every mistake.</exception>
    public Settings ReadSettings(SettingsKnowledge known)
    {
        var path = variable("LOGAUDIT_SETTINGS") is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "logaudit.yaml");
        return SettingsFile.Read(path, known, variables());
    }

    /// <summary>Registers what every composition needs: log, clock, invocation, own identity, endpoint, settings.</summary>
    public IServiceCollection Services(Settings settings) =>
        new ServiceCollection()
            .AddSingleton(Logs)
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton(Time)
            .AddSingleton(Invocation)
            .AddSingleton(Credentials)
            .AddSingleton(Endpoint)
            .AddSingleton(settings);
}
